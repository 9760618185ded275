"""What a landing page tells of a place, with nothing that tells of fewer than a few people."""

from dataclasses import dataclass
from datetime import datetime

from domain.words import ThemeCode

FEWEST_PEOPLE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What was counted in a territory, on a theme or on all; `people` are those who attended."""

    theme: ThemeCode | None = None
    citizens: int = 0
    events: int = 0
    upcoming_events: int = 0
    organizations: int = 0
    attendances: int = 0
    people: int = 0
    minutes: int = 0
    counted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """What is told of it: 0 wherever fewer than five people stand behind a number."""

    theme: ThemeCode | None
    citizens: int
    events: int
    upcoming_events: int
    organizations: int
    attendances: int
    hours: float
    counted_at: datetime | None


def statistics(tally: Tally) -> Statistics:
    enough = tally.people >= FEWEST_PEOPLE
    return Statistics(
        theme=tally.theme,
        citizens=tally.citizens if tally.citizens >= FEWEST_PEOPLE else 0,
        events=tally.events,
        upcoming_events=tally.upcoming_events,
        organizations=tally.organizations,
        attendances=tally.attendances if enough else 0,
        hours=round(tally.minutes / 60, 1) if enough else 0.0,
        counted_at=tally.counted_at,
    )
