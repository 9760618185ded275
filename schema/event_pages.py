"""Pages of events, with how far each is from the point that was asked for."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.events import Event as EventRecord
from domain.filters import EventFilter
from domain.geography import Near, distance_km
from domain.paging import Page
from schema.limits.declared import costs
from schema.paging import PageInfo, connection

if TYPE_CHECKING:
    from schema.events import Event


@strawberry.type(description="An event of a page, and its place.")
class EventEdge:
    cursor: str = strawberry.field(description="The place of this event, for `after` and `before`.")
    node: Annotated["Event", strawberry.lazy("schema.events")] = strawberry.field(description="The event.")
    distance_km: float | None = strawberry.field(
        description="Kilometres from the point of the filter's `near`, as the crow flies; null without one."
    )


@strawberry.type(description="A page of events.")
class EventConnection:
    edges: list[EventEdge] = strawberry.field(description="The events of this page.")
    page_info: PageInfo = strawberry.field(description="Where this page lies in its list.")
    total: strawberry.Private[Callable[[], Awaitable[int]]]

    @strawberry.field(
        description="How many events the whole list has for you. Counted only when it is asked for.",
        directives=costs(5),
    )
    async def total_count(self) -> int:
        return await self.total()


def event_connection(
    page: Page[EventRecord], where: EventFilter, *, order: str, total: Callable[[], Awaitable[int]]
) -> EventConnection:
    """A page of events as a connection; `order` names the list, as for any `connection`."""
    from schema.events import Event

    shown = connection(page, Event.of, order=order, total=total)
    edges = [
        EventEdge(cursor=edge.cursor, node=edge.node, distance_km=_distance(where.near, edge.node.record))
        for edge in shown.edges
    ]
    return EventConnection(edges=edges, page_info=shown.page_info, total=total)


def _distance(near: Near | None, event: EventRecord) -> float | None:
    venue = event.details.venue
    if near is None or venue is None or venue.latitude is None or venue.longitude is None:
        return None
    return distance_km(near, venue.latitude, venue.longitude)
