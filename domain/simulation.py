"""What a proposed policy would make of everybody's influence (product.md, section 2)."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from domain.facts import CitizenFacts, FactualEvent
from domain.ids import EventId, LedgerEntryId
from domain.influence import Totals
from domain.ledger import LedgerEntry, LedgerKind
from domain.organizing import deserved
from domain.points import Computation
from domain.policy import LEVELS, Policies, Policy
from domain.replay import Adjusted, Assessed, Attended, Happening, Organized, Replayed, TakenBack, replay


class Way(NamedTuple):
    """A citizen's level under the policy in force, and under the proposed one."""

    before: int
    after: int


class Simulated(NamedTuple):
    """Where a citizen stands: by what they earned alone, and by all their points, the self-assessment included."""

    earned: Way
    whole: Way


@dataclass(frozen=True, slots=True)
class Tally:
    """How many citizens go which way: however many they are, some hundred numbers at most."""

    ways: Mapping[Way, int]

    @property
    def levels(self) -> tuple[list[int], list[int]]:
        """How many citizens are at each level, the lowest first, and how many would be."""
        before, after = Counter[int](), Counter[int]()
        for way, count in self.ways.items():
            before[way.before] += count
            after[way.after] += count
        return [before[level] for level in _LEVELS], [after[level] for level in _LEVELS]

    @property
    def up(self) -> int:
        return sum(count for way, count in self.ways.items() if way.after > way.before)

    @property
    def down(self) -> int:
        return sum(count for way, count in self.ways.items() if way.after < way.before)

    @property
    def same(self) -> int:
        return sum(self.ways.values()) - self.up - self.down


_LEVELS = range(1, LEVELS + 1)


@dataclass(frozen=True, slots=True)
class Trial:
    """A policy that is tried: `proposed`, as if it had been in force all the time that `instead` was."""

    policies: Policies
    instead: Policy
    proposed: Policy
    under: Policies = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "under", self.policies.trying(self.proposed, instead=self.instead))


def simulated(facts: CitizenFacts, *, trial: Trial) -> Simulated:
    """Where a citizen would stand.

    What they would have is what they have and the difference of two replays, so that the policy in force, simulated,
    changes nobody, even where facts that were changed since make a replay differ from what was once recorded.
    """
    policies, instead, proposed = trial.policies, trial.instead, trial.proposed
    was = _sums(replayed(facts, policies=policies))
    would_be = _sums(replayed(facts, policies=policies, trying=trial.under))
    kept = facts.totals or Totals()
    points = kept.points + would_be.points - was.points
    earned = kept.earned_points + would_be.earned_points - was.earned_points
    return Simulated(
        earned=Way(instead.level_at(kept.earned_points), proposed.level_at(earned)),
        whole=Way(instead.level_at(kept.points), proposed.level_at(points)),
    )


def replayed(facts: CitizenFacts, *, policies: Policies, trying: Policies | None = None) -> list[Replayed]:
    """A citizen's ledger derived once more, under the policies in force, or under others that are tried."""
    under = trying or policies
    recognized = [period for period in facts.periods if period.recognized]
    return replay(_History(facts, policies, under).all(), policies=under, recognized=recognized)


class _History:
    """What happened to a citizen, told by their ledger; of its numbers only those that are facts are taken.

    Whether an event was organised well enough may hang on the policy: where it asks for another number of
    participants, the award is given or not by those there are now, whatever was given and taken back meanwhile.
    """

    def __init__(self, facts: CitizenFacts, policies: Policies, under: Policies) -> None:
        self.facts, self.policies, self.under = facts, policies, under
        self.awarded: dict[LedgerEntryId, tuple[LedgerKind, EventId]] = {}
        self.given_at: dict[EventId, datetime] = {}

    def all(self) -> list[Happening]:
        history = [each for kept in self.facts.entries for each in self._told(kept.entry)]
        standing = {event_id for kind, event_id in self.awarded.values() if kind is LedgerKind.ORGANIZING}
        for event_id in sorted({*self.facts.crowds, *self.given_at}):
            if self._judged_anew(event := self.facts.events[event_id]) and self._due(event, event_id in standing):
                at = self.given_at.get(event_id, event.scored.span.ends_at)
                place = bisect_right(history, at, key=lambda each: each.recorded_at)
                history.insert(place, Organized(event=event.scored, recorded_at=at))
        return history

    def _told(self, entry: LedgerEntry) -> Iterator[Happening]:
        event, at = self.facts.events.get(entry.event_id) if entry.event_id else None, entry.occurred_at
        match entry.kind:
            case LedgerKind.SELF_ASSESSMENT:
                yield Assessed(level=self.policies.in_force_at(at).level_at(entry.base_points), recorded_at=at)
            case LedgerKind.ADJUSTMENT:
                reason = (entry.computation or Computation()).reason or ""
                yield Adjusted(points=entry.base_points, reason=reason, recorded_at=at)
            case LedgerKind.PARTICIPATION if event is not None:
                self.awarded[entry.id] = entry.kind, event.scored.id
                yield Attended(event=event.scored, organizer=event.counted_for_skills, recorded_at=at)
            case LedgerKind.ORGANIZING if event is not None:
                self.awarded[entry.id] = entry.kind, event.scored.id
                self.given_at.setdefault(event.scored.id, at)
                if not self._judged_anew(event):
                    yield Organized(event=event.scored, recorded_at=at)
            case LedgerKind.REVERSAL if entry.reverses_id in self.awarded:
                kind, event_id = self.awarded.pop(entry.reverses_id)
                if kind is LedgerKind.PARTICIPATION or not self._judged_anew(self.facts.events[event_id]):
                    yield TakenBack(kind=kind, event_id=event_id, recorded_at=at)

    def _judged_anew(self, event: FactualEvent) -> bool:
        starts_at = event.scored.span.starts_at
        was, is_ = self.policies.in_force_at(starts_at), self.under.in_force_at(starts_at)
        return was.organizing_minimum_participants != is_.organizing_minimum_participants

    def _due(self, event: FactualEvent, stands: bool) -> bool:
        crowd = self.facts.crowds.get(event.scored.id)
        return crowd is not None and deserved(
            took_place=True,
            counted=crowd.counted,
            erased=crowd.erased,
            stands=stands,
            taken_back_at=None,
            policy=self.under.in_force_at(event.scored.span.starts_at),
            now=event.updated_at,
        )


def _sums(entries: Iterable[Replayed]) -> Totals:
    points = earned = count = 0
    for each in entries:
        points, count = each.numbered.balance, count + 1
        earned += 0 if each.kind is LedgerKind.SELF_ASSESSMENT else each.numbered.award.points
    return Totals(points, earned, count)
