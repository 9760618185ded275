"""Events in lists: found by a filter, in an order; all of them, or those of an owner."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final, NamedTuple, TypeVar, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.columns import Timestamp
from db.paging import KEY, Order, Ownership, counts, pages
from db.queries.event_filter import BY_ORGANIZER, BY_TERRITORY, BY_THEME, WORDS, matches
from db.queries.event_places import distance
from db.queries.events import EventRow, read_event, shown_events
from db.queries.grouping import by_question
from db.queries.word_search import Rows, page_found, total_found
from db.questions import Listing, Select, listing
from db.reading import Reader
from db.tables import event
from domain.events import Event
from domain.filters import EventFilter, EventOrder
from domain.ids import EventId
from domain.paging import Page, Window
from domain.permissions import Caller

K = TypeVar("K", bound=UUID | str)
ORDERS = {
    EventOrder.STARTS_AT_ASC: Order((event.c.starts_at, event.c.id)),
    EventOrder.STARTS_AT_DESC: Order((event.c.starts_at, event.c.id), descending=True),
    EventOrder.UPDATED_AT_ASC: Order((event.c.updated_at, event.c.id)),
    EventOrder.POINTS_DESC: Order((event.c.worth, event.c.id), descending=True),
}
RANK: sa.ColumnClause[float] = sa.column("rank", sa.Double)
BY_RANK = Order((RANK, sa.column("id", KEY)), descending=True)
CANDIDATES = 2_000
"""How many events are held against each other by relevance: those that start last."""
FIELDS = tuple(field.name for field in fields(EventFilter))


class EventsOf(NamedTuple):
    """A question: how many events an owner has, narrowed down."""

    owner: UUID | str
    filter: EventFilter


LATEST: Final = EventOrder.STARTS_AT_DESC
"""How the events of an owner are ordered."""


async def listed(
    session: AsyncSession, asker: Caller, where: EventFilter, *, order: EventOrder, window: Window
) -> Page[Event]:
    """One page of the events that a filter lets through."""

    def rows(among: Sequence[UUID] | None) -> sa.Select[Any]:
        return shown_events(asker).where(*matches(where, asker, among=among))

    if order is EventOrder.RELEVANCE and where.words is not None:
        ranked = _ranked(rows, where.words)
        return await page_found(session, WORDS, where.words, ranked, order=BY_RANK, window=window, read=read_event)
    by = ordered(where, order)
    return await page_found(session, WORDS, where.words, rows, order=by, window=window, read=read_event)


async def total(session: AsyncSession, asker: Caller, where: EventFilter) -> int:
    def rows(among: Sequence[UUID] | None) -> sa.Select[Any]:
        return shown_events(asker).where(*matches(where, asker, among=among))

    return await total_found(session, WORDS, where.words, rows)


def _ranked(rows: Rows, search: str) -> Rows:
    """Those that start last, with how well they fit: to rank a third of all events would take longer than one waits."""
    latest = ORDERS[EventOrder.STARTS_AT_DESC].by(reverse=False)

    def ranked(among: Sequence[UUID] | None) -> sa.Select[Any]:
        found = rows(among).add_columns(WORDS.relevance(search).label(RANK.name)).order_by(*latest).limit(CANDIDATES)
        return sa.select(sa.text("*")).select_from(found.subquery("found"))

    return ranked


def ordered(where: EventFilter, order: EventOrder) -> Order:
    """An order of events; by distance from the point that the filter looks around, which must be there."""
    if order is EventOrder.DISTANCE_ASC and where.near is not None:
        return Order((distance(where.near), event.c.id))
    return ORDERS[order]


async def among(
    session: AsyncSession, asker: Caller, ids: Sequence[EventId], where: EventFilter
) -> Mapping[EventId, Event]:
    """Those of some events that a filter lets through."""
    rows = await session.execute(shown_events(asker).where(event.c.id.in_(ids), *matches(where, asker)))
    return {row.id: read_event(row) for row in rows}


async def of_owners(
    session: AsyncSession,
    asker: Caller,
    owners: Sequence[K],
    where: EventFilter,
    window: Window,
    *,
    owned: Ownership[K],
) -> Mapping[K, Page[Event]]:
    """The same page of events for each owner: of an organiser, a theme or a territory, as `owned` says."""
    rows, order = shown_events(asker).where(*matches(where, asker)), ordered(where, LATEST)
    return await pages(session, rows, owned=owned, keys=owners, order=order, window=window, read=read_event)


async def totals_of_owners(
    session: AsyncSession, asker: Caller, keys: Sequence[EventsOf], *, owned: Ownership[Any]
) -> Mapping[EventsOf, int]:
    found: dict[EventsOf, int] = {}
    for where, owners in _by_filter(keys):
        rows = shown_events(asker).where(*matches(where, asker))
        answer = await counts(session, rows, owned=owned, keys=owners)
        found |= {EventsOf(owner, where): total for owner, total in answer.items()}
    return found


OFTEN: Mapping[str, sa.types.TypeEngine[Any]] = {
    "starts_after": Timestamp,
    "starts_before": Timestamp,
    "updated_since": Timestamp,
    "minimum_engagement": sa.Integer(),
    "maximum_engagement": sa.Integer(),
    "territory": sa.Text(),
    "themes": sa.ARRAY(sa.Text()),
    "statuses": sa.ARRAY(sa.Text()),
    "formats": sa.ARRAY(sa.Text()),
}
"""What most filters consist of, and what it is in SQL: a statement is kept for each combination."""
FEW_WAYS = ("organizer_kind", "with_seats")
"""What has few values: a statement is kept for each of them."""


def _asked(where: EventFilter) -> dict[str, Any] | None:  # Any: what each field of a filter holds
    """What a filter consists of; None where some of it is seldom asked for."""
    given = {name: value for name in FIELDS if (value := getattr(where, name)) is not None}
    return given if given.keys() <= {*OFTEN, *FEW_WAYS} else None


def _shape(given: Mapping[str, Any]) -> tuple[Hashable, ...]:
    return tuple((name, given[name]) if name in FEW_WAYS else name for name in given)


def _let_through(asker: Caller, *shape: str | tuple[str, Any]) -> Select:  # Any: one of few
    fields = dict((each, sa.bindparam(each, type_=OFTEN[each])) if isinstance(each, str) else each for each in shape)
    return shown_events(asker).where(*matches(EventFilter(**cast("Any", fields)), asker))  # Any: places for values


_LISTS: Mapping[EventOrder, Listing[None, Event]] = {
    order: listing(EventRow, order=by)(_let_through) for order, by in ORDERS.items()
}


async def often_listed(
    reader: Reader, asker: Caller, where: EventFilter, *, order: EventOrder, window: Window
) -> Page[Event] | None:
    """As `listed`, where the filter and the order are among those that are asked for often; None where they aren't."""
    given = _asked(where)
    if given is None or order not in _LISTS:
        return None
    return await _LISTS[order].page(reader, asker, window, *_shape(given), values=given)


async def often_total(reader: Reader, asker: Caller, where: EventFilter) -> int | None:
    """As `total`, where the filter is among those that are asked for often; None where it isn't."""
    given = _asked(where)
    return None if given is None else await _LISTS[LATEST].total(reader, asker, *_shape(given), values=given)


_LISTS_OF: Mapping[Ownership[Any], Listing[Any, Event]] = {  # Any: ids, codes
    owned: listing(EventRow, owned=owned, order=ORDERS[LATEST])(_let_through)
    for owned in (BY_ORGANIZER, BY_TERRITORY, BY_THEME)
}


async def often_of_owners(
    reader: Reader, asker: Caller, owners: Sequence[K], where: EventFilter, window: Window, *, owned: Ownership[K]
) -> Mapping[K, Page[Event]] | None:
    """As `of_owners`, where the filter is among those that are asked for often; None where it isn't."""
    given = _asked(where)
    if given is None:
        return None
    return await _LISTS_OF[owned].pages(reader, asker, owners, window, *_shape(given), values=given)


async def often_totals_of_owners(
    reader: Reader, asker: Caller, keys: Sequence[EventsOf], *, owned: Ownership[Any]
) -> dict[EventsOf, int]:
    """As `totals_of_owners`, for those keys whose filter is among those that are asked for often."""
    found: dict[EventsOf, int] = {}
    for where, owners in _by_filter(keys):
        if (given := _asked(where)) is not None:
            answer = await _LISTS_OF[owned].totals(reader, asker, owners, *_shape(given), values=given)
            found |= {EventsOf(owner, where): total for owner, total in answer.items()}
    return found


def _by_filter(keys: Sequence[EventsOf]) -> Iterable[tuple[EventFilter, list[UUID | str]]]:
    return by_question(keys, lambda key: (key.filter, key.owner))
