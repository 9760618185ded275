"""Influence derived once more from the facts (product.md, section 2).

Under the policies in force it comes out as the ledger has it, entry by entry; under others it says what they would
bring.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.ids import EventId
from domain.ledger import LedgerKind, Numbered, balances, negated
from domain.points import (
    Award,
    EarlierAward,
    ScoredEvent,
    adjustment_award,
    assessment_award,
    organizing_award,
    participation_award,
)
from domain.policy import Policies, Policy
from domain.skill_periods import Period, SkillPeriods
from domain.skills import Contribution


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """Signed up with the level of a self-assessment, from 1 to 20."""

    level: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attended:
    """Attendance was confirmed.

    `organizer` is who the event counts for towards skills: its verified organisation, else who proposed it.
    """

    event: ScoredEvent
    organizer: UUID
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Organized:
    """An event of their own had enough participants."""

    event: ScoredEvent
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjusted:
    """A moderator gave points, or took some."""

    points: int
    reason: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """The award of that kind that stood for an event was reversed."""

    kind: LedgerKind
    event_id: EventId
    recorded_at: datetime


Happening = Assessed | Attended | Organized | Adjusted | TakenBack
"""What makes an entry, and none of its numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """An entry as the ledger should have it."""

    kind: LedgerKind
    event_id: EventId | None
    occurred_at: datetime
    numbered: Numbered


@dataclass(frozen=True, slots=True)
class _Standing:
    """An award that no entry reverses yet."""

    event: ScoredEvent
    award: Award

    def earlier(self) -> EarlierAward:
        return EarlierAward(self.event.span, self.event.counted_organizer)


def replay(history: Iterable[Happening], *, policies: Policies, recognized: Sequence[Period] = ()) -> list[Replayed]:
    """The entries that a citizen's history comes to; skills are gained and lost on the way, as they were then.

    Args:
        history: What happened, in the order in which it was recorded.
        policies: Each event is scored by the one in force when it began.
        recognized: The periods of holding a skill that an organisation recognised.
    """
    history, fold = tuple(history), _Replay(policies, recognized)
    awards = [fold.award(each) for each in history]
    return [
        Replayed(kind=_kind(of), event_id=_event_id(of), occurred_at=of.recorded_at, numbered=numbered)
        for of, numbered in zip(history, balances(awards), strict=True)
    ]


class _Replay:
    """The fold over a history: the awards that stand, and the skills that are held, before each of its entries."""

    def __init__(self, policies: Policies, recognized: Sequence[Period]) -> None:
        self.policies = policies
        self.standing: dict[tuple[LedgerKind, EventId], _Standing] = {}
        self.skills = SkillPeriods(recognized)

    def award(self, of: Happening) -> Award:
        match of:
            case Assessed():
                return assessment_award(of.level, policy=self.policies.in_force_at(of.recorded_at))
            case Adjusted():
                policy = self.policies.in_force_at(of.recorded_at)
                return adjustment_award(of.points, reason=of.reason, policy=policy)
            case Attended():
                return self._attended(of)
            case Organized():
                earlier = self._earlier(LedgerKind.ORGANIZING)
                award = organizing_award(of.event, earlier=earlier, policy=self._policy(of.event))
                self.standing[LedgerKind.ORGANIZING, of.event.id] = _Standing(of.event, award)
                return award
            case TakenBack():
                return self._taken_back(of)

    def _attended(self, of: Attended) -> Award:
        event, policy = of.event, self._policy(of.event)
        holdings, earlier = self.skills.known(of.recorded_at), self._earlier(LedgerKind.PARTICIPATION)
        award = participation_award(event, holdings=holdings, earlier=earlier, policy=policy)
        self.standing[LedgerKind.PARTICIPATION, event.id] = _Standing(event, award)
        contribution, counts = Contribution(event.themes, of.organizer), not award.computation.overlapping
        self.skills.attended(event.id, contribution, counts=counts, at=of.recorded_at, policy=policy)
        return award

    def _taken_back(self, of: TakenBack) -> Award:
        standing = self.standing.pop((of.kind, of.event_id))
        if of.kind is LedgerKind.PARTICIPATION:
            themes, policy = standing.event.themes, self._policy(standing.event)
            self.skills.taken_back(of.event_id, themes, at=of.recorded_at, policy=policy)
        return negated(standing.award)

    def _policy(self, event: ScoredEvent) -> Policy:
        return self.policies.in_force_at(event.span.starts_at)

    def _earlier(self, kind: LedgerKind) -> list[EarlierAward]:
        return [each.earlier() for (of, _), each in self.standing.items() if of is kind]


def _kind(of: Happening) -> LedgerKind:
    match of:
        case Assessed():
            return LedgerKind.SELF_ASSESSMENT
        case Attended():
            return LedgerKind.PARTICIPATION
        case Organized():
            return LedgerKind.ORGANIZING
        case Adjusted():
            return LedgerKind.ADJUSTMENT
        case TakenBack():
            return LedgerKind.REVERSAL


def _event_id(of: Happening) -> EventId | None:
    match of:
        case Attended() | Organized():
            return of.event.id
        case TakenBack():
            return of.event_id
        case _:
            return None
