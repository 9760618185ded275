"""The ledger held against the facts: every entry derived once more, as it was to be when it was recorded.

What an event says may change while nobody's attendance is confirmed: of an award that was taken back, and whose event
was changed since, only what follows from the numbers that the entry itself keeps is derived.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from domain.facts import CitizenFacts, Difference, FactualEvent, KeptEntry
from domain.ids import EventId, LedgerEntryId
from domain.influence import Totals
from domain.ledger import LedgerEntry, LedgerKind, reversal_of
from domain.organizing import deserved
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
from domain.skill_audit import skill_differences
from domain.skill_periods import holdings_then


def differences(facts: CitizenFacts, *, policies: Policies, now: datetime) -> Iterator[Difference]:
    """Where a citizen's ledger and skills aren't what the facts come to; nothing where they are."""
    audit = _Audit(facts, policies)
    for kept in facts.entries:
        yield from audit.entry(kept)
    yield from audit.attendances()
    yield from audit.organizing(now=now)
    yield from audit.totals()
    yield from skill_differences(facts, policies=policies)


class _Audit:
    """The fold over a citizen's entries: what stood, and what the sums were, before each."""

    def __init__(self, facts: CitizenFacts, policies: Policies) -> None:
        self.facts, self.policies, self.unsure = facts, policies, facts.unsure()
        self.number = self.balance = self.earned = self.kept_balance = 0
        self.attempts: Counter[tuple[EventId, LedgerKind]] = Counter()
        self.standing: dict[LedgerEntryId, LedgerEntry] = {}
        self.seen: dict[LedgerEntryId, LedgerEntry] = {}
        self.last_reversed: dict[EventId, datetime] = {}

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
                award = adjustment_award(self._given(entry), reason=reason or "", policy=policy)
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

    def _given(self, entry: LedgerEntry) -> int:
        """What a moderator gave, which nothing else tells: an entry says it three times, and two agree."""
        return sorted((entry.base_points, entry.points, entry.balance - self.kept_balance))[1]

    def _award(self, entry: LedgerEntry, event: FactualEvent) -> Award:
        if entry.id in self.unsure:
            return _own_award(entry, policy=self.policies.version(entry.policy_version) or self.policies.all[0])
        others = [each for each in self.standing.values() if each.kind is entry.kind]
        others = [each for each in others if each.event_id != entry.event_id]
        pairs = [(each, found) for each in others if (found := self._event(each)) is not None]
        sure = [_earlier(found) for each, found in pairs if each.id not in self.unsure]
        policy = self.policies.in_force_at(event.scored.span.starts_at)
        if entry.kind is LedgerKind.ORGANIZING:
            award = organizing_award(event.scored, earlier=sure, policy=policy)
        else:
            then = holdings_then((period.holding() for period in self.facts.periods), at=entry.occurred_at)
            award = participation_award(event.scored, holdings=then, earlier=sure, policy=policy)
        return _granted(award, entry, event.scored, unsure=len(others) - len(sure), policy=policy)

    def _event(self, entry: LedgerEntry) -> FactualEvent | None:
        return None if entry.event_id is None else self.facts.events.get(entry.event_id)

    def _out_of_place(self, entry: LedgerEntry) -> Iterator[Difference]:
        """What an entry can't be: a second assessment, an award for nothing, a reversal of what doesn't stand."""
        event = self._event(entry)
        about_an_event = entry.kind in (LedgerKind.PARTICIPATION, LedgerKind.ORGANIZING)
        if entry.kind is LedgerKind.SELF_ASSESSMENT and self.number > 1:
            yield self._difference(entry, "kind", entry.kind, "an assessment at sign-up, before all else")
        unexplained = entry.computation is None or entry.computation.reason is None
        if entry.kind is LedgerKind.ADJUSTMENT and unexplained and self.number == 1 and self.facts.has_account:
            yield self._difference(entry, "kind", entry.kind, LedgerKind.SELF_ASSESSMENT)
        if about_an_event and event is None:
            yield self._difference(entry, "event_id", entry.event_id, "an event")
        if about_an_event and any((each.event_id, each.kind) == (entry.event_id, entry.kind) for each in self._stand()):
            yield self._difference(entry, "kind", entry.kind, "one award that stands")
        if about_an_event and event is not None:
            yield from self._somebody_elses(entry, event)
        if entry.kind is LedgerKind.REVERSAL and entry.reverses_id not in self.standing:
            yield self._difference(entry, "reverses_id", entry.reverses_id, "an earlier award that stands")

    def _somebody_elses(self, entry: LedgerEntry, event: FactualEvent) -> Iterator[Difference]:
        """Who takes part is awarded for that, and who organises for that; nobody else."""
        organizes = event.organizer_id == self.facts.citizen_id
        took_part = event.scored.id in self.facts.participations
        if entry.kind is LedgerKind.ORGANIZING and not organizes:
            should = LedgerKind.PARTICIPATION if took_part else None
        elif entry.kind is LedgerKind.PARTICIPATION and not took_part:
            should = LedgerKind.ORGANIZING if organizes else None
        else:
            return
        if should is None:
            yield self._difference(entry, "citizen_id", entry.citizen_id, "who took part, or organised")
        else:
            yield self._difference(entry, "kind", entry.kind, should)

    def _stand(self) -> Sequence[LedgerEntry]:
        return tuple(self.standing.values())

    def _noted(self, entry: LedgerEntry) -> None:
        self.seen[entry.id], self.kept_balance = entry, entry.balance
        if entry.kind in (LedgerKind.PARTICIPATION, LedgerKind.ORGANIZING):
            self.standing[entry.id] = entry
        elif entry.reverses_id is not None:
            self.standing.pop(entry.reverses_id, None)
            reversed_ = self.seen.get(entry.reverses_id)
            if reversed_ and reversed_.event_id and reversed_.kind is LedgerKind.ORGANIZING:
                self.last_reversed[reversed_.event_id] = entry.occurred_at

    def attendances(self) -> Iterator[Difference]:
        """Each confirmed attendance of what wasn't called off has an award that stands, of its moment; nothing else."""
        awarded = {each.event_id: each for each in self._stand() if each.kind is LedgerKind.PARTICIPATION}
        for event_id, entry in awarded.items():
            took_part = self.facts.participations.get(event_id) if event_id else None
            if took_part is None or took_part.status is not ParticipationStatus.ATTENDED:
                status = took_part.status if took_part else None
                yield self._difference(entry, "participation.status", status, ParticipationStatus.ATTENDED)
            elif took_part.attended_at != entry.occurred_at:
                yield self._difference(entry, "occurred_at", entry.occurred_at, took_part.attended_at)
            if (event := self._event(entry)) and event.called_off:
                yield self._difference(entry, "event.status", "called off", "an event that took place")
        for event_id, took_part in self.facts.participations.items():
            held = (event := self.facts.events.get(event_id)) is not None and not event.called_off
            if held and took_part.status is ParticipationStatus.ATTENDED and event_id not in awarded:
                attended = f"attendance {took_part.id}"
                yield Difference(self.facts.citizen_id, None, "participation.status", attended, "an award that stands")

    def organizing(self, *, now: datetime) -> Iterator[Difference]:
        """An award stands for each event of theirs that brought enough people together, and for no other."""
        stand = [each for each in self._stand() if each.kind is LedgerKind.ORGANIZING]
        awarded = {each.event_id: each for each in stand if each.event_id is not None}
        for event_id in {*self.facts.crowds, *awarded} & self.facts.events.keys():
            entry, crowd = awarded.get(event_id), self.facts.crowds.get(event_id)
            policy = self.policies.in_force_at(self.facts.events[event_id].scored.span.starts_at)
            due = deserved(
                took_place=crowd is not None,
                counted=crowd.counted if crowd else 0,
                erased=crowd.erased if crowd else 0,
                stands=entry is not None,
                taken_back_at=self.last_reversed.get(event_id),
                policy=policy,
                now=now,
            )
            told = f"{policy.organizing_minimum_participants} participants who count"
            if entry is not None and not due:
                yield self._difference(entry, "event.participants", crowd, told)
            elif entry is None and due:
                event = f"event {event_id} with {told}"
                yield Difference(self.facts.citizen_id, None, "event.participants", event, "an award that stands")

    def totals(self) -> Iterator[Difference]:
        if self.facts.totals is None and self.facts.entries:
            yield Difference(self.facts.citizen_id, None, "citizen_total.citizen_id", None, self.facts.citizen_id)
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


def _earlier(event: FactualEvent) -> EarlierAward:
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
