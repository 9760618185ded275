"""Organisations from within: members, invitations, tokens and what they brought about."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from domain import api_tokens, membership
from domain import impact as impacts
from domain.api_tokens import ApiTokenId, TokenScope
from domain.citizens import Citizen as CitizenRecord
from domain.ids import OrganizationId
from domain.organizations import MemberRole
from resolvers import members as resolve
from resolvers import organizations as resolve_organizations
from schema.access import CITIZENS
from schema.enums import described
from schema.ids import GlobalId, Kind, seal
from schema.info import Info
from schema.nodes import Node, found_by

if TYPE_CHECKING:
    from schema.citizens import Citizen
    from schema.organizations import Organization

described(
    MemberRole,
    description="What a member may do.",
    OWNER="Decides on members and tokens, and acts for the organisation.",
    MANAGER="Acts for the organisation: proposes events, runs their desk.",
)
described(
    TokenScope,
    description="What a token may do for its organisation.",
    EVENTS_WRITE="Import events.",
    ATTENDANCE_WRITE="See who registered, and confirm attendance.",
    FEEDBACK_READ="Read feedback.",
    WATCH_READ="See who is becoming active; verified organisations only.",
)


@strawberry.type(description="Somebody who belongs to an organisation, or is invited to.")
class Member:
    role: MemberRole = strawberry.field(description="What they may do.")
    accepted: bool = strawberry.field(description="Whether they have accepted; an invitation until then.")
    record: strawberry.Private[CitizenRecord]

    @strawberry.field(description="Who it is.")
    def citizen(self) -> Annotated["Citizen", strawberry.lazy("schema.citizens")]:
        from schema.citizens import Citizen

        return Citizen.of(self.record)

    @classmethod
    def of(cls, record: membership.Membership, citizen: CitizenRecord) -> Self:
        return cls(role=record.role, accepted=record.current, record=citizen)


@strawberry.type(description="Where one belongs, or is invited to.")
class Membership:
    role: MemberRole = strawberry.field(description="What one may do there.")
    accepted: bool = strawberry.field(description="Whether one has accepted; an invitation until then.")
    key: strawberry.Private[OrganizationId]

    @strawberry.field(description="The organisation.")
    async def organization(self, info: Info) -> Annotated["Organization", strawberry.lazy("schema.organizations")]:
        from schema.organizations import Organization

        found = await resolve_organizations.organization(info.context, self.key)
        if found is None:
            raise LookupError("a membership of no organisation")
        return Organization.of(found)

    @classmethod
    def of(cls, record: membership.Membership) -> Self:
        return cls(role=record.role, accepted=record.current, key=record.organization_id)


@strawberry.type(
    directives=CITIZENS, description="A token for a system of an organisation. Its secret was shown when it was made."
)
class ApiToken(Node):
    name: str = strawberry.field(description="What it is for.")
    scopes: list[TokenScope] = strawberry.field(description="What it may do.")
    created_at: datetime = strawberry.field(description="When it was made.")
    last_used_at: datetime | None = strawberry.field(description="When it was last used; null where it never was.")
    expires_at: datetime | None = strawberry.field(description="Until when it is good; null for no end.")
    revoked_at: datetime | None = strawberry.field(description="When it was revoked; null where it was not.")

    @classmethod
    def of(cls, record: api_tokens.ApiToken) -> Self:
        return cls(
            id=seal(Kind.API_TOKEN, record.id),
            name=record.name,
            scopes=list(record.scopes),
            created_at=record.created_at,
            last_used_at=record.last_used_at,
            expires_at=record.expires_at,
            revoked_at=record.revoked_at,
        )


@strawberry.type(description="What an organisation can put in its report, from events that took place.")
class Impact:
    events: int = strawberry.field(description="Events that took place.")
    participants: int = strawberry.field(description="People who attended, each counted once.")
    newcomers: int | None = strawberry.field(description="Those who had attended nothing before; null under five.")
    hours: float = strawberry.field(description="Hours given by all of them.")
    points_awarded: int = strawberry.field(description="Points that it brought them.")
    average_rating: float | None = strawberry.field(description="Of their feedback, 1 to 5; null under three answers.")

    @classmethod
    def of(cls, record: impacts.Impact) -> Self:
        return cls(
            events=record.events,
            participants=record.participants,
            newcomers=record.newcomers,
            hours=record.hours,
            points_awarded=record.points_awarded,
            average_rating=record.average_rating,
        )


@found_by(Kind.API_TOKEN)
async def api_token_by_id(info: Info, id: GlobalId) -> ApiToken | None:
    found = await resolve.api_token(info.context, ApiTokenId(id.uuid))
    return ApiToken.of(found) if found else None
