"""The scoring policy: the numbers of product.md, section 2, with a version and a date.

Policies are data: files that are read into the database once and never changed after.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise, repeat
from typing import Any
from zoneinfo import ZoneInfo

LEVELS = 20
UNREACHED = 2**31 - 1
"""More points than anybody has."""
LARGEST_FACTOR = 999
"""What the ledger keeps of a factor: three digits, and three decimals."""
PARIS = ZoneInfo("Europe/Paris")
_COUNTS = (
    "points_per_hour_and_star",
    "maximum_minutes",
    "long_event_minutes",
    "contributions_for_skill",
    "organizers_for_skill",
    "organizing_minimum_participants",
)

_KEYS = {
    "version",
    "effective_from",
    "levels",
    "ranks",
    *_COUNTS,
    "minimum_points",
    "skill_multiplier",
    "repeat_window_days",
    "repeat_factors",
}
"""All that a policy file says; what else it says nobody would notice to be ignored."""


class RankCode(StrEnum):
    """A name for a stretch of levels."""

    NEWCOMER = "NEWCOMER"
    ENGAGED = "ENGAGED"
    CONFIRMED = "CONFIRMED"
    SEASONED = "SEASONED"
    LEADING = "LEADING"
    INFLUENTIAL = "INFLUENTIAL"


_RANKS = tuple(RankCode)


class InvalidPolicy(ValueError):  # noqa: N818
    """A policy file says something that can't be; the message tells what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What counts how much. Factors are exact decimals, times are minutes or days."""

    version: str
    effective_from: date
    level_points: tuple[int, ...]
    rank_levels: Mapping[RankCode, int]
    points_per_hour_and_star: int
    maximum_minutes: int
    minimum_points: int
    long_event_minutes: int
    skill_multiplier: Decimal
    contributions_for_skill: int
    organizers_for_skill: int
    repeat_window_days: int
    repeat_factors: tuple[Decimal, ...]
    organizing_minimum_participants: int

    def __post_init__(self) -> None:
        problem = next(self._problems(), None)
        if problem:
            raise InvalidPolicy(problem)

    def _problems(self) -> Iterator[str]:
        if len(self.level_points) != LEVELS or self.level_points[0] != 0:
            yield f"levels: {LEVELS} thresholds are needed, the first of them 0"
        if not _rises(self.level_points):
            yield "levels: each threshold lies above the one before"
        firsts = [self.rank_levels.get(rank, 0) for rank in RankCode]
        if firsts[0] != 1 or firsts[-1] > LEVELS or not _rises(firsts):
            yield f"ranks: each rank needs its first level, the lowest 1 and each above the one before, up to {LEVELS}"
        yield from self._wrong_numbers()
        yield from self._wrong_factors()

    def _wrong_numbers(self) -> Iterator[str]:
        for name in _COUNTS:
            if getattr(self, name) < 1:
                yield f"{name}: 1 or more"
        for name in ("minimum_points", "repeat_window_days"):
            if getattr(self, name) < 0:
                yield f"{name}: 0 or more"

    def _wrong_factors(self) -> Iterator[str]:
        if not self.repeat_factors or not all(_kept_exactly(factor) for factor in self.repeat_factors):
            yield "repeat_factors: one at least, none below 0, with three decimals at most"
        if not _kept_exactly(self.skill_multiplier) or self.skill_multiplier < 1:
            yield "skill_multiplier: 1 or more, with three decimals at most"
        if not all(_kept_exactly(self.skill_multiplier * factor) for factor in self.repeat_factors):
            yield "skill_multiplier, repeat_factors: their products have three decimals at most"

    def level_at(self, points: int) -> int:
        """The level from 1 to 20 that so many points reach. Below zero it is 1."""
        return bisect_right(self.level_points, points, 1)

    def levels_at(self, points: Iterable[int]) -> Iterator[int]:
        """The same for many: nothing written in Python is called for each."""
        return map(bisect_right, repeat(self.level_points), points, repeat(1))

    def points_of_levels(self, minimum: int | None, maximum: int | None) -> tuple[int | None, int | None]:
        """From how many points on, and below how many, a level lies between two; None where there is no bound."""
        least = None if minimum is None or minimum <= 1 else self._beginning(minimum)
        below = None if maximum is None or maximum >= LEVELS else self._beginning(maximum + 1)
        return least, below

    def _beginning(self, level: int) -> int:
        """The points of a level, and more than anybody has for one that there is not."""
        return self.threshold(max(1, level)) if level <= LEVELS else UNREACHED

    def threshold(self, level: int) -> int:
        """The points at which a level starts."""
        return self.level_points[level - 1]

    def rank_of(self, level: int) -> RankCode:
        """The rank that a level belongs to."""
        return _RANKS[bisect_right(_RANKS, level, key=self.rank_levels.__getitem__) - 1]

    def repeat_factor(self, repeats: int) -> Decimal:
        """What the next award from one citizen organiser counts after so many others; the last factor goes on."""
        return self.repeat_factors[min(repeats, len(self.repeat_factors) - 1)]


@dataclass(frozen=True, slots=True)
class Policies:
    """Every policy there is or was, the oldest first."""

    all: Sequence[Policy]

    @classmethod
    def of(cls, policies: Iterable[Policy]) -> "Policies":
        return cls(tuple(sorted(policies, key=lambda policy: policy.effective_from)))

    def in_force_at(self, moment: datetime) -> Policy:
        """The policy of that day in Paris; the first version covers everything before it."""
        day = moment.astimezone(PARIS).date()
        begun = [policy for policy in self.all if policy.effective_from <= day]
        return begun[-1] if begun else self.all[0]

    @property
    def longest_repeat_window_days(self) -> int:
        """Of all of them."""
        return max(policy.repeat_window_days for policy in self.all)

    def in_force_between(self, policy: Policy) -> tuple[datetime, datetime]:
        """From which moment on a policy is in force, and from which no more."""
        days = [each.effective_from for each in self.all]
        place = days.index(policy.effective_from)
        begins = _midnight(days[place]) if place else datetime.min.replace(tzinfo=UTC)
        ends = _midnight(days[place + 1]) if place + 1 < len(days) else datetime.max.replace(tzinfo=UTC)
        return begins, ends

    def trying(self, proposed: Policy, *, instead: Policy) -> "Policies":
        """The same, as if `proposed` had been in force from the first day of another on, in its place."""
        tried = replace(proposed, effective_from=instead.effective_from)
        return Policies.of(tried if each == instead else each for each in self.all)

    def version(self, version: str) -> Policy | None:
        return next((policy for policy in self.all if policy.version == version), None)


def policy_from(document: Mapping[str, Any]) -> Policy:  # Any: what a TOML file may hold
    """Read a policy document, as `tomllib` gives it.

    Raises:
        InvalidPolicy: something is missing, unknown, of the wrong kind, or can't be.
    """
    unknown = document.keys() - _KEYS
    if unknown:
        raise InvalidPolicy(f"{min(unknown)}: unknown")
    try:
        return Policy(
            version=str(document["version"]),
            effective_from=_day(document["effective_from"]),
            level_points=tuple(_whole(points) for points in document["levels"]),
            rank_levels={RankCode(name): _whole(level) for name, level in document["ranks"].items()},
            points_per_hour_and_star=_whole(document["points_per_hour_and_star"]),
            maximum_minutes=_whole(document["maximum_minutes"]),
            minimum_points=_whole(document["minimum_points"]),
            long_event_minutes=_whole(document["long_event_minutes"]),
            skill_multiplier=Decimal(str(document["skill_multiplier"])),
            contributions_for_skill=_whole(document["contributions_for_skill"]),
            organizers_for_skill=_whole(document["organizers_for_skill"]),
            repeat_window_days=_whole(document["repeat_window_days"]),
            repeat_factors=tuple(Decimal(str(factor)) for factor in document["repeat_factors"]),
            organizing_minimum_participants=_whole(document["organizing_minimum_participants"]),
        )
    except KeyError as missing:
        raise InvalidPolicy(f"{missing.args[0]}: missing") from missing
    except (AttributeError, TypeError, ValueError, ArithmeticError) as wrong:
        raise InvalidPolicy(str(wrong)) from wrong


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), PARIS)


def _day(value: object) -> date:
    return value if type(value) is date else date.fromisoformat(str(value))


def _whole(value: object) -> int:
    """A whole number as it was written: nothing is cut off in silence."""
    if type(value) is not int:
        raise TypeError(f"{value!r} is no whole number")
    return value


def _rises(numbers: Sequence[int]) -> bool:
    return all(low < high for low, high in pairwise(numbers))


def _kept_exactly(factor: Decimal) -> bool:
    """Whether the ledger can keep a factor as it is."""
    return factor.is_finite() and 0 <= factor <= LARGEST_FACTOR and factor == factor.quantize(Decimal("0.001"))
