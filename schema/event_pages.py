"""Pages of events, with how far each is from the point that was asked for."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from itertools import repeat
from typing import TYPE_CHECKING, Annotated, NamedTuple, TypeAlias, TypeVar, cast

import strawberry

from domain.events import Event as EventRecord
from domain.filters import EventFilter
from domain.geography import Near, distance_km
from domain.paging import Page, Placed
from engine import reads_through, takes
from schema.limits.declared import costs
from schema.paging import Listed, PageInfo, nodes, seal

if TYPE_CHECKING:
    from schema.events import Event

K = TypeVar("K")
Total: TypeAlias = Callable[[K, EventFilter], Awaitable[int]]


class Found(NamedTuple):
    """An event of a page, where it stands, and the point that it was looked for around."""

    node: EventRecord
    placed: Placed[EventRecord]
    order: str
    near: Near | None

    @takes("place")
    def cursor(self) -> str:
        return seal(self.order, self.placed.place)

    @takes("details.venue")
    def distance_km(self) -> float | None:
        venue = self.node.details.venue if self.near is not None else None
        if self.near is None or venue is None or venue.latitude is None or venue.longitude is None:
            return None
        return distance_km(self.near, venue.latitude, venue.longitude)


class FoundEvents(NamedTuple):
    """A page of events, and the point that they were looked for around."""

    listed: Listed[EventRecord]
    near: Near | None

    def edges(self) -> list[Found]:
        items, order = self.listed.page.items, self.listed.order
        return list(map(_found, zip(nodes(items), items, repeat(order), repeat(self.near), strict=False)))


_found = cast("Callable[[tuple[object, ...]], Found]", partial(tuple.__new__, Found))


@reads_through(Found, cursor=Found.cursor, distance_km=Found.distance_km)
@strawberry.type(description="An event of a page, and its place.")
class EventEdge:
    cursor: str = strawberry.field(description="The place of this event, for `after` and `before`.")
    node: Annotated["Event", strawberry.lazy("schema.events")] = strawberry.field(description="The event.")
    distance_km: float | None = strawberry.field(
        description="Kilometres from the point of the filter's `near`, as the crow flies; null without one."
    )


@reads_through(FoundEvents, edges=FoundEvents.edges, page_info="listed")
@strawberry.type(description="A page of events.")
class EventConnection:
    edges: list[EventEdge] = strawberry.field(description="The events of this page.")
    page_info: PageInfo = strawberry.field(description="Where this page lies in its list.")

    @strawberry.field(
        description="How many events the whole list has for you. Counted only when it is asked for.",
        directives=costs(5),
    )
    @staticmethod
    @takes()
    async def total_count(found: strawberry.Parent[FoundEvents]) -> int:
        return await found.listed.total()


def event_connection(
    page: Page[EventRecord], where: EventFilter, *, order: str, total: Callable[[], Awaitable[int]]
) -> EventConnection:
    """A page of events as a connection; `order` names the list, as for any `connection`."""
    listed = Listed(page, order, total)
    return cast("EventConnection", FoundEvents(listed, where.near))


def event_connections(
    owners: Sequence[K], pages: Sequence[Page[EventRecord]], where: EventFilter, *, order: str, total: Total[K]
) -> list[EventConnection]:
    """The same of each of many owners; `total` counts the list of one, with the filter."""
    return [
        event_connection(page, where, order=order, total=partial(total, of, where))
        for of, page in zip(owners, pages, strict=True)
    ]
