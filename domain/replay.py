"""Influence derived once more from the facts (product.md, section 2).

Held against the ledger it must come out identical, entry by entry; under other policies it says what they would bring.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.ids import EventId
from domain.ledger import LedgerKind, Numbered, balances
from domain.points import Award, EarlierAward, ScoredEvent, assessment_award, participation_award
from domain.policy import Policies, Policy
from domain.skills import Contribution, Holding, skills_earned


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """A citizen's confirmed attendance: of what, and when it was recorded.

    `organizer` is who the event counts for towards skills: its verified organisation, else who proposed it.
    """

    event: ScoredEvent
    organizer: UUID
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """An entry as the ledger should have it."""

    kind: LedgerKind
    event_id: EventId | None
    occurred_at: datetime
    numbered: Numbered


def replay(
    history: Iterable[Attendance], *, assessed_level: int | None, signed_up_at: datetime, policies: Policies
) -> list[Replayed]:
    """The entries that a citizen's history comes to; skills are gained on the way, as they were then.

    Args:
        history: What they attended, in the order in which it was recorded.
        assessed_level: The level from 1 to 20 that they signed up with; None where there was no self-assessment.
        signed_up_at: When they signed up.
        policies: Each event is scored by the one in force when it began.
    """
    history = tuple(history)
    sources: list[tuple[LedgerKind, EventId | None, datetime]] = []
    awards: list[Award] = []
    if assessed_level is not None:
        sources.append((LedgerKind.SELF_ASSESSMENT, None, signed_up_at))
        awards.append(assessment_award(assessed_level, policy=policies.in_force_at(signed_up_at)))
    sources.extend((LedgerKind.PARTICIPATION, each.event.id, each.recorded_at) for each in history)
    awards.extend(_participation_awards(history, policies))
    return [
        Replayed(kind=kind, event_id=event_id, occurred_at=occurred_at, numbered=numbered)
        for (kind, event_id, occurred_at), numbered in zip(sources, balances(awards), strict=True)
    ]


def _participation_awards(history: Iterable[Attendance], policies: Policies) -> Iterator[Award]:
    earlier: list[EarlierAward] = []
    contributions: list[Contribution] = []
    holdings: list[Holding] = []
    for attendance in history:
        event = attendance.event
        policy = policies.in_force_at(event.span.starts_at)
        award = participation_award(event, holdings=holdings, earlier=earlier, policy=policy)
        yield award
        earlier.append(EarlierAward(event.span, event.counted_organizer))
        if not award.computation.overlapping:
            contributions.append(Contribution(event.themes, attendance.organizer))
        holdings.extend(_gained(attendance, contributions, holdings, policy))


def _gained(
    attendance: Attendance, contributions: Iterable[Contribution], holdings: Iterable[Holding], policy: Policy
) -> list[Holding]:
    """The skills that an attendance completes."""
    missing = set(attendance.event.themes) - {holding.theme for holding in holdings}
    if not missing:
        return []
    earned = skills_earned(contributions, policy=policy) & missing
    return [Holding(theme, attendance.recorded_at) for theme in sorted(earned)]
