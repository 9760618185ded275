"""What organisations change of themselves: what they say, who belongs to them, which systems act for them."""

from datetime import datetime
from typing import Annotated

import strawberry

from domain.api_tokens import ApiTokenId, TokenScope
from domain.ids import CitizenId, OrganizationId
from domain.organizations import MemberRole
from domain.words import tidy
from resolvers import members as resolve
from schema.access import CITIZENS
from schema.errors import UserError, outcome
from schema.ids import Kind, key_of
from schema.info import Info
from schema.members import ApiToken
from schema.organizations import Organization, OrganizationPayload
from schema.scalars import URL, TerritoryCode


@strawberry.input(description="What to change of an organisation: what is left out stays, null clears.")
class UpdateOrganizationInput:
    id: strawberry.ID = strawberry.field(description="The organisation.")
    name: str | None = strawberry.field(
        default=strawberry.UNSET, description="What it is called. Another name costs it the mark. Can't be cleared."
    )
    description: str | None = strawberry.field(default=strawberry.UNSET, description="What it does.")
    website_url: URL | None = strawberry.field(default=strawberry.UNSET, description="Its web site.")
    logo_url: URL | None = strawberry.field(default=strawberry.UNSET, description="Its logo.")
    territory: TerritoryCode | None = strawberry.field(default=strawberry.UNSET, description="Where it is at home.")

    def changes(self) -> dict[str, object]:
        """The columns that change."""
        given: dict[str, object] = {
            "name": (self.name or "").strip() if self.name is not strawberry.UNSET else strawberry.UNSET,
            "description": tidy(self.description) if self.description is not strawberry.UNSET else strawberry.UNSET,
            "website_url": self.website_url,
            "logo_url": self.logo_url,
            "territory_code": self.territory,
        }
        return {column: value for column, value in given.items() if value is not strawberry.UNSET}


@strawberry.input(description="Whom to invite.")
class InviteMemberInput:
    organization: strawberry.ID = strawberry.field(description="The organisation; one must be an owner.")
    handle: str = strawberry.field(description="The citizen's handle.")
    role: MemberRole = strawberry.field(description="What they would be.")


@strawberry.input(description="The answer to an invitation.")
class AnswerInvitationInput:
    organization: strawberry.ID = strawberry.field(description="The organisation.")
    accept: bool = strawberry.field(description="Whether one would like to.")


@strawberry.input(description="What somebody is to be in an organisation.")
class SetMemberInput:
    organization: strawberry.ID = strawberry.field(description="The organisation; owners decide, and all may leave.")
    citizen: strawberry.ID = strawberry.field(description="Who.")
    role: MemberRole | None = strawberry.field(default=None, description="Their role; null takes them out.")


@strawberry.input(description="A token for a system of an organisation.")
class CreateApiTokenInput:
    organization: strawberry.ID = strawberry.field(description="The organisation; one must be an owner.")
    name: str = strawberry.field(description="What it is for, in 80 characters at most.")
    scopes: list[TokenScope] = strawberry.field(description="What it may do.")
    expires_at: datetime | None = strawberry.field(default=None, description="Until when it is good.")


@strawberry.input(description="The token to revoke.")
class RevokeApiTokenInput:
    id: strawberry.ID = strawberry.field(description="The token.")


@strawberry.type(description="A token that was made or revoked, or why it was not.")
class ApiTokenPayload:
    api_token: ApiToken | None = strawberry.field(description="The token; null where refused.")
    secret: str | None = strawberry.field(description="What the system sends. Shown once, when the token is made.")
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty where it was not.")


def _organization(id: str) -> OrganizationId:
    return OrganizationId(key_of(id, Kind.ORGANIZATION))


@strawberry.type
class MemberMutation:
    @strawberry.mutation(directives=CITIZENS, description="Change what is said of an organisation. Members only.")
    async def update_organization(
        self, info: Info, input: Annotated[UpdateOrganizationInput, strawberry.argument(description="The changes.")]
    ) -> OrganizationPayload | None:
        change = resolve.update_organization(info.context, _organization(input.id), input.changes())
        changed, errors = await outcome(info, change)
        return OrganizationPayload(organization=Organization.of(changed) if changed else None, errors=errors)

    @strawberry.mutation(
        directives=CITIZENS, description="Invite a citizen to an organisation. Owners only; they are told, and answer."
    )
    async def invite_member(
        self, info: Info, input: Annotated[InviteMemberInput, strawberry.argument(description="Whom, as what.")]
    ) -> OrganizationPayload | None:
        change = resolve.invite_member(
            info.context, _organization(input.organization), handle=input.handle, role=input.role
        )
        changed, errors = await outcome(info, change)
        return OrganizationPayload(organization=Organization.of(changed) if changed else None, errors=errors)

    @strawberry.mutation(directives=CITIZENS, description="Accept or decline an invitation.")
    async def answer_invitation(
        self, info: Info, input: Annotated[AnswerInvitationInput, strawberry.argument(description="The answer.")]
    ) -> OrganizationPayload | None:
        change = resolve.answer_invitation(info.context, _organization(input.organization), accept=input.accept)
        changed, errors = await outcome(info, change)
        return OrganizationPayload(organization=Organization.of(changed) if changed else None, errors=errors)

    @strawberry.mutation(
        directives=CITIZENS, description="Give a member another role, or take them out. An owner always remains."
    )
    async def set_member(
        self, info: Info, input: Annotated[SetMemberInput, strawberry.argument(description="Who, and what.")]
    ) -> OrganizationPayload | None:
        citizen = CitizenId(key_of(input.citizen, Kind.CITIZEN))
        change = resolve.set_member(info.context, _organization(input.organization), citizen, role=input.role)
        changed, errors = await outcome(info, change)
        return OrganizationPayload(organization=Organization.of(changed) if changed else None, errors=errors)

    @strawberry.mutation(
        directives=CITIZENS, description="Make a token for a system. Owners only; the secret is shown once."
    )
    async def create_api_token(
        self, info: Info, input: Annotated[CreateApiTokenInput, strawberry.argument(description="The token.")]
    ) -> ApiTokenPayload | None:
        change = resolve.create_api_token(
            info.context,
            _organization(input.organization),
            name=input.name.strip(),
            scopes=tuple(input.scopes),
            expires_at=input.expires_at,
        )
        made, errors = await outcome(info, change)
        if made is None:
            return ApiTokenPayload(api_token=None, secret=None, errors=errors)
        return ApiTokenPayload(api_token=ApiToken.of(made[0]), secret=made[1], errors=errors)

    @strawberry.mutation(directives=CITIZENS, description="Stop a token from working, at once. Owners only.")
    async def revoke_api_token(
        self, info: Info, input: Annotated[RevokeApiTokenInput, strawberry.argument(description="The token.")]
    ) -> ApiTokenPayload | None:
        change = resolve.revoke_api_token(info.context, ApiTokenId(key_of(input.id, Kind.API_TOKEN)))
        revoked, errors = await outcome(info, change)
        return ApiTokenPayload(api_token=ApiToken.of(revoked) if revoked else None, secret=None, errors=errors)
