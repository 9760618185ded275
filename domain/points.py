"""What taking part is worth: product.md, section 2. Integers and exact decimals only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple
from uuid import UUID

from domain.ids import EventId
from domain.policy import Policy
from domain.skills import Holding, skill_that_counts
from domain.words import ThemeCode

A_DAY = timedelta(hours=24)
TWO_PLACES = timedelta(minutes=15)
"""Events that overlap by more can't both be attended."""


class Span(NamedTuple):
    """From when to when, in UTC."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: "Span") -> timedelta:
        """How long both are under way; never negative."""
        return max(timedelta(), min(self.ends_at, other.ends_at) - max(self.starts_at, other.starts_at))


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredEvent:
    """The facts of an event that points are made of.

    `counted_organizer` is who the repeat factor counts for: the citizen who organises, or who proposed it for an
    unverified organisation; None for a verified organisation, whose events may be attended without end.
    """

    id: EventId
    span: Span
    effort_minutes: int | None
    engagement: int
    themes: tuple[ThemeCode, ...]
    counted_organizer: UUID | None


class EarlierAward(NamedTuple):
    """An un-reversed award of the same citizen and kind."""

    event_span: Span
    counted_organizer: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Computation:
    """The inputs of an award, as the ledger keeps them."""

    stars: int | None = None
    minutes: int | None = None
    skill_factor: Decimal = Decimal(1)
    repeat_factor: Decimal = Decimal(1)
    repeats: int = 0
    overlapping: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """Points, with everything that they were computed from."""

    base_points: int
    multiplier: Decimal
    points: int
    computation: Computation
    skill_theme: ThemeCode | None
    policy_version: str


def counted_minutes(span: Span, *, effort_minutes: int | None, policy: Policy) -> int:
    """The minutes an event counts: its effort if given, else its length, never more than the policy's maximum."""
    elapsed = span.ends_at - span.starts_at
    whole = policy.long_event_minutes if elapsed > A_DAY else elapsed // timedelta(minutes=1)
    return min(whole if effort_minutes is None else effort_minutes, policy.maximum_minutes)


def event_points(span: Span, *, effort_minutes: int | None, engagement: int, policy: Policy) -> int:
    """Points per hour and star, rounded half up to the nearest 10, never below the policy's minimum.

    Three stars over four hours and a half are 200 points.
    """
    return worth(
        counted_minutes(span, effort_minutes=effort_minutes, policy=policy), engagement=engagement, policy=policy
    )


def worth(minutes: int, *, engagement: int, policy: Policy) -> int:
    """The points of so many counted minutes."""
    sixtieths = policy.points_per_hour_and_star * engagement * minutes
    tens = (sixtieths + 300) // 600
    return max(policy.minimum_points, 10 * tens)


def participation_award(
    event: ScoredEvent, *, holdings: Iterable[Holding], earlier: Sequence[EarlierAward], policy: Policy
) -> Award:
    """What confirmed attendance of `event` brings to a citizen.

    Args:
        event: What was attended.
        holdings: Every period in which the citizen held a skill.
        earlier: The citizen's other un-reversed PARTICIPATION awards.
        policy: The one in force when the event began.
    """
    base = event_points(event.span, effort_minutes=event.effort_minutes, engagement=event.engagement, policy=policy)
    skill = skill_that_counts(holdings, themes=event.themes, at=event.span.starts_at)
    repeats = _repeats(event, earlier, window=timedelta(days=policy.repeat_window_days))
    computation = Computation(
        stars=event.engagement,
        minutes=counted_minutes(event.span, effort_minutes=event.effort_minutes, policy=policy),
        skill_factor=policy.skill_multiplier if skill else Decimal(1),
        repeat_factor=Decimal(1) if event.counted_organizer is None else policy.repeat_factor(repeats),
        repeats=repeats,
        overlapping=any(event.span.overlaps(other.event_span) > TWO_PLACES for other in earlier),
    )
    return priced(base, computation, policy, skill_theme=skill.theme if skill else None)


def organizing_award(event: ScoredEvent, *, earlier: Sequence[EarlierAward], policy: Policy) -> Award:
    """What an event brings to the citizen who organised it.

    Args:
        event: What was organised.
        earlier: The citizen's other un-reversed ORGANIZING awards.
        policy: The one in force when the event began.
    """
    base = event_points(event.span, effort_minutes=event.effort_minutes, engagement=event.engagement, policy=policy)
    repeats = _repeats(event, earlier, window=timedelta(days=policy.repeat_window_days))
    computation = Computation(
        stars=event.engagement,
        minutes=counted_minutes(event.span, effort_minutes=event.effort_minutes, policy=policy),
        repeat_factor=policy.repeat_factor(repeats),
        repeats=repeats,
    )
    return priced(base, computation, policy)


def assessment_award(level: int, *, policy: Policy) -> Award:
    """The points a citizen starts with: the threshold of the assessed level."""
    return priced(policy.threshold(level), Computation(), policy)


def adjustment_award(points: int, *, reason: str, policy: Policy) -> Award:
    """What a moderator gives or takes, as given."""
    return priced(points, Computation(reason=reason), policy)


def _repeats(event: ScoredEvent, earlier: Sequence[EarlierAward], *, window: timedelta) -> int:
    if event.counted_organizer is None:
        return 0
    return sum(
        other.counted_organizer == event.counted_organizer
        and abs(other.event_span.starts_at - event.span.starts_at) <= window
        for other in earlier
    )


def priced(base: int, computation: Computation, policy: Policy, *, skill_theme: ThemeCode | None = None) -> Award:
    """An award of `base` points, by the factors in its computation; rounded half up."""
    multiplier = Decimal(0) if computation.overlapping else computation.skill_factor * computation.repeat_factor
    return Award(
        base_points=base,
        multiplier=multiplier,
        points=int((base * multiplier).quantize(Decimal(1), rounding=ROUND_HALF_UP)),
        computation=computation,
        skill_theme=skill_theme,
        policy_version=policy.version,
    )
