"""Time zones as calendars bring them along (VTIMEZONE): right for the years of their events, on both sides of a change.

A change that comes every year by one rule is written as that rule, as all readers know it; others each by itself, since
not all readers know lists of dates (RDATE).
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import icalendar

_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEK = 7


class _Reading(NamedTuple):
    """How the clocks of a zone stand to UTC at some time."""

    offset: timedelta
    name: str
    daylight: bool


@dataclass(frozen=True, slots=True)
class _Change:
    """From one reading to another; `local` is what the clocks from before show then."""

    local: datetime
    before: _Reading
    after: _Reading


def time_zone(name: str, first_year: int, last_year: int) -> icalendar.Timezone:
    """A time zone for events between two years, both included."""
    zone, years = icalendar.Timezone(), range(first_year - 1, last_year + 2)
    zone.add("TZID", name)
    changes = [change for year in years for change in _changes(name, year)]
    if not changes or changes[0].local.year >= first_year:
        start = _reading(ZoneInfo(name), datetime(years[0], 1, 1, tzinfo=UTC))
        zone.add_component(_observance(_Change(datetime(years[0], 1, 1), start, start)))  # noqa: DTZ001 - of these clocks
    kinds: dict[tuple[_Reading, _Reading], list[_Change]] = defaultdict(list)
    for change in changes:
        kinds[change.before, change.after].append(change)
    for alike in kinds.values():
        rule = _yearly(alike, years)
        for change in alike[:1] if rule else alike:
            observance = _observance(change)
            if rule:
                observance.add("RRULE", rule)
            zone.add_component(observance)
    return zone


def _observance(change: _Change) -> icalendar.TimezoneStandard | icalendar.TimezoneDaylight:
    observance = icalendar.TimezoneDaylight() if change.after.daylight else icalendar.TimezoneStandard()
    observance.add("DTSTART", change.local)
    observance.add("TZOFFSETFROM", change.before.offset)
    observance.add("TZOFFSETTO", change.after.offset)
    observance.add("TZNAME", change.after.name)
    return observance


def _yearly(changes: Sequence[_Change], years: Sequence[int]) -> dict[str, object] | None:
    """The rule by which a change comes every year, such as the last Sunday of March; None where there is none."""
    locals_, first = [each.local for each in changes], changes[0].local
    if [each.year for each in locals_] != list(years):
        return None
    if len({(each.month, each.weekday(), each.time()) for each in locals_}) > 1:
        return None
    places = {(each.day - 1) // _WEEK + 1 for each in locals_}
    last = all(each.day + _WEEK > monthrange(each.year, each.month)[1] for each in locals_)
    if not last and len(places) > 1:
        return None
    place = -1 if last else places.pop()
    return {"FREQ": "YEARLY", "BYMONTH": first.month, "BYDAY": f"{place}{_WEEKDAYS[first.weekday()]}"}


@lru_cache(4096)
def _changes(name: str, year: int) -> tuple[_Change, ...]:
    """When the clocks of a zone change within a year of UTC."""
    zone, found = ZoneInfo(name), []
    day, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    before = _reading(zone, day)
    while day < end:
        after = _reading(zone, day + _DAY)
        if after != before:
            found.append(_change(zone, day, day + _DAY, before, after))
        day, before = day + _DAY, after
    return tuple(found)


def _change(zone: ZoneInfo, early: datetime, late: datetime, before: _Reading, after: _Reading) -> _Change:
    """The change between two times, to the second."""
    while late - early > _SECOND:
        middle = early + (late - early) // 2
        middle = middle.replace(microsecond=0)
        early, late = (early, middle) if _reading(zone, middle) != before else (middle, late)
    return _Change((late + before.offset).replace(tzinfo=None), before, after)


def _reading(zone: ZoneInfo, moment: datetime) -> _Reading:
    local = moment.astimezone(zone)
    return _Reading(local.utcoffset() or timedelta(), local.tzname() or "", bool(local.dst()))
