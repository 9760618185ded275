"""What a citizen's ledger amounts to: points, level, rank, and the way to the next level."""

from collections.abc import Sequence
from functools import partial
from itertools import repeat
from typing import NamedTuple

from domain.policy import LEVELS, Policy, RankCode
from domain.words import Sentence


class Totals(NamedTuple):
    """The sums of a citizen's ledger, and how many entries it has."""

    points: int = 0
    earned_points: int = 0
    entries: int = 0


class Influence(NamedTuple):
    """Where a citizen stands. `earned_*` never contains what was self-declared (product.md, section 1).

    Total over all integers: below zero points it is level 1 with no progress.
    """

    points: int
    earned_points: int
    policy: Policy
    level: int

    @property
    def earned_level(self) -> int:
        return self.policy.level_at(self.earned_points)

    @property
    def rank(self) -> RankCode:
        return self.policy.rank_of(self.level)

    @property
    def points_to_next_level(self) -> int | None:
        """None at the highest one."""
        level = self.level
        return None if level == LEVELS else self.policy.threshold(level + 1) - self.points

    @property
    def progress(self) -> float:
        """The way through the level, from 0 to 1; 1 at the highest one."""
        level = self.level
        if level == LEVELS:
            return 1.0
        floor, ceiling = self.policy.threshold(level), self.policy.threshold(level + 1)
        return max(0.0, (self.points - floor) / (ceiling - floor))


def influence(totals: Totals, *, policy: Policy) -> Influence:
    """What the sums of a ledger amount to."""
    return Influence(totals.points, totals.earned_points, policy, policy.level_at(totals.points))


_influence = partial(tuple.__new__, Influence)


def influences(points: Sequence[int], earned_points: Sequence[int], *, policy: Policy) -> list[Influence]:
    """The same for many: hundreds in an answer, made without calling anything written in Python for each."""
    return list(map(_influence, zip(points, earned_points, repeat(policy), policy.levels_at(points), strict=False)))


def explain(of: Influence) -> Sentence:
    """Why this level, and what would bring the next one."""
    return Sentence(
        "influence-explanation",
        {
            "level": of.level,
            "points": of.points,
            "declared": of.points - of.earned_points,
            "earned": of.earned_points,
            "next": "none" if of.points_to_next_level is None else "some",
            "missing": of.points_to_next_level or 0,
            "nextLevel": of.level + 1,
        },
    )
