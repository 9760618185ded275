"""A citizen's points over time: what each day, week, month or year brought, and where it led."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.policy import Policy

MOST_BUCKETS = 400


class TimelineInterval(StrEnum):
    """How long a bucket is."""

    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"
    YEAR = "YEAR"


FINE = (TimelineInterval.DAY, TimelineInterval.WEEK)
"""Buckets that would date what isn't listed (product.md, section 5)."""


class TooManyBuckets(ValueError):  # noqa: N818
    """More buckets than anybody looks at."""


@dataclass(frozen=True, slots=True)
class BucketSums:
    """What was recorded in a bucket; `withheld` is that which shows to others as points of its month alone."""

    start: date
    points: int
    participations: int
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Bucket:
    """A stretch of time, what it brought, and the points and the level at its end."""

    start: date
    participations: int
    points: int
    total: int
    level: int


def timeline(
    sums: Iterable[BucketSums], *, since: date, until: date, interval: TimelineInterval, policy: Policy
) -> Sequence[Bucket]:
    """Every bucket from the one of `since` to the one of `until`, those included in which nothing happened.

    Args:
        sums: What was recorded, of all times; `withheld` counts towards totals, from the first of its month on, and is
            in no day and no week.
        since: A day of the first bucket.
        until: A day of the last one.
        interval: How long buckets are.
        policy: What says which level so many points are.

    Raises:
        TooManyBuckets: there would be more than 400.
    """
    starts = list(_starts(since, until, interval))
    points: dict[date, int] = defaultdict(int)
    participations: dict[date, int] = defaultdict(int)
    growth: dict[date, int] = defaultdict(int)
    total = 0
    for each in sums:
        start = bucket_of(each.start, interval)
        if start < bucket_of(since, interval):
            total += each.points
            continue
        growth[start] += each.points
        if not (each.withheld and interval in FINE):
            points[start] += each.points
            participations[start] += each.participations
    buckets = []
    for start in starts:
        total += growth[start]
        buckets.append(Bucket(start, participations[start], points[start], total, policy.level_at(total)))
    return buckets


def bucket_of(day: date, interval: TimelineInterval) -> date:
    """The first day of the bucket that a day lies in; weeks begin on Monday."""
    match interval:
        case TimelineInterval.DAY:
            return day
        case TimelineInterval.WEEK:
            return day - timedelta(days=day.weekday())
        case TimelineInterval.MONTH:
            return day.replace(day=1)
        case TimelineInterval.YEAR:
            return day.replace(month=1, day=1)


def _starts(since: date, until: date, interval: TimelineInterval) -> Iterator[date]:
    start, count = bucket_of(since, interval), 0
    while start <= until:
        count += 1
        if count > MOST_BUCKETS:
            raise TooManyBuckets
        yield start
        try:
            start = _next(start, interval)
        except (OverflowError, ValueError):  # the last there is
            return


def _next(start: date, interval: TimelineInterval) -> date:
    match interval:
        case TimelineInterval.DAY:
            return start + timedelta(days=1)
        case TimelineInterval.WEEK:
            return start + timedelta(weeks=1)
        case TimelineInterval.MONTH:
            return bucket_of(start + timedelta(days=31), interval)
        case TimelineInterval.YEAR:
            return start.replace(year=start.year + 1)
