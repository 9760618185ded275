"""The ledger held against the facts: every entry derived once more, as it was to be when it was recorded.

What an event says may change while nobody's attendance is confirmed: of an award that was taken back, and whose event
was changed since, only what follows from the numbers that the entry itself keeps is derived.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from domain.ids import CitizenId, EventId, LedgerEntryId, ParticipationId
from domain.influence import Totals
from domain.ledger import LedgerEntry, LedgerKind, reversal_of
from domain.participations import ParticipationStatus
from domain.points import (
    Award,
    Computation,
    EarlierAward,
    ScoredEvent,
    adjustment_award,
    assessment_award,
    organizing_award,
    participation_award,
    priced,
    worth,
)
from domain.policy import Policies, Policy
from domain.skills import Holding


@dataclass(frozen=True, slots=True)
class KeptEntry:
    """An entry as it is kept; `attempt` counts those of its kind for its event."""

    entry: LedgerEntry
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedEvent:
    """An event as awards see it. `called_off` is cancelled or annulled."""

    scored: ScoredEvent
    organizer_id: CitizenId | None
    called_off: bool
    updated_at: datetime


class TookPart(NamedTuple):
    """A citizen's participation in an event."""

    id: ParticipationId
    status: ParticipationStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenFacts:
    """All that a citizen's ledger rests on. `entries` are in the order of their numbers."""

    citizen_id: CitizenId
    has_account: bool
    entries: Sequence[KeptEntry]
    participations: Mapping[EventId, TookPart]
    events: Mapping[EventId, AuditedEvent]
    holdings: Sequence[Holding]
    totals: Totals | None


@dataclass(frozen=True, slots=True)
class Difference:
    """What is kept, and what it should be. Without a `number` it is no entry's: a total's, or an attendance's."""

    citizen_id: CitizenId
    number: int | None
    column: str
    kept: object
    derived: object


def differences(facts: CitizenFacts, *, policies: Policies) -> Iterator[Difference]:
    """Where a citizen's ledger isn't what the facts come to; nothing where it is."""
    audit = _Audit(facts, policies)
    for kept in facts.entries:
        yield from audit.entry(kept)
    yield from audit.attendances()
    yield from audit.totals()


class _Audit:
    """The fold over a citizen's entries: what stood, and what the sums were, before each."""

    def __init__(self, facts: CitizenFacts, policies: Policies) -> None:
        entries = [kept.entry for kept in facts.entries]
        self.facts, self.policies = facts, policies
        self.number = self.balance = self.earned = 0
        self.assessed = False
        self.attempts: Counter[tuple[EventId, LedgerKind]] = Counter()
        self.standing: dict[LedgerEntryId, LedgerEntry] = {}
        self.seen: dict[LedgerEntryId, LedgerEntry] = {}
        self.reversed_at = {each.reverses_id: each.occurred_at for each in entries if each.reverses_id is not None}

    def entry(self, kept: KeptEntry) -> Iterator[Difference]:
        entry = kept.entry
        self.number += 1
        self.balance += entry.points
        self.earned += 0 if entry.kind is LedgerKind.SELF_ASSESSMENT else entry.points
        attempt = 1
        if entry.event_id is not None:
            self.attempts[entry.event_id, entry.kind] += 1
            attempt = self.attempts[entry.event_id, entry.kind]
        says: dict[str, object] = {"number": entry.number, "attempt": kept.attempt, "balance": entry.balance}
        follows: dict[str, object] = {"number": self.number, "attempt": attempt, "balance": self.balance}
        derived = self._derived(entry)
        if derived is not None:
            says |= _says(entry)
            follows |= derived
        yield from self._compared(entry, says, follows)
        yield from self._out_of_place(entry)
        self._noted(entry)

    def _derived(self, entry: LedgerEntry) -> dict[str, object] | None:
        """What an entry should say; None where what it rests on isn't there, which is told apart."""
        match entry.kind:
            case LedgerKind.SELF_ASSESSMENT:
                policy = self.policies.in_force_at(entry.occurred_at)
                return _columns(assessment_award(policy.level_at(entry.base_points), policy=policy))
            case LedgerKind.ADJUSTMENT:
                reason = (entry.computation or Computation()).reason
                if reason is None and self.facts.has_account:
                    reason = "a reason"
                policy = self.policies.in_force_at(entry.occurred_at)
                award = adjustment_award(entry.base_points, reason=reason or "", policy=policy)
                return {**_columns(award), "reason": reason}
            case LedgerKind.REVERSAL:
                reversed_ = self.seen.get(entry.reverses_id) if entry.reverses_id else None
                if reversed_ is None:
                    return None
                about = {"event_id": reversed_.event_id, "participation_id": reversed_.participation_id}
                return _columns(reversal_of(reversed_)) | about
            case LedgerKind.PARTICIPATION | LedgerKind.ORGANIZING:
                event = self._event(entry)
                if event is None:
                    return None
                took_part = self.facts.participations.get(event.scored.id)
                of = took_part.id if took_part and entry.kind is LedgerKind.PARTICIPATION else None
                about = {"event_id": entry.event_id, "participation_id": of}
                return _columns(self._award(entry, event)) | about

    def _award(self, entry: LedgerEntry, event: AuditedEvent) -> Award:
        if self._changed_since(entry, event):
            return _own_award(entry, policy=self.policies.version(entry.policy_version) or self.policies.all[0])
        others = [each for each in self.standing.values() if each.kind is entry.kind]
        others = [each for each in others if each.event_id != entry.event_id]
        pairs = [(each, found) for each in others if (found := self._event(each)) is not None]
        sure = [_earlier(found) for each, found in pairs if not self._changed_since(each, found)]
        policy = self.policies.in_force_at(event.scored.span.starts_at)
        if entry.kind is LedgerKind.ORGANIZING:
            award = organizing_award(event.scored, earlier=sure, policy=policy)
        else:
            then = _holdings_then(self.facts.holdings, at=entry.occurred_at)
            award = participation_award(event.scored, holdings=then, earlier=sure, policy=policy)
        return _granted(award, entry, event.scored, unsure=len(others) - len(sure), policy=policy)

    def _changed_since(self, entry: LedgerEntry, event: AuditedEvent) -> bool:
        """Whether the event may say something else by now than it did when the award was given."""
        taken_back_at = self.reversed_at.get(entry.id)
        return taken_back_at is not None and event.updated_at > taken_back_at

    def _event(self, entry: LedgerEntry) -> AuditedEvent | None:
        return None if entry.event_id is None else self.facts.events.get(entry.event_id)

    def _out_of_place(self, entry: LedgerEntry) -> Iterator[Difference]:
        """What an entry can't be: a second assessment, an award for nothing, a reversal of what doesn't stand."""
        event = self._event(entry)
        about_an_event = entry.kind in (LedgerKind.PARTICIPATION, LedgerKind.ORGANIZING)
        if entry.kind is LedgerKind.SELF_ASSESSMENT and self.assessed:
            yield self._difference(entry, "kind", entry.kind, "one assessment")
        if about_an_event and event is None:
            yield self._difference(entry, "event_id", entry.event_id, "an event")
        if about_an_event and any((each.event_id, each.kind) == (entry.event_id, entry.kind) for each in self._stand()):
            yield self._difference(entry, "kind", entry.kind, "one award that stands")
        if entry.kind is LedgerKind.ORGANIZING and event and event.organizer_id != self.facts.citizen_id:
            yield self._difference(entry, "event_id", entry.event_id, "an event of their own")
        if entry.kind is LedgerKind.REVERSAL and entry.reverses_id not in self.standing:
            yield self._difference(entry, "reverses_id", entry.reverses_id, "an earlier award that stands")

    def _stand(self) -> Sequence[LedgerEntry]:
        return tuple(self.standing.values())

    def _noted(self, entry: LedgerEntry) -> None:
        self.seen[entry.id] = entry
        self.assessed |= entry.kind is LedgerKind.SELF_ASSESSMENT
        if entry.kind in (LedgerKind.PARTICIPATION, LedgerKind.ORGANIZING):
            self.standing[entry.id] = entry
        elif entry.reverses_id is not None:
            self.standing.pop(entry.reverses_id, None)

    def attendances(self) -> Iterator[Difference]:
        """Each confirmed attendance of what wasn't called off has an award that stands, and nothing else has."""
        awarded = {each.event_id: each for each in self._stand() if each.kind is LedgerKind.PARTICIPATION}
        for event_id, entry in awarded.items():
            took_part = self.facts.participations.get(event_id) if event_id else None
            if took_part is None or took_part.status is not ParticipationStatus.ATTENDED:
                status = took_part.status if took_part else None
                yield self._difference(entry, "participation.status", status, ParticipationStatus.ATTENDED)
            elif (event := self._event(entry)) and event.called_off:
                yield self._difference(entry, "event.status", "called off", "an event that took place")
        for event_id, took_part in self.facts.participations.items():
            held = (event := self.facts.events.get(event_id)) is not None and not event.called_off
            if held and took_part.status is ParticipationStatus.ATTENDED and event_id not in awarded:
                attended = f"attendance {took_part.id}"
                yield Difference(self.facts.citizen_id, None, "participation.status", attended, "an award that stands")

    def totals(self) -> Iterator[Difference]:
        kept = self.facts.totals or Totals(0, 0, 0)
        sums = {"points": self.balance, "earned_points": self.earned, "entries": self.number}
        for name, derived in sums.items():
            if (of := getattr(kept, name)) != derived:
                yield Difference(self.facts.citizen_id, None, f"citizen_total.{name}", of, derived)

    def _compared(
        self, entry: LedgerEntry, says: Mapping[str, object], follows: Mapping[str, object]
    ) -> Iterator[Difference]:
        for column, derived in follows.items():
            if says[column] != derived:
                yield self._difference(entry, column, says[column], derived)

    def _difference(self, entry: LedgerEntry, column: str, kept: object, derived: object) -> Difference:
        return Difference(self.facts.citizen_id, entry.number, column, kept, derived)


def _holdings_then(holdings: Sequence[Holding], *, at: datetime) -> list[Holding]:
    """The periods as they were known when an award was given: a skill that it completed itself came after."""
    known = (held for held in holdings if held.acquired_at < at)
    return [replace(held, lost_at=None) if held.lost_at and held.lost_at > at else held for held in known]


def _earlier(event: AuditedEvent) -> EarlierAward:
    return EarlierAward(event.scored.span, event.scored.counted_organizer)


def _granted(award: Award, entry: LedgerEntry, event: ScoredEvent, *, unsure: int, policy: Policy) -> Award:
    """Believe an entry what hangs on awards whose events were changed since, as far as these could make it."""
    kept, sure = entry.computation or Computation(), award.computation
    if not unsure:
        return award
    if event.counted_organizer is not None and sure.repeats <= kept.repeats <= sure.repeats + unsure:
        sure = replace(sure, repeats=kept.repeats, repeat_factor=policy.repeat_factor(kept.repeats))
    if entry.kind is LedgerKind.PARTICIPATION:
        sure = replace(sure, overlapping=sure.overlapping or kept.overlapping)
    return replace(priced(award.base_points, sure, policy), skill_theme=award.skill_theme)


def _own_award(entry: LedgerEntry, *, policy: Policy) -> Award:
    """What an entry comes to by the numbers that it keeps itself."""
    kept = entry.computation or Computation()
    base = worth(kept.minutes or 0, engagement=kept.stars or 0, policy=policy)
    unlimited = kept.repeats == 0 and kept.repeat_factor == 1
    computation = replace(
        kept,
        skill_factor=policy.skill_multiplier if entry.theme else Decimal(1),
        repeat_factor=Decimal(1) if unlimited else policy.repeat_factor(kept.repeats),
        reason=None,
    )
    return replace(priced(base, computation, policy), skill_theme=entry.theme)


def _columns(award: Award) -> dict[str, object]:
    """An award by the columns in which it is kept."""
    return {
        "base_points": award.base_points,
        "multiplier": award.multiplier,
        "points": award.points,
        "theme": award.skill_theme,
        "policy_version": award.policy_version,
        "event_id": None,
        "participation_id": None,
        **_inputs(award.computation),
    }


def _says(entry: LedgerEntry) -> dict[str, object]:
    named = ("base_points", "multiplier", "points", "theme", "policy_version", "event_id", "participation_id")
    return {name: getattr(entry, name) for name in named} | _inputs(entry.computation or Computation())


def _inputs(computation: Computation) -> dict[str, object]:
    named = ("stars", "minutes", "skill_factor", "repeat_factor", "repeats", "overlapping", "reason")
    return {name: getattr(computation, name) for name in named}
