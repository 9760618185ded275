"""What a citizen's ledger amounts to: points, level, rank, and the way to the next level."""

from dataclasses import dataclass

from domain.policy import LEVELS, Policy, RankCode
from domain.words import Sentence


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of a citizen's ledger, and how many entries it has."""

    points: int = 0
    earned_points: int = 0
    entries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Influence:
    """Where a citizen stands. `earned_*` never contains what was self-declared (product.md, section 1)."""

    points: int
    earned_points: int
    level: int
    earned_level: int
    rank: RankCode
    points_to_next_level: int | None
    progress: float
    policy: Policy


def influence(totals: Totals, *, policy: Policy) -> Influence:
    """Total over all integers: below zero points it is level 1 with no progress."""
    level = policy.level_at(totals.points)
    top = level == LEVELS
    ceiling = None if top else policy.threshold(level + 1)
    return Influence(
        points=totals.points,
        earned_points=totals.earned_points,
        level=level,
        earned_level=policy.level_at(totals.earned_points),
        rank=policy.rank_of(level),
        points_to_next_level=None if ceiling is None else ceiling - totals.points,
        progress=_progress(totals.points, level, ceiling, policy),
        policy=policy,
    )


def _progress(points: int, level: int, ceiling: int | None, policy: Policy) -> float:
    if ceiling is None:
        return 1.0
    floor = policy.threshold(level)
    return max(0.0, (points - floor) / (ceiling - floor))


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
