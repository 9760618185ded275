"""The append-only ledger: what each entry says, and how entries follow from each other."""

from abc import ABC
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from itertools import accumulate

from domain.ids import CitizenId, EventId, LedgerEntryId, ParticipationId
from domain.points import Award, Computation
from domain.policy import Policies
from domain.words import Sentence, ThemeCode

TWICE, HALF = Decimal(2), Decimal("0.5")
"""Factors that have a word of their own."""


class LedgerKind(StrEnum):
    """Why an entry was made (product.md, section 2)."""

    SELF_ASSESSMENT = "SELF_ASSESSMENT"
    PARTICIPATION = "PARTICIPATION"
    ORGANIZING = "ORGANIZING"
    ADJUSTMENT = "ADJUSTMENT"
    REVERSAL = "REVERSAL"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry(ABC):
    """One line of a citizen's ledger.

    Where the participation behind it is not listed, others see it `redacted`: event, participation, theme and
    computation are None, and `occurred_at` is the first of its month.
    """

    id: LedgerEntryId
    citizen_id: CitizenId
    number: int
    kind: LedgerKind
    occurred_at: datetime
    base_points: int
    multiplier: Decimal
    points: int
    balance: int
    event_id: EventId | None
    participation_id: ParticipationId | None
    theme: ThemeCode | None
    computation: Computation | None
    reverses_id: LedgerEntryId | None
    policy_version: str
    event_title: str | None = None
    redacted: bool = False


@dataclass(frozen=True, slots=True)
class Numbered:
    """An award with its place in the ledger, and the citizen's points after it."""

    number: int
    balance: int
    award: Award


def balances(awards: Iterable[Award]) -> Iterator[Numbered]:
    """Number awards in the order they were recorded, each with the running total."""
    awards = tuple(awards)
    totals = accumulate(award.points for award in awards)
    for number, (award, balance) in enumerate(zip(awards, totals, strict=True), start=1):
        yield Numbered(number, balance, award)


def reversal_of(entry: LedgerEntry) -> Award:
    """What takes exactly that entry back, whatever has changed since: its numbers negated, under its own policy."""
    return Award(
        base_points=-entry.base_points,
        multiplier=entry.multiplier,
        points=-entry.points,
        computation=entry.computation or Computation(),
        skill_theme=entry.theme,
        policy_version=entry.policy_version,
    )


def negated(award: Award) -> Award:
    """What takes an award back that was only just derived."""
    return replace(award, base_points=-award.base_points, points=-award.points)


def explain(entry: LedgerEntry, *, policies: Policies) -> Sentence:
    """Say in a sentence that a citizen understands why an entry is what it is, by the policy that it follows."""
    if entry.redacted:
        return Sentence(
            "ledger-redacted", {"kind": entry.kind.value, "points": entry.points, "size": abs(entry.points)}
        )
    policy = policies.version(entry.policy_version) or policies.in_force_at(entry.occurred_at)
    computation = entry.computation or Computation()
    counted = what_counted(
        computation, base=entry.base_points, points=entry.points, theme=entry.theme, days=policy.repeat_window_days
    )
    about = {"event": entry.event_title or "", "about": _about(entry), "reason": computation.reason or ""}
    size = {"sign": "minus" if entry.points < 0 else "plus", "size": abs(entry.points)}
    asked = {"level": policy.level_at(entry.base_points), "participants": policy.organizing_minimum_participants}
    return Sentence(f"ledger-{entry.kind.value.lower().replace('_', '-')}", {**counted, **about, **size, **asked})


def what_counted(
    computation: Computation, *, base: int, points: int, theme: ThemeCode | None, days: int
) -> Mapping[str, object]:
    """What a sentence needs to tell how points were computed; repetition is counted within so many `days`."""
    minutes = computation.minutes or 0
    return {
        "points": points,
        "base": base,
        "stars": computation.stars or 0,
        "hours": minutes // 60,
        "minutes": minutes % 60,
        "case": _case(computation),
        "skill": "none" if theme is None else theme.value,
        "raised": "twice" if computation.skill_factor == TWICE else "more",
        "skillFactor": computation.skill_factor,
        "share": "half" if computation.repeat_factor == HALF else "part",
        "repeatFactor": computation.repeat_factor,
        "repeats": computation.repeats,
        "days": days,
    }


def _about(entry: LedgerEntry) -> str:
    """What an entry is about: somebody's participation in an event, or that they organised it."""
    if not entry.event_title:
        return "nothing"
    return "organizing" if entry.participation_id is None else "participation"


def _case(computation: Computation) -> str:
    """Which of the catalogs' variants fits: what reduced or doubled the points, or left nothing of them."""
    if computation.overlapping:
        return "overlapping"
    if computation.repeat_factor == 0:
        return "exhausted"
    repeated = computation.repeat_factor != 1
    doubled = computation.skill_factor != 1
    return {(False, False): "plain", (True, False): "skilled", (False, True): "repeated", (True, True): "both"}[
        doubled, repeated
    ]
