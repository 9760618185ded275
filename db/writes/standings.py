"""Where somebody stands with an event: all that decides on a seat, or at the door, by one statement."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa

from db.narrowing import narrowed
from db.queries.events import EventRow, read_event
from db.queries.participations import PlaceRow
from db.queries.standings import their_own
from db.questions import Select, question
from db.reading import Reader
from db.rows import Joined, joined
from db.tables import check_in_brake, citizen_total, event, participation
from db.versions import Versions, version
from db.work import Work
from db.writes.events import locked_event, seen_event
from db.writes.grounds import Grounds, Its, read_grounds, rows_of_grounds, values_of_grounds
from db.writes.ledger import locking
from domain.check_in_brake import Brake
from domain.citizens import Viewer
from domain.events import Event
from domain.ids import CitizenId, EventId
from domain.influence import Totals
from domain.participations import Participation, ParticipationStatus

PLACE = "place_"
TOTAL = "total_"
"""What the columns of the participation begin with, and those of totals."""
place = participation.alias("place")
EVENT = sa.bindparam("event_id", type_=event.c.id.type)
SEATED = (ParticipationStatus.REGISTERED, ParticipationStatus.ATTENDED)
NOTHING = frozenset[str]()
FOR_A_SEAT = frozenset({"status", "proposer_id", "organization_id", "details.ends_at", "details.capacity"})
"""What is looked at of an event where somebody would like a seat."""
AT_THE_DOOR = FOR_A_SEAT | frozenset(
    {"by_verified", *(f"details.{name}" for name in ("starts_at", "effort_minutes", "engagement", "themes"))}
)
"""And where they attend it."""
_place_of = Joined(Participation, PlaceRow, PLACE).of


@dataclass(frozen=True, slots=True)
class Seeking:
    """What decides on a seat for somebody. Right as long as the event is locked.

    Attributes:
        known: Their participation, without what it brought.
        organizes: Whether they proposed the event, or were a member of its organisation between proposal and end.
        taken: How many seats are; none is counted where there is no limit.
    """

    known: Participation | None
    organizes: bool
    taken: int


@dataclass(frozen=True, slots=True)
class AtTheDoor:
    """What decides on letting somebody in. Right under the lock of their totals.

    Attributes:
        event: Where.
        known: Their participation, without what it brought.
        organizes: Whether they proposed the event, or were a member of its organisation between proposal and end.
        brake: What their guesses have come to.
        secret: What check-in codes are made from.
        grounds: What an award for the event rests on.
        totals: The sums of their ledger; None where it was never begun.
        versions: Of the event, the totals and the participation, where there are all of them.
    """

    event: Event
    known: Participation | None
    organizes: bool
    brake: Brake
    secret: bytes
    grounds: Grounds
    totals: Totals | None
    versions: Versions


def taken() -> sa.ScalarSelect[int]:
    """How many seats of an event are."""
    its = (participation.c.event_id == EVENT) & participation.c.status.in_(SEATED)
    return sa.select(sa.func.count()).select_from(participation).where(its).scalar_subquery()


def _theirs(asker: Viewer) -> sa.ColumnElement[bool]:
    """The asker's `place`: their participation in the event."""
    return (place.c.citizen_id == asker.citizen_id) & (place.c.event_id == EVENT)


@question(EventRow, read_event)
def _ask_for_a_seat(asker: Viewer, in_turn: bool) -> Select:
    seen = locked_event(asker, shared=False) if in_turn else seen_event(asker)
    known = sa.exists().where(participation.c.citizen_id == asker.citizen_id, participation.c.event_id == EVENT)
    besides = known.label("known"), their_own(asker).label("organizes"), version(event).label("version")
    return narrowed(seen, EventRow, FOR_A_SEAT, asker).add_columns(*besides)


@question()
def _seeking(asker: Viewer) -> Select:
    seats = sa.case((event.c.capacity.is_not(None), taken()), else_=0).label("taken")
    asked = sa.select(*joined(place.c, PLACE), their_own(asker).label("organizes"), seats).select_from(event)
    return asked.outerjoin(place, _theirs(asker)).where(event.c.id == EVENT)


@question(EventRow, read_event)
def _at_the_door(asker: Viewer) -> Select:
    brake, total = check_in_brake.c, citizen_total
    rests_on = rows_of_grounds(Its(event.c.starts_at, event.c.ends_at, event.c.themes)).lateral("rests_on")
    guessed = (brake.citizen_id == asker.citizen_id) & (brake.event_id == EVENT)
    found = narrowed(seen_event(asker), EventRow, AT_THE_DOOR, asker).add_columns(
        *joined(place.c, PLACE),
        *joined(total.c, TOTAL),
        *(version(each).label(f"{each.name}_version") for each in (event, total, place)),
        their_own(asker).label("organizes"),
        brake.wrong_codes,
        brake.closed_until,
        event.c.check_in_secret,
        *rests_on.c,
    )
    found = found.select_from(event).outerjoin(place, _theirs(asker)).outerjoin(check_in_brake, guessed)
    return found.outerjoin(total, total.c.citizen_id == asker.citizen_id).outerjoin(rests_on, sa.true())


@question()
def _come_in(asker: Viewer) -> Select:
    locked = narrowed(locked_event(asker, shared=True), EventRow, NOTHING, asker).cte("locked")
    taken = locking(once=locked).cte("taken")
    return sa.select(*joined(taken.c, TOTAL)).select_from(locked.join(taken, sa.true()))


@dataclass(frozen=True, slots=True)
class Seat:
    """What somebody is told who would like a seat.

    Attributes:
        event: Where.
        version: Its version.
        facts: What decides on a seat; None where that has to be asked once it is their turn: it was found out before
            the wait, which is good enough for who comes for the first time, as far as is known, and where there are
            seats without end.
    """

    event: Event
    version: int
    facts: Seeking | None


async def ask_for_a_seat(source: Work | Reader, viewer: Viewer, event_id: EventId, *, in_turn: bool) -> Seat | None:
    """What decides on a seat in an event that the viewer may see; `in_turn`, it is kept from changing, too."""
    found = await _ask_for_a_seat.ask(source, viewer, in_turn, event_id=event_id)
    if not found:
        return None
    row = cast("Mapping[str, Any]", found[0])  # Any: what columns hold
    enough = not row["known"] and found[0].details.capacity is None
    return Seat(found[0], row["version"], Seeking(None, bool(row["organizes"]), 0) if enough else None)


async def seeking(work: Work, viewer: Viewer, event_id: EventId) -> Seeking:
    """What decides on a seat for the viewer."""
    [row] = await _seeking.ask(work, viewer, event_id=event_id)
    return Seeking(_place_of(row), bool(row["organizes"]), row["taken"])


async def come_in(
    work: Work, viewer: Viewer, event_id: EventId, concerned: Collection[CitizenId]
) -> dict[CitizenId, Totals]:
    """Keep an event that the viewer may see from changing, while others may do so too; then take totals, in order.

    Args:
        work: The unit of work.
        viewer: Who would like to be let in.
        event_id: Where.
        concerned: Whose totals are taken; none where there is no such event.
    """
    found = await _come_in.ask(work, viewer, event_id=event_id, concerned=sorted(concerned))
    return {row["total_citizen_id"]: _totals_of(row) for row in found}


def _totals_of(row: Mapping[str, Any]) -> Totals:  # Any: what columns hold
    return Totals(row["total_points"], row["total_earned_points"], row["total_entries"])


async def at_the_door(source: Work | Reader, viewer: Viewer, event_id: EventId, *, days: int) -> AtTheDoor | None:
    """What decides on letting the viewer in, and on what it brings; None where they may see no such event.

    Args:
        source: Where to ask.
        viewer: Who would like to be let in.
        event_id: Where.
        days: Within how many at most repetitions count.
    """
    values = values_of_grounds(viewer.citizen_id, event_id, days=days)
    found = await _at_the_door.ask(source, viewer, event_id=event_id, **values)
    if not found:
        return None
    rows = cast("list[Mapping[str, Any]]", found)  # Any: what columns hold
    row = rows[0]
    return AtTheDoor(
        event=found[0],
        known=_place_of(row),
        organizes=bool(row["organizes"]),
        brake=Brake() if row["wrong_codes"] is None else Brake(row["wrong_codes"], row["closed_until"]),
        secret=row["check_in_secret"],
        grounds=read_grounds(rows, found[0]),
        totals=None if row["total_citizen_id"] is None else _totals_of(row),
        versions=Versions(row["event_version"], row["citizen_total_version"], row["place_version"]),
    )
