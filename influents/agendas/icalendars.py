"""Events of an iCalendar (RFC 5545), a VEVENT at a time; those that recur, date by date.

`records(file, now)` goes through all its calendars. What a series is on each of its dates is in `recurrences.py`; what
is kept until a calendar ends are the parts of its series alone.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import BinaryIO
from zoneinfo import ZoneInfo, available_timezones

import icalendar
from icalendar.prop import vBroken, vText
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from domain.events import EventFormat
from domain.imports import RejectedRecord
from influents.agendas.calendar_files import parts
from influents.agendas.components import all_in, duration_in, moment_in, text_in, texts_in
from influents.agendas.places import NOWHERE, Place, place_in_a_line
from influents.agendas.records import Unusable
from influents.agendas.recurrences import occurrences
from influents.agendas.rows import UNLESS_TOLD, Date, Record, named, web_address
from influents.agendas.texts import one_line
from influents.agendas.timings import Timing

PARIS = "Europe/Paris"
_ZONE = re.compile(r';TZID=(?:"([^"]*)"|([^:;"]*))', re.IGNORECASE)
_SERIES = re.compile(r"^(?:RRULE|RDATE|RECURRENCE-ID)[;:]", re.IGNORECASE | re.MULTILINE)
_NAME = re.compile(r"^UID[^:]*:(.*)$", re.IGNORECASE | re.MULTILINE)
_TITLE = re.compile(r"^SUMMARY[^:]*:(.*)$", re.IGNORECASE | re.MULTILINE)
_MEETINGS = (
    "CONFERENCE",
    "X-GOOGLE-CONFERENCE",
    "X-MICROSOFT-SKYPETEAMSMEETINGURL",
    "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK",
)


@dataclass(slots=True)
class _Calendar:
    """What a VCALENDAR says that holds for its events; and the parts of its series, until it ends."""

    zone: str = PARIS
    cancels: bool = False
    zones: set[str] = field(default_factory=set)
    series: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def records(file: BinaryIO, now: datetime) -> Iterator[Record | RejectedRecord]:
    """Every event of a file, or every date of one that recurs.

    Args:
        file: The calendars.
        now: Series are unfolded around it.

    Raises:
        UnreadableAgenda: There is no calendar, or the last one breaks off.
    """
    calendar: _Calendar | None = None
    for name, text in parts(file):
        match name:
            case "BEGIN":
                calendar = _Calendar()
            case "END" if calendar:
                for series in calendar.series.values():
                    yield from _read_series(series, calendar, now)
                calendar = None
            case "VTIMEZONE" if calendar:
                _learn_zone(text, calendar)
            case "VEVENT" if calendar:
                if _SERIES.search(text):
                    calendar.series[_found(_NAME, text)].append(text)
                else:
                    yield _read(text, calendar)
            case "X-WR-TIMEZONE" if calendar:
                calendar.zone = _known(text) or calendar.zone
            case "METHOD" if calendar:
                calendar.cancels = text.upper() == "CANCEL"


def _learn_zone(text: str, calendar: _Calendar) -> None:
    """Take a time zone that nobody else knows as the calendar describes it."""
    try:
        zone = icalendar.Timezone.from_ical(text)
        name = str(zone["TZID"])
        if _known(name) is None:
            icalendar.timezone.tzp.cache_timezone_component(zone)
            calendar.zones.add(name)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return  # whoever means it is told `unknown-time-zone`


def _read(text: str, calendar: _Calendar) -> Record | RejectedRecord:
    try:
        event = _parsed(text, calendar)
        return _record(event, calendar, key="")
    except Unusable as unusable:
        return RejectedRecord(_called(text), unusable.reason, unusable.detail)


def _read_series(series: list[str], calendar: _Calendar, now: datetime) -> Iterator[Record | RejectedRecord]:
    events: list[icalendar.Event] = []
    for text in series:
        try:
            events.append(_parsed(text, calendar))
        except Unusable as unusable:
            yield RejectedRecord(_called(text), unusable.reason, unusable.detail)
    try:
        for key, event in occurrences(events, ZoneInfo(calendar.zone), now):
            yield _one_of(event, calendar, key)
    except Unusable as unusable:
        yield RejectedRecord(_called(series[0]), unusable.reason, unusable.detail)


def _one_of(event: icalendar.Event, calendar: _Calendar, key: str) -> Record | RejectedRecord:
    try:
        return _record(event, calendar, key=key)
    except Unusable as unusable:
        return RejectedRecord(named(text_in(event, "UID"), text_in(event, "SUMMARY")), unusable.reason, unusable.detail)


def _parsed(text: str, calendar: _Calendar) -> icalendar.Event:
    """An event, with time zones by the names that everybody knows."""
    text = _ZONE.sub(lambda written: _zone_parameter(written, calendar), text)
    try:
        event = icalendar.Event.from_ical(text)
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise Unusable("unreadable", str(error)) from error
    if not isinstance(event, icalendar.Event):
        raise Unusable("unreadable")
    for name in ("DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "RRULE", "RDATE", "EXDATE"):
        if isinstance(event.get(name), vBroken):
            reason = "unreadable" if name in {"RRULE", "DURATION"} else "unreadable-date"
            raise Unusable(reason, f"{name} {event[name]}")
    return event


def _zone_parameter(written: re.Match[str], calendar: _Calendar) -> str:
    name = written[1] if written[1] is not None else written[2]
    known = _known(name)
    if known is None and name not in calendar.zones:
        raise Unusable("unknown-time-zone", name)
    return f';TZID="{known or name}"'


@cache
def _known(name: str) -> str | None:
    """The IANA name of a time zone that is called so: by it, as Windows does, or with a vendor's name before it."""
    for each in (name, WINDOWS_TO_OLSON.get(name.strip()), *("/".join(name.split("/")[at:]) for at in range(1, 4))):
        if each and each.strip("/ ") in available_timezones():
            return each.strip("/ ")
    return None


def _record(event: icalendar.Event, calendar: _Calendar, *, key: str) -> Record:
    when, zone = _when(event, calendar)
    form, place = _where(event)
    pages, meetings = texts_in(event, "URL"), _meetings(event)
    said = filter(None, (*texts_in(event, "COMMENT"), *texts_in(event, "CONTACT")))
    return Record(
        identity=text_in(event, "UID"),
        title=text_in(event, "SUMMARY"),
        time_zone=zone,
        dates=(Date(key, when),),
        descriptions=(text_in(event, "DESCRIPTION"),),
        keywords=_keywords(event),
        format=form,
        place=place,
        ways_in=(*said, *(each for each in meetings if each not in pages)),
        pages=(*pages, *meetings),
        images=(*texts_in(event, "IMAGE"), *_attached(event)),
        cancelled=calendar.cancels or text_in(event, "STATUS").upper() == "CANCELLED",
    )


def _when(event: icalendar.Event, calendar: _Calendar) -> tuple[Timing, str]:
    """When it is, and the time zone to show that in."""
    start = moment_in(event, "DTSTART")
    if start is None:
        raise Unusable("no-date")
    if not isinstance(start, datetime):
        zone = ZoneInfo(calendar.zone)
        end = _end(event, start, timedelta(days=1))
        begins, ends = (
            datetime.combine(day, datetime.min.time(), zone) for day in (start, max(end, start + timedelta(1)))
        )
        return Timing(begins.astimezone(UTC), ends.astimezone(UTC), timed=False), zone.key
    try:
        begins, ends = (_aware(each, calendar) for each in (start, _end(event, start, UNLESS_TOLD)))
        when = Timing(begins.astimezone(UTC), ends.astimezone(UTC), timed=True)
    except (ValueError, OverflowError) as error:
        raise Unusable("unreadable-date", str(start)) from error
    if when.ends_at < when.starts_at:
        raise Unusable("ends-before-start", f"{start} – {moment_in(event, 'DTEND')}")
    return when, getattr(begins.tzinfo, "key", None) or calendar.zone


def _end(event: icalendar.Event, start: date, unless_told: timedelta) -> date:
    end, length = moment_in(event, "DTEND"), duration_in(event)
    if end is not None and isinstance(end, datetime) == isinstance(start, datetime) and end != start:
        return end
    if length is None:
        return start + unless_told
    if isinstance(start, datetime) and start.tzinfo is not None and length < timedelta(days=1):
        # What lasts three hours does so on the night in which the clocks change, too.
        return (start.astimezone(UTC) + length).astimezone(start.tzinfo)
    return start + length


def _aware(moment: date, calendar: _Calendar) -> datetime:
    if not isinstance(moment, datetime):
        raise ValueError("a day, where a time is meant")  # noqa: TRY004 - of a calendar, not of a program
    if moment.tzinfo is None:
        return moment.replace(tzinfo=ZoneInfo(calendar.zone))
    return moment.astimezone(ZoneInfo(calendar.zone)) if getattr(moment.tzinfo, "key", "UTC") == "UTC" else moment


def _where(event: icalendar.Event) -> tuple[EventFormat, Place]:
    written = text_in(event, "LOCATION")
    online = bool(_meetings(event))
    if web_address(written) or not written.strip():
        return (EventFormat.ONLINE if online else EventFormat.IN_PERSON), NOWHERE
    place = place_in_a_line(written)
    geo = event.get("GEO")
    if isinstance(geo, list):  # written more than once
        geo = geo[0]
    if geo is not None and not isinstance(geo, vBroken):
        place = replace(place, latitude=geo.latitude, longitude=geo.longitude)
    return (EventFormat.HYBRID if online else EventFormat.IN_PERSON), place


def _meetings(event: icalendar.Event) -> list[str]:
    """Where one takes part from afar."""
    written = [each for name in (*_MEETINGS, "LOCATION") for each in texts_in(event, name)]
    return [address for each in written if (address := web_address(each))]


def _keywords(event: icalendar.Event) -> tuple[str, ...]:
    return tuple(str(word) for each in all_in(event, "CATEGORIES") for word in getattr(each, "cats", ()))


def _attached(event: icalendar.Event) -> list[str]:
    """Pictures among what is attached."""
    attached = all_in(event, "ATTACH")
    return [str(each) for each in attached if str(getattr(each, "params", {}).get("FMTTYPE", "")).startswith("image/")]


def _called(text: str) -> str:
    return named(_found(_NAME, text), vText.from_ical(_found(_TITLE, text))) or one_line(text[:80])


def _found(pattern: re.Pattern[str], text: str) -> str:
    return match[1].strip() if (match := pattern.search(text)) else ""
