"""Taking part: registering, waiting, and how attendance is established (product.md, section 4)."""

from abc import ABC
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.citizens import Citizen
from domain.events import Event, EventStatus
from domain.ids import CitizenId, EventId, LedgerEntryId, ParticipationId
from domain.refusals import Refusal, RefusalCode

CHECK_IN_OPENS_BEFORE = timedelta(minutes=30)
CHECK_IN_CLOSES_AFTER = timedelta(hours=2)


class ParticipationStatus(StrEnum):
    """Where a citizen stands with an event."""

    REGISTERED = "REGISTERED"
    WAITLISTED = "WAITLISTED"
    CANCELLED = "CANCELLED"
    ATTENDED = "ATTENDED"
    NO_SHOW = "NO_SHOW"


class AttendanceEvidence(StrEnum):
    """How attendance was established."""

    CHECK_IN_CODE = "CHECK_IN_CODE"
    ORGANIZER = "ORGANIZER"
    PARTNER = "PARTNER"


@dataclass(frozen=True, slots=True, kw_only=True)
class Participation(ABC):
    """One citizen and one event: there is never more than one of these for a pair.

    `event` and `citizen` are there where they were read together, and may be seen; `points_awarded` is None where it
    wasn't. `withdrawn_at` is when its citizen cancelled it; None where the event was cancelled, or ended while they
    waited. `revision` rises whenever its status changes.
    """

    id: ParticipationId
    citizen_id: CitizenId
    event_id: EventId
    status: ParticipationStatus
    registered_at: datetime
    queued_at: datetime
    attended_at: datetime | None = None
    evidence: AttendanceEvidence | None = None
    withdrawn_at: datetime | None = None
    listed: bool = True
    answered: bool = False
    revision: int = 0
    points_awarded: int | None = 0
    ledger_entry_id: LedgerEntryId | None = None
    event: Event | None = None
    citizen: Citizen | None = None


class EventNotOpen(Refusal):
    """Only a published event takes registrations."""

    code = RefusalCode.EVENT_CLOSED


class EventIsOver(Refusal):
    """It has ended."""

    code = RefusalCode.EVENT_OVER


class OwnEvent(Refusal):
    """Who proposed an event, and its organisation's members, don't take part in it."""

    code = RefusalCode.NOT_ALLOWED


class NotRegistered(Refusal):
    """Only who is registered checks in."""

    code = RefusalCode.NOT_ALLOWED


class NotTakingPart(Refusal):
    """There is no participation of theirs."""

    code = RefusalCode.NOT_FOUND


class AttendanceSettled(Refusal):
    """Whether they were there has been established."""

    code = RefusalCode.NOT_ALLOWED


class CheckInNotOpenYet(Refusal):
    """The code is looked at from half an hour before the start."""

    code = RefusalCode.TOO_EARLY


class CheckInIsOver(Refusal):
    """The code is looked at until two hours after the end."""

    code = RefusalCode.TOO_LATE


class WrongCheckInCode(Refusal):
    """Not the code that is shown on the spot."""

    code = RefusalCode.WRONG_CODE


def check_may_register(event: Event, *, organizes: bool, now: datetime) -> None:
    """Let someone register until the end of a published event that isn't their own.

    Args:
        event: What they would like to take part in.
        organizes: Whether they proposed it, or belonged to its organisation between proposal and end.
        now: The time of the call.
    """
    if event.status is not EventStatus.PUBLISHED:
        raise EventIsOver("event") if event.status is EventStatus.COMPLETED else EventNotOpen("event")
    if now >= event.details.ends_at:
        raise EventIsOver("event")
    if organizes:
        raise OwnEvent("event")


def status_on_registering(*, taken: int, capacity: int | None) -> ParticipationStatus:
    """A seat while there is one; else a place in line."""
    full = capacity is not None and taken >= capacity
    return ParticipationStatus.WAITLISTED if full else ParticipationStatus.REGISTERED


def check_may_cancel(event: Event, participation: Participation | None, *, now: datetime) -> None:
    """Let who is registered or waits give that up until the end; who has cancelled already may do so again."""
    if participation is None:
        raise NotTakingPart("event")
    if participation.status in (ParticipationStatus.ATTENDED, ParticipationStatus.NO_SHOW):
        raise AttendanceSettled("event")
    if participation.status is not ParticipationStatus.CANCELLED and now >= event.details.ends_at:
        raise EventIsOver("event")


def line_moves(event: Event, *, now: datetime) -> bool:
    """Whether a free seat goes to the first in line: until the start, as long as the event may take place."""
    off = event.status in (EventStatus.CANCELLED, EventStatus.COMPLETED)
    return not off and now < event.details.starts_at


def check_may_check_in(
    event: Event, participation: Participation | None, *, organizes: bool = False, now: datetime
) -> Participation:
    """Let who is registered check in, from half an hour before the start until two hours after the end.

    Args:
        event: Where they are.
        participation: Theirs, if any.
        organizes: Whether they proposed it, or belonged to its organisation between proposal and end.
        now: The time of the call.

    Returns:
        The participation, which is there.
    """
    if event.status not in (EventStatus.PUBLISHED, EventStatus.COMPLETED):
        raise EventNotOpen("event")
    if participation is None or participation.status is not ParticipationStatus.REGISTERED:
        raise NotRegistered("event")
    if organizes:
        raise OwnEvent("event")
    if now < event.details.starts_at - CHECK_IN_OPENS_BEFORE:
        raise CheckInNotOpenYet("event", opens=event.details.starts_at - CHECK_IN_OPENS_BEFORE)
    if now > event.details.ends_at + CHECK_IN_CLOSES_AFTER:
        raise CheckInIsOver("event")
    return participation
