"""What people change about their accounts: addresses, passwords, sessions, the charter."""

from typing import Annotated

import strawberry

from domain.ids import SessionId
from resolvers import credentials, emails, erasure
from schema.access import CITIZENS, PUBLIC
from schema.accounts import SessionPayload
from schema.errors import UserError, outcome
from schema.ids import Kind, key_of
from schema.info import Info
from schema.limits.declared import costs
from schema.scalars import EmailAddress
from schema.viewer import ViewerPayload, viewer_after


@strawberry.input(description="What a mailed link holds.")
class VerifyEmailInput:
    token: str = strawberry.field(description="Good once, for 24 hours, until a newer one is mailed.")


@strawberry.input(description="Whose password was forgotten.")
class RequestPasswordResetInput:
    email: EmailAddress = strawberry.field(description="The address that one signs in with.")


@strawberry.type(description="That a link was mailed, if there is an account to mail one to: which isn't told.")
class RequestPasswordResetPayload:
    errors: list[UserError] = strawberry.field(description="Always empty, whether or not the address is known.")


@strawberry.input(description="Another password, by a mailed link.")
class ResetPasswordInput:
    token: str = strawberry.field(description="What the link holds. Good once, for an hour.")
    password: str = strawberry.field(description="The new password: 12 characters at least.")


@strawberry.input(description="Another password, by the one there is.")
class ChangePasswordInput:
    current: str = strawberry.field(description="The password until now.")
    password: str = strawberry.field(description="The new one: 12 characters at least.")


@strawberry.input(description="Another address.")
class ChangeEmailInput:
    password: str = strawberry.field(description="The password, since an address is a way into the account.")
    email: EmailAddress = strawberry.field(description="The new address, which gets a link for `verifyEmail`.")


@strawberry.input(description="A session to end.")
class RevokeSessionInput:
    id: strawberry.ID = strawberry.field(description="One of `viewer { sessions }`.")


@strawberry.input(description="The charter that one accepts.")
class AcceptCharterInput:
    version: str = strawberry.field(description="The version that was read: `charter { version }`.")


@strawberry.input(description="That one leaves for good.")
class DeleteAccountInput:
    password: str = strawberry.field(description="The password: this can't be undone.")


@strawberry.type(description="Whether the account is gone, or why it isn't.")
class DeleteAccountPayload:
    deleted: bool = strawberry.field(description="Whether it is gone.")
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty where it was not.")


@strawberry.type
class AccountChangeMutation:
    @strawberry.mutation(
        directives=PUBLIC,
        description="Show that an address is one's own, by the link mailed to it: the account's address, or the one it "
        "is to change to, which takes effect now. One need not be signed in; `viewer` is whoever is.",
    )
    async def verify_email(
        self, info: Info, input: Annotated[VerifyEmailInput, strawberry.argument(description="The link.")]
    ) -> ViewerPayload | None:
        return await viewer_after(info, emails.verify_email(info.context, input.token))

    @strawberry.mutation(
        directives=CITIZENS, description="Mail another link to an address that isn't verified yet. Older ones end."
    )
    async def resend_email_verification(self, info: Info) -> ViewerPayload | None:
        return await viewer_after(info, emails.resend_email_verification(info.context))

    @strawberry.mutation(
        directives=PUBLIC,
        description="Mail a link to choose another password. The answer and its time are the same whether or not the "
        "address is known; one that isn't verified is mailed the link to verify it instead.",
    )
    async def request_password_reset(
        self, info: Info, input: Annotated[RequestPasswordResetInput, strawberry.argument(description="The address.")]
    ) -> RequestPasswordResetPayload | None:
        _, errors = await outcome(info, credentials.request_password_reset(info.context, input.email))
        return RequestPasswordResetPayload(errors=errors)

    @strawberry.mutation(
        directives=PUBLIC + costs(500),
        description="Choose another password by a mailed link, and sign in. All other sessions end.",
    )
    async def reset_password(
        self, info: Info, input: Annotated[ResetPasswordInput, strawberry.argument(description="Link and password.")]
    ) -> SessionPayload | None:
        reset = credentials.reset_password(info.context, token=input.token, password=input.password)
        return SessionPayload.of(*await outcome(info, reset))

    @strawberry.mutation(
        directives=CITIZENS + costs(500),
        description="Choose another password, knowing the one there is. All other sessions end.",
    )
    async def change_password(
        self, info: Info, input: Annotated[ChangePasswordInput, strawberry.argument(description="Both passwords.")]
    ) -> ViewerPayload | None:
        change = credentials.change_password(info.context, current=input.current, password=input.password)
        return await viewer_after(info, change)

    @strawberry.mutation(
        directives=CITIZENS + costs(500),
        description="Ask for another address. It takes effect by `verifyEmail`, with the link mailed to it; only "
        "then is it told whether another account has it.",
    )
    async def change_email(
        self, info: Info, input: Annotated[ChangeEmailInput, strawberry.argument(description="The new address.")]
    ) -> ViewerPayload | None:
        change = emails.change_email(info.context, password=input.password, email=input.email)
        return await viewer_after(info, change)

    @strawberry.mutation(directives=CITIZENS, description="End one of one's sessions: its tokens stop working at once.")
    async def revoke_session(
        self, info: Info, input: Annotated[RevokeSessionInput, strawberry.argument(description="The session.")]
    ) -> ViewerPayload | None:
        session = SessionId(key_of(input.id, Kind.SESSION))
        return await viewer_after(info, credentials.revoke_session(info.context, session))

    @strawberry.mutation(directives=CITIZENS, description="Accept the charter in force, again where it has changed.")
    async def accept_charter(
        self, info: Info, input: Annotated[AcceptCharterInput, strawberry.argument(description="Its version.")]
    ) -> ViewerPayload | None:
        return await viewer_after(info, credentials.accept_charter(info.context, input.version))

    @strawberry.mutation(
        directives=CITIZENS + costs(500),
        description="Leave for good. Everything personal goes, and every session ends at once; what one takes part in "
        "or holds alone is cancelled, where it lies ahead. Points and attendances count on, without saying whose.",
    )
    async def delete_account(
        self, info: Info, input: Annotated[DeleteAccountInput, strawberry.argument(description="The password.")]
    ) -> DeleteAccountPayload | None:
        _, errors = await outcome(info, erasure.delete_account(info.context, password=input.password))
        return DeleteAccountPayload(deleted=not errors, errors=errors)
