"""Who takes part in what, as the asker may see it."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.models.columns import Timestamp
from db.paging import KEY, Order, Ownership, Row
from db.queries.awards import of_award
from db.queries.citizens import CitizenRow, shown_columns, sums_columns
from db.queries.events import SHOWN, EventRow
from db.queries.filters import Filters, one_of, texts
from db.queries.grouping import by_question
from db.questions import Select, listing, question
from db.reading import Reader
from db.rows import Joined, joined, read_as
from db.tables import citizen, citizen_total, event, ledger_entry, participation
from db.visibility import Condition, attendance_public, citizen_visible, event_visible, participation_visible
from domain.citizens import Citizen, Viewer
from domain.events import Event
from domain.filters import ParticipationFilter
from domain.ids import CitizenId, EventId, ParticipationId
from domain.paging import Page, Window
from domain.participations import Participation
from domain.permissions import Caller

NEWEST_ATTENDED = Order((participation.c.attended_at, participation.c.id), descending=True)
NEWEST_REGISTERED = Order((participation.c.registered_at, participation.c.id), descending=True)
OF, WHO = "of_", "who_"
"""What the columns of an event begin with that is read with a participation, and those of a citizen."""
BY_CITIZEN: Ownership[CitizenId] = Ownership(KEY, lambda citizen_id: participation.c.citizen_id == citizen_id)
BY_EVENT: Ownership[EventId] = Ownership(KEY, lambda event_id: participation.c.event_id == event_id)
FILTERS = Filters(
    theme=(sa.Text(), lambda theme: event.c.themes.contains(texts(theme))),
    statuses=(sa.ARRAY(sa.Text()), lambda statuses: one_of(participation.c.status, statuses)),
    starts_from=(Timestamp, lambda moment: event.c.starts_at >= moment),
    starts_before=(Timestamp, lambda moment: event.c.starts_at < moment),
)
"""How they are narrowed down: it needs a join with the event."""


class HistoryOf(NamedTuple):
    """A question: what a citizen has attended, narrowed down."""

    citizen_id: CitizenId
    filter: ParticipationFilter


def shown_participations(*conditions: Condition) -> sa.Select[Any]:
    """Participations with the award that stands for each."""
    return _with_award().where(*conditions)


@cache
def _with_award() -> sa.Select[Any]:
    points, award = (of_award(ledger_entry.c[name]) for name in ("points", "id"))
    return sa.select(
        *participation.c, sa.func.coalesce(points, 0).label("points_awarded"), award.label("ledger_entry_id")
    ).join(citizen, citizen.c.id == participation.c.citizen_id)


def read_participation(row: Row) -> Participation:
    return Participation(
        id=row.id,
        citizen_id=row.citizen_id,
        event_id=row.event_id,
        status=row.status,
        registered_at=row.registered_at,
        queued_at=row.queued_at,
        attended_at=row.attended_at,
        evidence=row.evidence,
        withdrawn_at=row.withdrawn_at,
        listed=row.listed,
        answered=row.answered,
        revision=row.revision,
        points_awarded=row.points_awarded,
        ledger_entry_id=row.ledger_entry_id,
    )


def _nothing(_: object) -> None:
    """What wasn't read together with a participation."""


ParticipationRow = read_as(Participation, event=_nothing, citizen=_nothing)
HistoryRow = read_as(Participation, event=Joined(Event, EventRow, OF), citizen=_nothing)
PlaceRow = read_as(Participation, event=_nothing, citizen=_nothing, points_awarded=_nothing, ledger_entry_id=_nothing)
ParticipantRow = read_as(
    Participation,
    event=_nothing,
    citizen=Joined(Citizen, CitizenRow, WHO),
    points_awarded=_nothing,
    ledger_entry_id=_nothing,
)


@question(ParticipationRow, read_participation)
def _by_id(asker: Caller) -> Select:
    ids = sa.bindparam("ids", type_=sa.ARRAY(KEY))
    return shown_participations(participation_visible(asker), participation.c.id == sa.any_(ids))


@question(ParticipationRow, read_participation)
def _of_viewer(asker: Viewer) -> Select:
    events = sa.bindparam("events", type_=sa.ARRAY(KEY))
    return shown_participations(
        participation.c.citizen_id == asker.citizen_id, participation.c.event_id == sa.any_(events)
    )


async def by_id(
    reader: Reader, asker: Viewer | None, ids: Sequence[ParticipationId]
) -> Mapping[ParticipationId, Participation]:
    return {each.id: each for each in await _by_id.ask(reader, asker, ids=ids)}


async def of_viewer(reader: Reader, asker: Viewer | None, events: Sequence[EventId]) -> Mapping[EventId, Participation]:
    """The asker's own participation in each event; nobody has any."""
    if asker is None:
        return {}
    return {each.event_id: each for each in await _of_viewer.ask(reader, asker, events=events)}


@listing(HistoryRow, owned=BY_CITIZEN, order=NEWEST_ATTENDED)
def _history(asker: Caller, *fields: str) -> Select:
    return _with_events(asker, attendance_public(), citizen_visible(asker)).where(*FILTERS.by(fields))


def _with_events(asker: Caller, *conditions: Condition) -> Select:
    """Participations with the events that the asker sees: they are seldom asked for without."""
    its = (event.c.id == participation.c.event_id) & event_visible(asker)
    return shown_participations(*conditions).add_columns(*joined(SHOWN, OF)).outerjoin(event, its)


@listing(ParticipantRow, owned=BY_EVENT, order=NEWEST_ATTENDED)
def _participants(asker: Caller) -> Select:
    """With who it is and the sums of their ledger, and without the award: that is seldom asked for."""
    who = joined((*shown_columns(), *sums_columns()), WHO)
    rows = sa.select(*participation.c, *who).join(citizen, citizen.c.id == participation.c.citizen_id)
    return rows.outerjoin(citizen_total, citizen_total.c.citizen_id == citizen.c.id).where(
        attendance_public(), citizen_visible(asker)
    )


async def history(
    reader: Reader, asker: Viewer | None, citizens: Sequence[CitizenId], where: ParticipationFilter, window: Window
) -> Mapping[CitizenId, Page[Participation]]:
    """What citizens have attended and list, newest first: the same for everybody who may see the citizen."""
    given = FILTERS.given(where)
    return await _history.pages(reader, asker, citizens, window, *given, values=given)


async def history_totals(reader: Reader, asker: Viewer | None, keys: Sequence[HistoryOf]) -> Mapping[HistoryOf, int]:
    found: dict[HistoryOf, int] = {}
    for where, owners in by_question(keys, lambda key: (key.filter, key.citizen_id)):
        given = FILTERS.given(where)
        answer = await _history.totals(reader, asker, owners, *given, values=given)
        found |= {HistoryOf(owner, where): total for owner, total in answer.items()}
    return found


async def participants(
    reader: Reader, asker: Viewer | None, events: Sequence[EventId], window: Window
) -> Mapping[EventId, Page[Participation]]:
    """Who attended, lists it, and may be seen; newest first."""
    return await _participants.pages(reader, asker, events, window)


async def event_totals(reader: Reader, asker: Viewer | None, events: Sequence[EventId]) -> Mapping[EventId, int]:
    return await _participants.totals(reader, asker, events)


@listing(HistoryRow, order=NEWEST_REGISTERED)
def _own(asker: Viewer, *fields: str) -> Select:
    rows = _with_events(asker, participation.c.citizen_id == asker.citizen_id)
    return rows.where(*FILTERS.by(fields))


async def own(
    reader: Reader, asker: Viewer | None, keys: Sequence[tuple[ParticipationFilter, Window]]
) -> Mapping[tuple[ParticipationFilter, Window], Page[Participation]]:
    """The asker's own participations in every status, the last registered first; nobody has any."""
    found: dict[tuple[ParticipationFilter, Window], Page[Participation]] = {}
    for where, window in keys if asker else ():
        given = FILTERS.given(where)
        found[where, window] = await _own.page(reader, asker, window, *given, values=given)
    return found


async def own_totals(
    reader: Reader, asker: Viewer | None, keys: Sequence[ParticipationFilter]
) -> Mapping[ParticipationFilter, int]:
    found: dict[ParticipationFilter, int] = {}
    for where in keys if asker else ():
        given = FILTERS.given(where)
        found[where] = await _own.total(reader, asker, *given, values=given)
    return found
