"""Periods of holding skills held against what was attended: each as it was to be gained, and to be lost."""

from collections.abc import Iterator, Sequence

from domain.facts import CitizenFacts, Difference, FactualEvent
from domain.ids import LedgerEntryId
from domain.ledger import LedgerKind
from domain.policy import Policies
from domain.skill_periods import Period, SkillPeriods
from domain.skills import Contribution, SkillSource, told_since

DERIVED = ("theme", "source", "acquired_at", "lost_at", "recognized_by", "reason")
ALIKE = 2
"""So many columns in common make two periods the same one, in which something differs."""


def skill_differences(facts: CitizenFacts, *, policies: Policies) -> Iterator[Difference]:
    """Where a citizen's skills aren't what their awards come to.

    Of who has an award that was taken back and whose event was changed since, nothing is said but what others
    are told: its themes then are what skills rest on.
    """
    yield from _mistold(facts)
    if facts.unsure():
        return
    for period in facts.periods:
        if period.recognized and period.reason is None and facts.has_account:
            yield _difference(facts, "reason", None, "a reason")
    left = [period for period in facts.periods if not period.recognized]
    derived = _derived(facts, policies)
    for period in [each for each in derived if each in left]:
        derived.remove(period)
        left.remove(period)
    for period in derived:
        kept = max(left, key=lambda each: _alike(each, period), default=None)
        if kept is None or _alike(kept, period) < ALIKE:
            yield Difference(facts.citizen_id, None, "skill_holding", None, _told(period))
            continue
        left.remove(kept)
        for column in DERIVED:
            if (of := getattr(kept, column)) != (should := getattr(period, column)):
                yield _difference(facts, column, of, should)
    yield from _unearned(facts, left)


def _mistold(facts: CitizenFacts) -> Iterator[Difference]:
    """Periods of which others are told another beginning than what is listed allows."""
    unlisted = {place.id for place in facts.participations.values() if not place.listed}
    entries = [kept.entry for kept in facts.entries]
    hidden = {entry.occurred_at for entry in entries if entry.participation_id in unlisted}
    for period in facts.periods:
        should = told_since(period.acquired_at, listed=period.acquired_at not in hidden)
        if period.told_at != should:
            yield _difference(facts, "told_at", period.told_at, should)


def _unearned(facts: CitizenFacts, left: Sequence[Period]) -> Iterator[Difference]:
    """Periods that no contribution tells of."""
    for period in left:
        if period.source is SkillSource.RECOGNITION:
            yield _difference(facts, "recognized_by", None, "an organisation")
        elif period.recognized_by is not None:
            yield _difference(facts, "source", period.source, SkillSource.RECOGNITION)
        else:
            yield _difference(facts, "citizen_id", f"who has {_told(period)}", "who earned it")


def _derived(facts: CitizenFacts, policies: Policies) -> list[Period]:
    """What repeated contribution comes to, entry after entry."""
    fold = SkillPeriods(period for period in facts.periods if period.recognized)
    attended: dict[LedgerEntryId, FactualEvent] = {}
    for entry in (kept.entry for kept in facts.entries):
        event = facts.events.get(entry.event_id) if entry.event_id else None
        if entry.kind is LedgerKind.PARTICIPATION and event is not None:
            attended[entry.id] = event
            of, policy = event.scored, policies.in_force_at(event.scored.span.starts_at)
            contribution = Contribution(of.themes, event.counted_for_skills)
            counts = entry.computation is None or not entry.computation.overlapping
            fold.attended(of.id, contribution, counts=counts, at=entry.occurred_at, policy=policy)
        elif entry.reverses_id in attended:
            of = attended.pop(entry.reverses_id).scored
            policy = policies.in_force_at(of.span.starts_at)
            fold.taken_back(of.id, of.themes, at=entry.occurred_at, policy=policy)
    source = SkillSource.REPEATED_CONTRIBUTION
    return [
        Period(theme=each.theme, source=source, acquired_at=each.acquired_at, lost_at=each.lost_at)
        for each in fold.earned
    ]


def _alike(kept: Period, derived: Period) -> int:
    return sum(getattr(kept, column) == getattr(derived, column) for column in ("theme", "acquired_at", "lost_at"))


def _told(period: Period) -> str:
    lost = f" until {period.lost_at}" if period.lost_at else ""
    return f"{period.theme} from {period.acquired_at}{lost}"


def _difference(facts: CitizenFacts, column: str, kept: object, derived: object) -> Difference:
    return Difference(facts.citizen_id, None, f"skill_holding.{column}", kept, derived)
