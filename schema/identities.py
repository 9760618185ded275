"""Outside identities: signing in with what one has elsewhere."""

from typing import Annotated

import strawberry

from resolvers import identities as resolve
from schema.access import CITIZENS
from schema.info import Info
from schema.viewer import ViewerPayload, viewer_after


@strawberry.input(description="An identity to link.")
class LinkIdentityInput:
    token: str = strawberry.field(description="A token of the outside issuer that the service takes tokens of.")
    password: str = strawberry.field(description="The password, since an identity is a way into the account.")


@strawberry.input(description="An identity to unlink.")
class UnlinkIdentityInput:
    issuer: str = strawberry.field(description="Whose it is: one of `viewer { identities { issuer } }`.")


@strawberry.type
class IdentityMutation:
    @strawberry.mutation(
        directives=CITIZENS,
        description="Let tokens of an outside issuer stand for oneself: the identity that this one vouches for is "
        "linked to the account. One for each issuer. Called again, it changes nothing.",
    )
    async def link_identity(
        self, info: Info, input: Annotated[LinkIdentityInput, strawberry.argument(description="Token and password.")]
    ) -> ViewerPayload | None:
        linking = resolve.link_identity(info.context, token=input.token, password=input.password)
        return await viewer_after(info, linking)

    @strawberry.mutation(
        directives=CITIZENS, description="Let an identity stand for oneself no more: its tokens stop working at once."
    )
    async def unlink_identity(
        self, info: Info, input: Annotated[UnlinkIdentityInput, strawberry.argument(description="The issuer.")]
    ) -> ViewerPayload | None:
        return await viewer_after(info, resolve.unlink_identity(info.context, input.issuer))
