"""What an organisation can put in its report, with nothing that tells of fewer than a few people."""

from dataclasses import dataclass
from typing import NamedTuple

FEWEST_NEWCOMERS = 5
FEWEST_RATINGS = 3


class ImpactSums(NamedTuple):
    """What was counted."""

    events: int = 0
    participants: int = 0
    newcomers: int = 0
    minutes: int = 0
    points: int = 0
    ratings: int = 0
    answers: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """What is told. `newcomers` is None under five, `average_rating` under three answers."""

    events: int
    participants: int
    newcomers: int | None
    hours: float
    points_awarded: int
    average_rating: float | None


def impact(sums: ImpactSums) -> Impact:
    return Impact(
        events=sums.events,
        participants=sums.participants,
        newcomers=sums.newcomers if sums.newcomers >= FEWEST_NEWCOMERS else None,
        hours=round(sums.minutes / 60, 1),
        points_awarded=sums.points,
        average_rating=round(sums.ratings / sums.answers, 2) if sums.answers >= FEWEST_RATINGS else None,
    )
