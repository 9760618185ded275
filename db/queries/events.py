"""Events as the asker may see them."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeVar, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.columns import Timestamp
from db.narrowing import Shown, besides
from db.paging import KEY, Order, Ownership, Row, counts, pages
from db.queries.event_filter import BY_ORGANIZER, BY_TERRITORY, BY_THEME, WORDS, matches
from db.queries.event_places import distance
from db.queries.grouping import by_question
from db.queries.ratings import beside_event
from db.queries.word_search import Rows, page_found, total_found
from db.questions import Listing, Select, Source, listing, question
from db.reading import Reader
from db.rows import Aside, Composed, read_as
from db.tables import event, participation
from db.visibility import event_visible
from domain.events import Event, EventCounts, EventDetails, Outcome, Venue
from domain.filters import EventFilter, EventOrder
from domain.ids import EventId, OrganizationId
from domain.paging import Page, Window
from domain.participations import ParticipationStatus
from domain.permissions import Caller
from domain.words import ThemeCode

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
_THEMES = {theme.value: theme for theme in ThemeCode}
VENUE = ("venue_city", "venue_name", "venue_address", "venue_postal_code", "latitude", "longitude")
OUTCOME = ("outcome_summary", "outcome_decisions", "outcome_document_url", "outcome_published_at")
"""The columns that venues and outcomes are made of."""
FIELDS = tuple(field.name for field in fields(EventFilter))
SECRETS = ("words", "check_in_secret")
"""Columns that no query of events answers: one is for an index, one for the organisers' desk alone."""

SHOWN = tuple(column for column in event.c if column.name not in SECRETS)


class EventsOf(NamedTuple):
    """A question: how many events an owner has, narrowed down."""

    owner: UUID | str
    filter: EventFilter


LATEST: Final = EventOrder.STARTS_AT_DESC
"""How the events of an owner are ordered."""


def shown_events(asker: Caller) -> sa.Select[Any]:
    """Every event the asker may see."""
    return sa.select(*SHOWN).where(event_visible(asker))


def read_event(row: Row) -> Event:
    return Event(
        id=row.id,
        slug=row.slug,
        details=_details(row),
        status=row.status,
        proposer_id=row.proposer_id,
        organization_id=row.organization_id,
        by_verified=row.by_verified,
        updated_at=row.updated_at,
        published_at=row.published_at,
        rejection_reason=row.rejection_reason,
        cancellation_reason=row.cancellation_reason,
        external_id=row.external_id,
        annulled_at=row.annulled_at,
        outcome=_outcome(*_columns(row, OUTCOME)),
        revision=row.revision,
    )


def _columns(row: Row, names: Sequence[str]) -> list[Any]:  # Any: what they hold
    return [row._mapping[name] for name in names]


def _outcome(
    summary: str | None, decisions: Sequence[str], document_url: str | None, published_at: datetime | None
) -> Outcome | None:
    if summary is None or published_at is None:
        return None
    return Outcome(summary=summary, decisions=tuple(decisions), document_url=document_url, published_at=published_at)


def _details(row: Row) -> EventDetails:
    return EventDetails(
        title=row.title,
        description=row.description,
        how_to_take_part=row.how_to_take_part,
        format=row.format,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        time_zone=row.time_zone,
        effort_minutes=row.effort_minutes,
        venue=_venue(*_columns(row, VENUE)),
        territory=row.territory_code,
        website_url=row.website_url,
        image_url=row.image_url,
        themes=tuple(ThemeCode(theme) for theme in row.themes),
        engagement=row.engagement,
        capacity=row.capacity,
        sought_talents=tuple(row.sought_talents),
    )


def _venue(city: str | None, *others: Any) -> Venue | None:  # Any: what the other columns hold
    if city is None:
        return None
    name, address, postal_code, latitude, longitude = others
    return Venue(city=city, name=name, address=address, postal_code=postal_code, latitude=latitude, longitude=longitude)


def read_themes(kept: Iterable[str]) -> tuple[ThemeCode, ...]:
    """Themes by their codes."""
    return tuple(map(_THEMES.__getitem__, kept))


EventRow = read_as(
    Event,
    EventDetails,
    kept_worth="worth",
    themes=Composed(read_themes, "themes"),
    territory="territory_code",
    venue=Composed(_venue, *VENUE),
    sought_talents=Composed(tuple, "sought_talents"),
    outcome=Composed(_outcome, *OUTCOME),
    feedback=Aside(beside_event),
)


@question(EventRow, read_event)
def _by_id(asker: Caller) -> Select:
    return shown_events(asker).where(event.c.id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(KEY))))


@question(EventRow, read_event)
def _by_slug(asker: Caller) -> Select:
    return shown_events(asker).where(event.c.slug == sa.any_(sa.bindparam("slugs", type_=sa.ARRAY(sa.Text()))))


async def by_id(source: Source, asker: Caller, ids: Sequence[EventId], shown: Shown = None) -> Mapping[EventId, Event]:
    return {each.id: each for each in await _by_id.ask(source, asker, shown=besides(shown, "id"), ids=ids)}


async def by_slug(source: Source, asker: Caller, slugs: Sequence[str], shown: Shown = None) -> Mapping[str, Event]:
    return {each.slug: each for each in await _by_slug.ask(source, asker, shown=besides(shown, "slug"), slugs=slugs)}


async def by_external_id(
    session: AsyncSession, asker: Caller, organization: OrganizationId, ids: Sequence[str]
) -> Mapping[str, Event]:
    """Events of an organisation by the ids that a partner knows them by."""
    theirs = (event.c.organization_id == organization) & event.c.external_id.in_(ids)
    rows = await session.execute(shown_events(asker).where(theirs))
    return {row.external_id: read_event(row) for row in rows}


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
    """The same, where the filter and the order are among those that are asked for often; None where they aren't."""
    given = _asked(where)
    if given is None or order not in _LISTS:
        return None
    return await _LISTS[order].page(reader, asker, window, *_shape(given), values=given)


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
    for where, owners in by_question(keys, lambda key: (key.filter, key.owner)):
        rows = shown_events(asker).where(*matches(where, asker))
        answer = await counts(session, rows, owned=owned, keys=owners)
        found |= {EventsOf(owner, where): total for owner, total in answer.items()}
    return found


@question()
def _counts(_: Caller) -> Select:
    status = participation.c.status

    def how_many(which: ParticipationStatus) -> sa.ColumnElement[int]:
        return sa.func.count().filter(status == which).label(which.value)

    counted = sa.select(
        participation.c.event_id,
        how_many(ParticipationStatus.REGISTERED),
        how_many(ParticipationStatus.ATTENDED),
        how_many(ParticipationStatus.WAITLISTED),
    )
    ids = sa.bindparam("ids", type_=sa.ARRAY(KEY))
    return counted.where(participation.c.event_id == sa.any_(ids)).group_by(participation.c.event_id)


async def participant_counts(source: Source, ids: Sequence[EventId]) -> Mapping[EventId, EventCounts]:
    """True counts, whoever is hidden."""
    return {
        each["event_id"]: EventCounts(each["REGISTERED"], each["ATTENDED"], each["WAITLISTED"])
        for each in await _counts.ask(source, None, ids=ids)
    }


async def check_in_secrets(session: AsyncSession, ids: Sequence[EventId]) -> Mapping[EventId, bytes]:
    """What check-in codes are made from. Ask the domain first who may know."""
    rows = await session.execute(sa.select(event.c.id, event.c.check_in_secret).where(event.c.id.in_(ids)))
    return {row.id: row.check_in_secret for row in rows}
