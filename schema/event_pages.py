"""Pages of events, with how far each is from the point that was asked for."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated, NamedTuple, TypeAlias, TypeVar, cast

import strawberry

from domain.events import Event as EventRecord
from domain.filters import EventFilter
from domain.geography import Near, distance_km
from domain.paging import Page
from engine import itself, reads_through, takes
from schema.limits.declared import costs
from schema.paging import Edged, Listed, MakesEdge, PageInfo, connections

if TYPE_CHECKING:
    from schema.events import Event

K = TypeVar("K")
Total: TypeAlias = Callable[[K, EventFilter], Awaitable[int]]


class Found(Edged):
    """An event of a page, and its cursor where that is shown."""

    __slots__ = ()
    distance_km = None


class FoundNear(NamedTuple):
    """The same, with the point that it was looked for around."""

    node: EventRecord
    cursor: str | None
    near: Near

    @property
    def distance_km(self) -> float | None:
        venue = self.node.details.venue
        if venue is None or venue.latitude is None or venue.longitude is None:
            return None
        return distance_km(self.near, venue.latitude, venue.longitude)


_found = cast("MakesEdge", partial(tuple.__new__, Found))
_found_near = cast("MakesEdge", partial(tuple.__new__, FoundNear))


@reads_through(Found, FoundNear, cursor=takes("place")("cursor"), distance_km=takes("details.venue")("distance_km"))
@strawberry.type(description="An event of a page, and its place.")
class EventEdge:
    cursor: str = strawberry.field(description="The place of this event, for `after` and `before`.")
    node: Annotated["Event", strawberry.lazy("schema.events")] = strawberry.field(description="The event.")
    distance_km: float | None = strawberry.field(
        description="Kilometres from the point of the filter's `near`, as the crow flies; null without one."
    )


@reads_through(Listed, page_info=itself)
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
    async def total_count(listed: strawberry.Parent[Listed[EventRecord]]) -> int:
        return await listed.total()


def event_connection(
    page: Page[EventRecord], where: EventFilter, *, order: str, total: Callable[[], Awaitable[int]]
) -> EventConnection:
    """A page of events as a connection; `order` names the list, as for any `connection`."""
    [made] = event_connections([None], [page], where, order=order, total=lambda _, __: total())
    return made


def event_connections(
    owners: Sequence[K], pages: Sequence[Page[EventRecord]], where: EventFilter, *, order: str, total: Total[K]
) -> list[EventConnection]:
    """The same of each of many owners; `total` counts the list of one, with the filter."""
    found = connections(
        owners,
        pages,
        EventRecord,
        order=order,
        total=lambda of: total(of, where),
        edge=_found if where.near is None else _found_near,
        besides=() if where.near is None else [where.near],
    )
    return cast("list[EventConnection]", found)
