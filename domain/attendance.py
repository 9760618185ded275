"""The organisers' desk: who was there, and who wasn't (product.md, section 4)."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from domain import fields
from domain.event_life import EventNotInThatState
from domain.events import Event, EventStatus
from domain.ids import CitizenId
from domain.participations import CHECK_IN_OPENS_BEFORE, Participation, ParticipationStatus
from domain.refusals import Refusal, RefusalCode

DESK_CLOSES_AFTER = timedelta(days=30)
MOST_AT_ONCE = 100
"""Participations that one call may settle."""

SEATED = (ParticipationStatus.REGISTERED, ParticipationStatus.ATTENDED)


class DeskNotOpenYet(Refusal):
    """Attendance is established from half an hour before the start."""

    code = RefusalCode.TOO_EARLY


class DeskIsClosed(Refusal):
    """Attendance is established until 30 days after the end."""

    code = RefusalCode.TOO_LATE


class UnknownParticipant(Refusal):
    """Nobody of that id has registered for the event."""

    code = RefusalCode.NOT_FOUND


class RegistrationWithdrawn(Refusal):
    """They have cancelled: it isn't for others to say that they came."""

    code = RefusalCode.NOT_ALLOWED


class OrganizersAttendance(Refusal):
    """Nobody confirms themselves, nor those they organise with."""

    code = RefusalCode.NOT_ALLOWED


class BothHereAndAway(Refusal):
    """The same person is said to have been there and not."""

    code = RefusalCode.CONFLICT


class NoSeatLeft(Refusal):
    """Everybody with a seat fills the event: whoever didn't come is marked absent first."""

    code = RefusalCode.CONFLICT


def check_desk_open(event: Event, *, now: datetime) -> None:
    """Let organisers establish attendance from half an hour before the start until 30 days after the end."""
    if event.status not in (EventStatus.PUBLISHED, EventStatus.COMPLETED):
        raise EventNotInThatState("event", status=event.status.value)
    if now < event.details.starts_at - CHECK_IN_OPENS_BEFORE:
        raise DeskNotOpenYet("event")
    if now > event.details.ends_at + DESK_CLOSES_AFTER:
        raise DeskIsClosed("event")


def check_settled(
    *,
    attended: Sequence[Participation | None],
    absent: Sequence[Participation | None],
    organizing: Collection[CitizenId],
    taken: int,
    capacity: int | None,
) -> Iterator[Refusal]:
    """What is wrong with who is said to have been there, and not; each at its place in the input.

    Args:
        attended: Who was there, in the order of the input; None where nobody was found.
        absent: Who wasn't, likewise.
        organizing: Whoever of them organises the event.
        taken: Seats that are taken now.
        capacity: Seats that there are; None for no limit.
    """
    if len(attended) + len(absent) > MOST_AT_ONCE:
        yield fields.TooMany("attended", maximum=MOST_AT_ONCE)
        return
    here = {each.id for each in attended if each is not None}
    for name, people in (("attended", attended), ("absent", absent)):
        for number, person in enumerate(people):
            path = (name, str(number))
            if person is None:
                yield UnknownParticipant(*path)
            elif person.withdrawn_at is not None:
                yield RegistrationWithdrawn(*path)
            elif name == "attended" and person.citizen_id in organizing:
                yield OrganizersAttendance(*path)
            elif name == "absent" and person.id in here:
                yield BothHereAndAway(*path)
    yield from _without_seat(attended, absent, taken=taken, capacity=capacity)


def _without_seat(
    attended: Sequence[Participation | None],
    absent: Sequence[Participation | None],
    *,
    taken: int,
    capacity: int | None,
) -> Iterator[Refusal]:
    """Those who were there without a seat get one that is free, or that somebody absent leaves: first come first."""
    if capacity is None:
        return
    freed = {each.id for each in absent if each is not None and each.status in SEATED}
    free = capacity - taken + len(freed)
    counted = set()
    for number, person in enumerate(attended):
        if person is None or person.status in SEATED or person.id in counted:
            continue
        counted.add(person.id)
        if len(counted) > free:
            yield NoSeatLeft("attended", str(number), maximum=capacity)
