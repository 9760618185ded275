"""When the dates of a record begin and end, as instants."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from influents.agendas.records import Fields, Unusable, loaded, text_in

MOST_DATES = 800
"""OpenAgenda lets a record have no more."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Timing:
    """From an instant to another, in UTC. `timed` is False where only days were written."""

    starts_at: datetime
    ends_at: datetime
    timed: bool


def zone_called(name: str) -> ZoneInfo:
    """The time zone of that name; Europe/Paris where there is none."""
    name = name.strip() or "Europe/Paris"
    if name not in _zones():
        raise Unusable("unknown-time-zone", name)
    return ZoneInfo(name)


def written_timings(fields: Fields) -> list[tuple[str, str]]:
    """Begin and end of every date as the record writes them, each once and in its order.

    Records that list their dates are taken at their word (`timings`, or the older `timetable`). Of the others the
    first and the last date are known, or only the days from `date_start` to `date_end`: one event for it all.
    """
    listed = loaded(fields.get("timings"))
    timetable = fields.get("timetable")
    if isinstance(listed, list) and listed:
        _refuse_too_many(len(listed))
        found = [_begin_and_end(each) for each in listed]
    elif isinstance(timetable, str) and timetable.strip(" ;"):
        _refuse_too_many(timetable.count(";"))
        found = [_split(each) for each in timetable.split(";") if each.strip()]
    else:
        found = list(_first_and_last(fields))
    if not found:
        raise Unusable("no-date")
    return list(dict.fromkeys(found))


def timing(begin: str, end: str, zone: ZoneInfo) -> Timing:
    """One date, from what was written of it.

    What has no offset is local time. Of an hour that comes twice when the clock is put back the first is meant; one
    that is left out when it is put forward is read on the clock from before. An end before its start belongs to the
    next day, if that makes an event of it. A day without a time lasts from midnight to midnight.

    Raises:
        Unusable: It can't be read, or ends before it starts all the same.
    """
    written = f"{begin} – {end}"
    try:
        starts, ends = _instant(begin, zone), _instant(end, zone)
        if _DATE.fullmatch(end) or ends.astimezone(UTC) < starts.astimezone(UTC):
            ends += _DAY
        found = Timing(starts.astimezone(UTC), ends.astimezone(UTC), timed=not _DATE.fullmatch(begin))
    except (ValueError, OverflowError) as error:
        raise Unusable("unreadable-date", written) from error
    if found.ends_at < found.starts_at:
        raise Unusable("ends-before-start", written)
    return found


def day_or_time(begin: str, end: str, *, unless_told: timedelta) -> tuple[str, str]:
    """A date of which the end may be missing: that day, or what begins at a time takes as long as `unless_told`.

    What can't be read is passed on as it is, for `timing` to refuse.
    """
    if end:
        return begin, end
    if _DATE.fullmatch(begin):
        return begin, begin
    try:
        return begin, (datetime.fromisoformat(begin) + unless_told).isoformat()
    except (ValueError, OverflowError):
        return begin, begin


def _instant(written: str, zone: ZoneInfo) -> datetime:
    if _DATE.fullmatch(written):
        return datetime.combine(date.fromisoformat(written), time(), zone)
    instant = datetime.fromisoformat(written)
    return instant.replace(tzinfo=zone) if instant.tzinfo is None else instant.astimezone(zone)


def _refuse_too_many(dates: int) -> None:
    if dates > MOST_DATES:
        raise Unusable("too-many-dates", str(dates))


def _begin_and_end(each: object) -> tuple[str, str]:
    if isinstance(each, Mapping):
        begin, end = each.get("begin") or each.get("start"), each.get("end")
        if isinstance(begin, str) and isinstance(end, str):
            return begin.strip(), end.strip()
    return str(each)[:100], ""


def _split(each: str) -> tuple[str, str]:
    begin, _, end = each.strip().partition(" ")
    return begin, end.strip()


def _first_and_last(fields: Fields) -> Iterator[tuple[str, str]]:
    first, first_end, last, last_end, day, last_day = (
        text_in(fields, name).strip()
        for name in ("firstdate_begin", "firstdate_end", "lastdate_begin", "lastdate_end", "date_start", "date_end")
    )
    if first and first_end:
        yield first, first_end
        if last and last_end:
            yield last, last_end
    elif first and last_end:
        yield first, last_end
    elif day:
        yield day, last_day or day


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
