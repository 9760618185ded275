"""A citizen's own calendar: what they registered for, and how sure that is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.events import Event, EventStatus
from domain.participations import Participation, ParticipationStatus

LOOKING_BACK = timedelta(days=90)
"""How long an event stays in the calendar after its start."""
MOST = 500
"""How many events it holds: those that were registered for last."""


class Certainty(StrEnum):
    """How sure it is that a citizen takes part in an event, as calendars say it."""

    CONFIRMED = "CONFIRMED"
    TENTATIVE = "TENTATIVE"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class CalendarFeed:
    """That there is a calendar, and since when its address is the one it is. The address itself is kept nowhere."""

    renewed_at: datetime


def certainty(event: Event, participation: Participation, *, now: datetime) -> Certainty | None:
    """What the calendar says of an event; None where it says nothing.

    What was given up stays as cancelled until it would have been over: a calendar that took it must let go of it, and
    some keep what merely vanishes. After that nobody has to be told any more.
    """
    if event.status in (EventStatus.CANCELLED, EventStatus.REJECTED):
        return Certainty.CANCELLED
    if participation.status in (ParticipationStatus.CANCELLED, ParticipationStatus.NO_SHOW):
        return Certainty.CANCELLED if now < event.details.ends_at else None
    waits = participation.status is ParticipationStatus.WAITLISTED or event.status is EventStatus.SUBMITTED
    return Certainty.TENTATIVE if waits else Certainty.CONFIRMED


def changed_at(event: Event, participation: Participation) -> datetime:
    """When what the calendar says of an event changed last, as far as times are kept."""
    times = (
        participation.registered_at,
        participation.queued_at,
        participation.attended_at,
        participation.withdrawn_at,
    )
    return max([event.updated_at, *(time for time in times if time is not None)])
