"""Feedback: what those who attended thought, by name or anonymously (product.md, section 4)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple, NewType
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


class FeedbackSummary(NamedTuple):
    """What all answers to an event come to; nothing but their number is told under three.

    Attributes:
        event_id: Which event.
        answers: How many there are.
        stars: The sum of their ratings.
        given: How many gave each of RATINGS, where that was asked for.
    """

    event_id: EventId
    answers: int
    stars: int
    given: Sequence[int]

    @property
    def average_rating(self) -> float | None:
        return round(self.stars / self.answers, 2) if self.answers >= FEWEST else None

    @property
    def ratings(self) -> Mapping[int, int]:
        return dict(zip(RATINGS, self.given, strict=True)) if self.answers >= FEWEST else {}


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


def summary(event_id: EventId, feedback: Sequence[int]) -> FeedbackSummary:
    """What answers come to, given what an event has of them."""
    answers, stars, *given = feedback
    return FeedbackSummary(event_id, answers, stars, given)


def response_rate(of: FeedbackSummary, *, attended: int) -> float | None:
    """How many of those who attended answered; None under three answers.

    Attendance that was withdrawn leaves its answer: the rate never says more than all.
    """
    return round(min(1.0, of.answers / attended), 3) if attended and of.answers >= FEWEST else None
