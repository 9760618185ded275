"""What citizens see of local actors: who found them, and what they are invited to."""

from asyncio import gather
from collections.abc import Awaitable, Callable, Iterable
from datetime import date, datetime

import strawberry

from domain import local_actors as domain
from domain.paging import Page
from resolvers import events as resolve_events
from resolvers import organizations as resolve_organizations
from schema.events import Event
from schema.info import Info
from schema.limits.declared import costs
from schema.organizations import Organization
from schema.paging import Listed, PageInfo, seal

FOUND_BY = "found-by"


@strawberry.type(description="An organisation that found you, and when.")
class FoundByEdge:
    cursor: str = strawberry.field(description="The place of this finding, for `after` and `before`.")
    node: Organization = strawberry.field(description="The organisation.")
    on: date = strawberry.field(description="The day in Paris.")


@strawberry.type(description="A page of organisations that found you.")
class FoundByConnection:
    edges: list[FoundByEdge] = strawberry.field(description="The findings of this page, the last first.")
    page_info: PageInfo = strawberry.field(description="Where this page lies in its list.")
    total: strawberry.Private[Callable[[], Awaitable[int]]]

    @strawberry.field(
        description="How many findings there are within a year. Counted only when it is asked for.", directives=costs(5)
    )
    async def total_count(self) -> int:
        return await self.total()


@strawberry.type(description="An invitation to an event, by an organisation that found you.")
class EventInvitation:
    event: Event = strawberry.field(description="What you are invited to.")
    organization: Organization = strawberry.field(description="Who invites you.")
    invited_at: datetime = strawberry.field(description="When they did.")


async def found_by_connection(
    info: Info, page: Page[domain.Found], total: Callable[[], Awaitable[int]]
) -> FoundByConnection:
    """A page of findings with their organisations."""
    listed, found = Listed(page, FOUND_BY, total), page.items
    finders = await resolve_organizations.many(info.context, [each.item.organization_id for each in found])
    shown = [
        FoundByEdge(cursor=seal(FOUND_BY, each.place), node=Organization.of(finder), on=each.item.on)
        for each, finder in zip(found, finders, strict=True)
        if finder is not None
    ]
    return FoundByConnection(edges=shown, page_info=PageInfo.of(listed), total=total)


async def invitations(info: Info, records: Iterable[domain.EventInvitation]) -> list[EventInvitation]:
    """Invitations, without those whose event is not to be seen any more."""
    found = await gather(*(_invitation(info, each) for each in records))
    return [each for each in found if each is not None]


async def _invitation(info: Info, record: domain.EventInvitation) -> EventInvitation | None:
    event = await resolve_events.event(info.context, record.event_id)
    organization = await resolve_organizations.organization(info.context, record.organization_id)
    if event is None or organization is None:
        return None
    return EventInvitation(
        event=Event.of(event), organization=Organization.of(organization), invited_at=record.invited_at
    )
