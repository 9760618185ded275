"""Points over time as shapes: where lines, areas and labels of the chart go. In integers where SVG needs no more."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import ceil, floor, log10

from domain.timeline import Bucket

MOST_POINTS = 80
"""How many points the line has at most: more than that nobody could tell apart."""
MOST_YEARS = 8
FEW_MONTHS = 18
"""So many months have labels of their own; more have one each January."""
STEPS = (1, 2, 5, 10)


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the chart is drawn."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A number beside the chart, and its line."""

    y: float
    points: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A date below the chart: the year alone, or a month. `anchor` is SVG's `text-anchor`."""

    x: float
    month: date
    whole_year: bool
    anchor: str = "middle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Paths in SVG's words, and what is written beside them.

    Attributes:
        line: The points at the end of each stretch.
        earned: Below it, down to what was self-declared.
        declared: What was self-declared, down to zero; None where nothing was.
        end: Where the line ends.
        goal: Where the next level is; None at the last.
    """

    line: str
    earned: str
    declared: str | None
    end: tuple[float, float]
    goal: float | None
    zero: float
    ticks: Sequence[Tick]
    marks: Sequence[Mark]


def chart(buckets: Sequence[Bucket], *, declared: int, goal: int | None, frame: Frame) -> Chart:
    """The chart of months, one at least.

    Args:
        buckets: The months, none left out.
        declared: How many of the points, from the first month on, were self-declared.
        goal: The points at which the next level starts.
        frame: Where it goes.
    """
    drawn = thinned(buckets)
    totals = [bucket.total for _, bucket in drawn]
    ticks = scale(min(0, *totals), max(goal or 1, *totals, declared))
    high, low = ticks[-1], ticks[0]
    across = (frame.right - frame.left) / max(1, len(buckets) - 1)

    def x(place: int) -> float:
        return round(frame.left + place * across, 1)

    def y(points: int) -> float:
        return round(frame.bottom - (points - low) / (high - low) * (frame.bottom - frame.top), 1)

    places = [x(place) for place, _ in drawn]
    if len(places) == 1:
        places, totals = [frame.left, frame.right], totals * 2
    # What was taken away below what was self-declared was taken from that.
    base = [min(declared, max(total, 0)) for total in totals]
    line = list(zip(places, map(y, totals), strict=True))
    floor_line = list(zip(places, map(y, base), strict=True))
    return Chart(
        line=_path(line),
        earned=_path([*line, *reversed(floor_line)]) + "Z",
        declared=_path([*floor_line, (places[-1], y(0)), (places[0], y(0))]) + "Z" if declared else None,
        end=line[-1],
        goal=None if goal is None else y(goal),
        zero=y(0),
        ticks=[Tick(y(points), points) for points in ticks],
        marks=_marks([bucket.start for bucket in buckets], x, frame),
    )


def thinned(buckets: Sequence[Bucket], most: int = MOST_POINTS) -> Sequence[tuple[int, Bucket]]:
    """Some of them with their places, evenly: the first, the last, and what was highest and lowest, always."""
    if len(buckets) <= most:
        return list(enumerate(buckets))
    step = ceil(len(buckets) / (most - 3))
    last = len(buckets) - 1
    kept = {0, *range(last, 0, -step)}
    kept |= {pick(range(last + 1), key=lambda place: buckets[place].total) for pick in (min, max)}
    return [(place, buckets[place]) for place in sorted(kept)]


def scale(low: int, high: int, steps: int = 5) -> Sequence[int]:
    """Round numbers from below `low` to above `high`, a few."""
    raw = max(1.0, (high - low) / steps)
    power = 10 ** floor(log10(raw))
    step = next(int(power * each) for each in STEPS if power * each >= raw)
    return range(floor(low / step) * step, ceil(high / step) * step + 1, step)


def _marks(months: Sequence[date], x: Callable[[int], float], frame: Frame) -> Sequence[Mark]:
    last = len(months) - 1
    if last < FEW_MONTHS:
        places = sorted({round(last * part / 3) for part in range(4)}) if last > 2 else range(last + 1)  # noqa: PLR2004
        return [Mark(x(place), months[place], False, _anchor(x(place), frame)) for place in places]
    januaries = [place for place, month in enumerate(months) if month.month == 1]
    step = ceil(len(januaries) / MOST_YEARS)
    return [Mark(x(place), months[place], True) for place in reversed(januaries[::-step])]


def _anchor(x: float, frame: Frame) -> str:
    return "start" if x <= frame.left else "end" if x >= frame.right else "middle"


def _path(points: Sequence[tuple[float, float]]) -> str:
    """A path through points; those that lie on a straight level between two others are left out."""
    kept = [points[0]]
    for (before, here), (_, after) in zip(pairwise(points), pairwise(points[1:]), strict=False):
        if not before[1] == here[1] == after[1]:
            kept.append(here)
    kept.append(points[-1])
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in kept)
