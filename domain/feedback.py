"""Feedback: what those who attended thought, by name or anonymously (product.md, section 4)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import mul
from typing import NewType
from uuid import UUID

from domain import fields
from domain.events import Event, EventStatus
from domain.ids import CitizenId, EventId
from domain.participations import EventNotOpen, Participation, ParticipationStatus
from domain.refusals import Refusal, RefusalCode

FeedbackId = NewType("FeedbackId", UUID)

RATINGS = range(1, 6)
OPEN_FOR = timedelta(days=90)
FEWEST = 3
"""Under so many answers there is no summary, and organisers don't see anonymous ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """One answer. Where it is anonymous there is no author, to anybody, and the date is a day."""

    id: FeedbackId
    event_id: EventId
    author_id: CitizenId | None
    rating: int
    highlights: str | None
    improvements: str | None
    created_on: date


@dataclass(frozen=True, slots=True)
class FeedbackSummary:
    """What all answers to an event come to; nothing but their number under three.

    `given` is how many there are of each of RATINGS, where that may be told.
    """

    event_id: EventId
    count: int = 0
    given: Sequence[int] | None = None

    @property
    def average_rating(self) -> float | None:
        if self.given is None:
            return None
        stars: int = sum(map(mul, RATINGS, self.given))
        return round(stars / self.count, 2)

    @property
    def ratings(self) -> Mapping[int, int]:
        return {} if self.given is None else dict(zip(RATINGS, self.given, strict=True))


class DidNotAttend(Refusal):
    """Feedback is for those who were there."""

    code = RefusalCode.NOT_ALLOWED


class FeedbackNotOpenYet(Refusal):
    """It is asked for once the event has ended."""

    code = RefusalCode.TOO_EARLY


class FeedbackIsOver(Refusal):
    """It is taken for 90 days."""

    code = RefusalCode.TOO_LATE


class FeedbackGiven(Refusal):
    """Once each."""

    code = RefusalCode.ALREADY_DONE


def check_may_leave_feedback(event: Event, participation: Participation | None, *, now: datetime) -> None:
    """Let each who attended answer once, from the end until 90 days after."""
    if event.status not in (EventStatus.PUBLISHED, EventStatus.COMPLETED):
        raise EventNotOpen("event")
    if participation is None or participation.status is not ParticipationStatus.ATTENDED:
        raise DidNotAttend("event")
    if now < event.details.ends_at:
        raise FeedbackNotOpenYet("event")
    if now > event.details.ends_at + OPEN_FOR:
        raise FeedbackIsOver("event")
    if participation.answered:
        raise FeedbackGiven("event")


def check_feedback(rating: int, *, highlights: str | None, improvements: str | None) -> Iterator[Refusal]:
    """What is wrong with an answer."""
    yield from fields.number(rating, "rating", minimum=RATINGS[0], maximum=RATINGS[-1])
    yield from fields.text(highlights, "highlights", maximum=2_000)
    yield from fields.text(improvements, "improvements", maximum=2_000)


def summary(event_id: EventId, given: Sequence[int]) -> FeedbackSummary:
    """What answers come to, given how many there are of each of RATINGS."""
    count = sum(given)
    return FeedbackSummary(event_id, count, given if count >= FEWEST else None)


def response_rate(of: FeedbackSummary, *, attended: int) -> float | None:
    """How many of those who attended answered; None under three answers.

    Attendance that was withdrawn leaves its answer: the rate never says more than all.
    """
    return round(min(1.0, of.count / attended), 3) if attended and of.count >= FEWEST else None
