"""Organisations."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Self, cast

import strawberry

from domain import organizations as domain
from domain.filters import OrganizerKind
from domain.ids import OrganizationId
from domain.ids import TerritoryCode as Code
from domain.organizations import OrganizationKind
from engine import Each, reads, relation
from resolvers import local_actors as resolve_local_actors
from resolvers import members as resolve_members
from resolvers import organizations as resolve
from resolvers import webhooks as resolve_webhooks
from resolvers.context import Context
from schema.access import CITIZENS, PUBLIC, WITHHELD
from schema.errors import UserError, outcome
from schema.ids import GlobalId, Kind, sealed
from schema.info import Info
from schema.limits.declared import PAGED, at_most, costs
from schema.members import ApiToken, Impact, Member
from schema.nodes import found_by
from schema.organizers import Organizer
from schema.paging import After, Before, Connection, First, Last, connection, window
from schema.people_filters import OrganizationFilterInput, WhichOrganizations
from schema.scalars import URL, TerritoryCode, midnight
from schema.territories import Territory, places

if TYPE_CHECKING:
    from schema.local_actors import Watch
    from schema.webhooks import Webhook

BY_NAME = "organizations-by-name"
_KINDS = {kind: OrganizerKind(kind.value) for kind in OrganizationKind}


@reads(
    domain.Organization,
    id=sealed(Kind.ORGANIZATION),
    kind=lambda organization: _KINDS[organization.kind],
    website_url=lambda organization: organization.website_url or None,
    logo_url=lambda organization: organization.logo_url or None,
)
@strawberry.federation.type(keys=["id", "slug"], description="An organiser that is not one citizen alone.")
class Organization(Organizer):
    slug: str = strawberry.field(description="Its name in addresses; never given to another.")
    description: str | None = strawberry.field(description="What it says of itself.")
    website_url: URL | None = strawberry.field(description="Its web site.")
    logo_url: URL | None = strawberry.field(description="Its logo.")
    verified: bool = strawberry.field(
        description="Whether a moderator has verified it: what it submits is published at once."
    )

    @relation(description="Where it is at home.")
    @staticmethod
    async def territory(organizations: Sequence[domain.Organization], context: Context) -> Each[Territory | None]:
        return await places(context, [organization.territory for organization in organizations])

    @strawberry.field(description="What its events brought about: what it can put in its report.", directives=costs(20))
    @staticmethod
    async def impact(
        organization: strawberry.Parent[domain.Organization],
        info: Info,
        from_: Annotated[
            date | None, strawberry.argument(name="from", description="Of events from that day in Paris on.")
        ] = None,
        to: Annotated[
            date | None, strawberry.argument(description="Of events until that day in Paris, included.")
        ] = None,
    ) -> Impact:
        return Impact.of(
            await resolve_members.organization_impact(
                info.context,
                organization.id,
                starts_from=midnight(from_) if from_ else None,
                starts_before=midnight(to + timedelta(days=1)) if to else None,
            )
        )

    @strawberry.field(
        directives=WITHHELD + at_most(50),
        description="Who belongs to it or is invited and may be seen; for its members and moderators, else null.",
    )
    @staticmethod
    async def members(organization: strawberry.Parent[domain.Organization], info: Info) -> list[Member] | None:
        found = await resolve_members.members(info.context, organization.id)
        return None if found is None else [Member.of(each, citizen) for each, citizen in found]

    @strawberry.field(
        directives=WITHHELD + at_most(20), description="Its tokens, the newest first; for its owners, null to others."
    )
    @staticmethod
    async def api_tokens(organization: strawberry.Parent[domain.Organization], info: Info) -> list[ApiToken] | None:
        found = await resolve_members.tokens(info.context, organization.id)
        return None if found is None else [ApiToken.of(each) for each in found]

    @strawberry.field(
        directives=WITHHELD + at_most(20), description="What it watches; for its members, null to others."
    )
    @staticmethod
    async def watches(
        organization: strawberry.Parent[domain.Organization], info: Info
    ) -> list[Annotated["Watch", strawberry.lazy("schema.local_actors")]] | None:
        from schema.local_actors import Watch

        found = await resolve_local_actors.watches(info.context, organization.id)
        return None if found is None else [Watch.of(each) for each in found]

    @strawberry.field(
        directives=WITHHELD + at_most(10), description="Its webhooks, the newest first; for its owners, null to others."
    )
    @staticmethod
    async def webhooks(
        organization: strawberry.Parent[domain.Organization], info: Info
    ) -> list[Annotated["Webhook", strawberry.lazy("schema.webhooks")]] | None:
        from schema.webhooks import Webhook

        found = await resolve_webhooks.webhooks(info.context, organization.id)
        return None if found is None else [Webhook.of(each) for each in found]

    @classmethod
    def of(cls, record: domain.Organization) -> Self:
        """What is read like that is one, when the program runs."""
        return cast("Self", record)


@found_by(Kind.ORGANIZATION)
async def organization_by_id(info: Info, id: GlobalId) -> Organization | None:
    found = await resolve.organization(info.context, OrganizationId(id.uuid))
    return Organization.of(found) if found else None


@strawberry.type
class OrganizationQuery:
    @strawberry.field(directives=PUBLIC, description="An organisation by its slug; null where there is none.")
    async def organization(
        self, info: Info, slug: Annotated[str, strawberry.argument(description="Its name in addresses.")]
    ) -> Organization | None:
        found = await resolve.organization_by_slug(info.context, slug)
        return Organization.of(found) if found else None

    @strawberry.field(
        directives=PUBLIC + PAGED, description="Organisations, narrowed down, in the order of their names."
    )
    async def organizations(
        self,
        info: Info,
        filter: WhichOrganizations = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Organization]:
        asked = window(first=first, after=after, last=last, before=before, order=BY_NAME)
        where = OrganizationFilterInput.meant(filter)
        page = await resolve.organizations(info.context, where, asked)
        return connection(
            page, Organization, order=BY_NAME, total=lambda: resolve.organization_total(info.context, where)
        )


@strawberry.input(description="A new organisation.")
class CreateOrganizationInput:
    name: str = strawberry.field(description="What it is called: 2 to 120 characters.")
    kind: OrganizationKind = strawberry.field(description="What it is.")
    description: str | None = strawberry.field(default=None, description="What it does, in 5,000 characters at most.")
    website_url: URL | None = strawberry.field(default=None, description="Its web site.")
    territory: TerritoryCode | None = strawberry.field(default=None, description="Where it is at home.")


@strawberry.type(description="An organisation that was changed, or why it was not.")
class OrganizationPayload:
    organization: Organization | None = strawberry.field(description="The organisation; null where refused.")
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty where it was not.")


@strawberry.type
class OrganizationMutation:
    @strawberry.mutation(
        directives=CITIZENS, description="Make an organisation; you are its first owner. A moderator verifies it."
    )
    async def create_organization(
        self,
        info: Info,
        input: Annotated[CreateOrganizationInput, strawberry.argument(description="The organisation.")],
    ) -> OrganizationPayload | None:
        details = domain.OrganizationDetails(
            name=input.name.strip(),
            kind=input.kind,
            description=input.description,
            website_url=input.website_url,
            territory=Code(input.territory) if input.territory else None,
        )
        made, errors = await outcome(info, resolve.create_organization(info.context, details))
        return OrganizationPayload(organization=Organization.of(made) if made else None, errors=errors)
