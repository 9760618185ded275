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
from db.rows import Joined, joined
from db.tables import check_in_brake, event, participation
from db.work import Work
from db.writes.events import locked_event
from db.writes.grounds import Grounds, read_grounds, rows_of_grounds, values_of_grounds
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
EVENT = sa.bindparam("event_id", type_=event.c.id.type)
SEATED = (ParticipationStatus.REGISTERED, ParticipationStatus.ATTENDED)
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
        known: Their participation, without what it brought.
        organizes: Whether they proposed the event, or were a member of its organisation between proposal and end.
        brake: What their guesses have come to.
        secret: What check-in codes are made from.
        grounds: What an award for the event rests on.
    """

    known: Participation | None
    organizes: bool
    brake: Brake
    secret: bytes
    grounds: Grounds


def taken() -> sa.ScalarSelect[int]:
    """How many seats of an event are."""
    its = (participation.c.event_id == EVENT) & participation.c.status.in_(SEATED)
    return sa.select(sa.func.count()).select_from(participation).where(its).scalar_subquery()


def _with_place(asker: Viewer, *columns: sa.ColumnElement[Any]) -> Select:
    """The event, with the asker's participation in it where there is one. Any: what else is asked of it."""
    place = participation.alias("place")
    theirs = (place.c.citizen_id == asker.citizen_id) & (place.c.event_id == EVENT)
    found = sa.select(*joined(place.c, PLACE), their_own(asker).label("organizes"), *columns).select_from(event)
    return found.outerjoin(place, theirs).where(event.c.id == EVENT)


@question(EventRow, read_event)
def _ask_for_a_seat(asker: Viewer) -> Select:
    locked = narrowed(locked_event(asker, shared=False), EventRow, FOR_A_SEAT, asker)
    known = sa.exists().where(participation.c.citizen_id == asker.citizen_id, participation.c.event_id == EVENT)
    return locked.add_columns(known.label("known"), their_own(asker).label("organizes"))


@question()
def _seeking(asker: Viewer) -> Select:
    return _with_place(asker, sa.case((event.c.capacity.is_not(None), taken()), else_=0).label("taken"))


@question()
def _at_the_door(asker: Viewer) -> Select:
    brake = check_in_brake.c
    rests_on = rows_of_grounds().subquery("rests_on")
    found = _with_place(asker, brake.wrong_codes, brake.closed_until, event.c.check_in_secret, *rests_on.c)
    guessed = (brake.citizen_id == asker.citizen_id) & (brake.event_id == EVENT)
    return found.outerjoin(check_in_brake, guessed).outerjoin(rests_on, sa.true())


@question(EventRow, read_event)
def _come_in(asker: Viewer) -> Select:
    locked = narrowed(locked_event(asker, shared=True), EventRow, AT_THE_DOOR, asker).cte("locked")
    taken = locking(once=locked).cte("taken")
    return sa.select(locked, *joined(taken.c, TOTAL)).select_from(locked.join(taken, sa.true()))


async def ask_for_a_seat(work: Work, viewer: Viewer, event_id: EventId) -> tuple[Event, Seeking | None] | None:
    """Keep an event that the viewer may see from changing, one after the other, and what decides on a seat there.

    None where that has to be asked once it is their turn: it was found out before the wait, which is good enough for
    who comes for the first time, as far as is known, and where there are seats without end.
    """
    found = await _ask_for_a_seat.ask(work, viewer, event_id=event_id)
    if not found:
        return None
    row = cast("Mapping[str, Any]", found[0])  # Any: what columns hold
    enough = not row["known"] and found[0].details.capacity is None
    return found[0], Seeking(None, bool(row["organizes"]), 0) if enough else None


async def seeking(work: Work, viewer: Viewer, event_id: EventId) -> Seeking:
    """What decides on a seat for the viewer."""
    [row] = await _seeking.ask(work, viewer, event_id=event_id)
    return Seeking(_place_of(row), bool(row["organizes"]), row["taken"])


async def come_in(
    work: Work, viewer: Viewer, event_id: EventId, concerned: Collection[CitizenId]
) -> tuple[Event, dict[CitizenId, Totals]] | None:
    """Keep an event that the viewer may see from changing, while others may do so too; then take totals, in order.

    Args:
        work: The unit of work.
        viewer: Who would like to be let in.
        event_id: Where.
        concerned: Whose totals are taken.
    """
    found = await _come_in.ask(work, viewer, event_id=event_id, concerned=sorted(concerned))
    if not found:
        return None
    totals = {}
    for row in cast("list[Mapping[str, Any]]", found):  # Any: what columns hold
        sums = Totals(row["total_points"], row["total_earned_points"], row["total_entries"])
        totals[row["total_citizen_id"]] = sums
    return found[0], totals


async def at_the_door(work: Work, viewer: Viewer, at: Event, *, days: int) -> AtTheDoor:
    """What decides on letting the viewer in, and on what it brings, which counts repetitions within so many days."""
    values = values_of_grounds(viewer.citizen_id, at, days=days)
    rows = await _at_the_door.ask(work, viewer, event_id=at.id, **values)
    row = rows[0]
    guessed = row["wrong_codes"] is not None
    brake = Brake(row["wrong_codes"], row["closed_until"]) if guessed else Brake()
    grounds = read_grounds(rows, at)
    return AtTheDoor(_place_of(row), bool(row["organizes"]), brake, row["check_in_secret"], grounds)
