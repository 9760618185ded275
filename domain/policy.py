"""The scoring policy: the numbers of product.md, section 2, with a version and a date.

Policies are data: files that are read into the database once and never changed after.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

LEVELS = 20
PARIS = ZoneInfo("Europe/Paris")


class RankCode(StrEnum):
    """A name for a stretch of levels."""

    NEWCOMER = "NEWCOMER"
    ENGAGED = "ENGAGED"
    CONFIRMED = "CONFIRMED"
    SEASONED = "SEASONED"
    LEADING = "LEADING"
    INFLUENTIAL = "INFLUENTIAL"


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
        if len(self.level_points) != LEVELS or self.level_points[0] != 0:
            raise InvalidPolicy(f"levels: {LEVELS} thresholds are needed, the first of them 0")
        if any(low >= high for low, high in zip(self.level_points, self.level_points[1:], strict=False)):
            raise InvalidPolicy("levels: each threshold lies above the one before")
        if set(self.rank_levels) != set(RankCode) or min(self.rank_levels.values()) != 1:
            raise InvalidPolicy("ranks: each rank needs its first level, and the lowest begins at 1")
        if not self.repeat_factors or min(self.repeat_factors) < 0:
            raise InvalidPolicy("repeat_factors: one at least, none below 0")
        if self.skill_multiplier < 1:
            raise InvalidPolicy("skill_multiplier: 1 or more")

    def level_at(self, points: int) -> int:
        """The level from 1 to 20 that so many points reach. Below zero it is 1."""
        return max(1, sum(points >= threshold for threshold in self.level_points))

    def threshold(self, level: int) -> int:
        """The points at which a level starts."""
        return self.level_points[level - 1]

    def rank_of(self, level: int) -> RankCode:
        """The rank that a level belongs to."""
        begun = [rank for rank, first in self.rank_levels.items() if first <= level]
        return max(begun, key=self.rank_levels.__getitem__)

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

    def version(self, version: str) -> Policy | None:
        return next((policy for policy in self.all if policy.version == version), None)


def policy_from(document: Mapping[str, Any]) -> Policy:  # Any: what a TOML file may hold
    """Read a policy document, as `tomllib` gives it.

    Raises:
        InvalidPolicy: something is missing, of the wrong kind, or can't be.
    """
    try:
        return Policy(
            version=str(document["version"]),
            effective_from=_day(document["effective_from"]),
            level_points=tuple(int(points) for points in document["levels"]),
            rank_levels={RankCode(name): int(level) for name, level in document["ranks"].items()},
            points_per_hour_and_star=int(document["points_per_hour_and_star"]),
            maximum_minutes=int(document["maximum_minutes"]),
            minimum_points=int(document["minimum_points"]),
            long_event_minutes=int(document["long_event_minutes"]),
            skill_multiplier=Decimal(str(document["skill_multiplier"])),
            contributions_for_skill=int(document["contributions_for_skill"]),
            organizers_for_skill=int(document["organizers_for_skill"]),
            repeat_window_days=int(document["repeat_window_days"]),
            repeat_factors=tuple(Decimal(str(factor)) for factor in document["repeat_factors"]),
            organizing_minimum_participants=int(document["organizing_minimum_participants"]),
        )
    except KeyError as missing:
        raise InvalidPolicy(f"{missing.args[0]}: missing") from missing
    except (TypeError, ValueError, ArithmeticError) as wrong:
        raise InvalidPolicy(str(wrong)) from wrong


def _day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
