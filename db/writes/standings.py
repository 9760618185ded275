"""Where somebody stands with an event: all that decides on a seat, or at the door, by one statement."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from db.queries.participations import ParticipationRow, shown_participations
from db.queries.standings import their_own
from db.questions import Select, question
from db.rows import Joined, joined
from db.tables import check_in_brake, event, participation
from db.work import Work
from domain.check_in_brake import Brake
from domain.citizens import Viewer
from domain.ids import EventId
from domain.participations import Participation, ParticipationStatus

PLACE = "place_"
"""What the columns of the participation begin with."""
EVENT = sa.bindparam("event_id", type_=event.c.id.type)
SEATED = (ParticipationStatus.REGISTERED, ParticipationStatus.ATTENDED)
_place_of = Joined(Participation, ParticipationRow, PLACE).of


@dataclass(frozen=True, slots=True)
class Seeking:
    """What decides on a seat for somebody. Right as long as the event is locked.

    Attributes:
        known: Their participation.
        organizes: Whether they proposed the event, or were a member of its organisation between proposal and end.
        taken: How many seats are.
    """

    known: Participation | None
    organizes: bool
    taken: int


@dataclass(frozen=True, slots=True)
class AtTheDoor:
    """What decides on letting somebody in. Right under the lock of their totals.

    Attributes:
        known: Their participation.
        organizes: Whether they proposed the event, or were a member of its organisation between proposal and end.
        brake: What their guesses have come to.
        secret: What check-in codes are made from.
    """

    known: Participation | None
    organizes: bool
    brake: Brake
    secret: bytes


def taken() -> sa.ScalarSelect[int]:
    """How many seats of an event are."""
    its = (participation.c.event_id == EVENT) & participation.c.status.in_(SEATED)
    return sa.select(sa.func.count()).select_from(participation).where(its).scalar_subquery()


def _with_place(asker: Viewer, *columns: sa.ColumnElement[Any]) -> Select:
    """The event, with the asker's participation in it where there is one. Any: what else is asked of it."""
    theirs = (participation.c.citizen_id == asker.citizen_id, participation.c.event_id == EVENT)
    place = shown_participations(*theirs).subquery("place")
    own = their_own(asker).label("organizes")
    found = sa.select(*joined(place.c, PLACE), own, *columns).select_from(event)
    return found.outerjoin(place, sa.true()).where(event.c.id == EVENT)


@question()
def _seeking(asker: Viewer) -> Select:
    return _with_place(asker, taken().label("taken"))


@question()
def _at_the_door(asker: Viewer) -> Select:
    brake = check_in_brake.c
    found = _with_place(asker, brake.wrong_codes, brake.closed_until, event.c.check_in_secret)
    return found.outerjoin(check_in_brake, (brake.citizen_id == asker.citizen_id) & (brake.event_id == EVENT))


async def seeking(work: Work, viewer: Viewer, event_id: EventId) -> Seeking:
    """What decides on a seat for the viewer."""
    [row] = await _seeking.ask(work, viewer, event_id=event_id)
    return Seeking(_place_of(row), bool(row["organizes"]), row["taken"])


async def at_the_door(work: Work, viewer: Viewer, event_id: EventId) -> AtTheDoor:
    """What decides on letting the viewer in."""
    [row] = await _at_the_door.ask(work, viewer, event_id=event_id)
    guessed = row["wrong_codes"] is not None
    brake = Brake(row["wrong_codes"], row["closed_until"]) if guessed else Brake()
    return AtTheDoor(_place_of(row), bool(row["organizes"]), brake, row["check_in_secret"])
