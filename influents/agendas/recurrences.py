"""The dates of a series in a calendar: RRULE and RDATE, without EXDATE, and with what RECURRENCE-ID says anew.

A series is unfolded from a year ago to a year ahead, and to 400 dates at most. A date is known by when it would have
been by its rule, so that one that is moved stays the same event.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from math import prod
from zoneinfo import ZoneInfo

import icalendar
from recurring_ical_events import CalendarQuery

from influents.agendas.components import all_in, moment_in
from influents.agendas.records import Unusable

BACK = timedelta(days=366)
AHEAD = timedelta(days=366)
MOST = 400

_TOO_OFTEN = {"SECONDLY", "MINUTELY"}
_MOST_A_DAY = 24
_MOST_STEPS = 100_000
"""From its beginning until nobody looks any more: every day for 270 years, or every hour for 11."""
_OF_DAYS = {"BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYDAY", "BYSETPOS"}


def occurrences(
    parts: Sequence[icalendar.Event], zone: ZoneInfo, now: datetime
) -> Iterator[tuple[str, icalendar.Event]]:
    """Each date of a series as an event of its own, with what tells it from the others; the earliest first.

    Args:
        parts: The event with the rule, and those that say anew what is on one of its dates.
        zone: Where times without a zone are.
        now: The middle of what is unfolded.

    Raises:
        Unusable: The rule is of no use, or means more dates than are taken; then after those.
    """
    if not parts:
        return
    for part in parts:
        _refuse_too_often(part, now + AHEAD)
    calendar = icalendar.Calendar()
    for part in parts:
        calendar.add_component(_bounded(part, now + AHEAD))
    first, last = (now - BACK).date(), (now + AHEAD).date()
    try:
        found = CalendarQuery(calendar).between(first, last)
    except (ValueError, TypeError, OverflowError, AttributeError, KeyError) as error:
        raise Unusable("unreadable", str(error)) from error
    for event in islice(sorted(found, key=lambda each: _key(each, zone)), MOST):
        yield _key(event, zone), event
    if len(found) > MOST:
        raise Unusable("too-many-dates", f"{len(found)}, of which the first {MOST} are taken")


def _refuse_too_often(part: icalendar.Event, last: datetime) -> None:
    """What it takes to follow a rule is known before: nobody waits for one that is meant to take for ever."""
    start = moment_in(part, "DTSTART")
    days = (last.date() - date(start.year, start.month, start.day)).days if start else 0
    for rule in all_in(part, "RRULE"):
        if not isinstance(rule, icalendar.vRecur):
            continue
        if any(int(each) < 1 for each in rule.get("INTERVAL", [])):
            raise Unusable("unreadable", "INTERVAL")  # it would come to the same date again and again
        often = str(next(iter(rule.get("FREQ", [])), "")).upper()
        a_day = prod(len(rule.get(name, [0])) for name in ("BYHOUR", "BYMINUTE", "BYSECOND"))
        steps = days * a_day * (_MOST_A_DAY if often == "HOURLY" else 1)
        endless = often == "HOURLY" and not _OF_DAYS.isdisjoint(rule)  # where no day fits, it is followed to 9999
        if often in _TOO_OFTEN or a_day > _MOST_A_DAY or steps > _MOST_STEPS or endless:
            raise Unusable("recurs-too-often", often)


def _bounded(part: icalendar.Event, last: datetime) -> icalendar.Event:
    """The same, ending when nobody looks any more: a rule that no day fits would be followed for thousands of years."""
    rule, start = part.get("RRULE"), moment_in(part, "DTSTART")
    if not isinstance(rule, icalendar.vRecur) or "COUNT" in rule or "UNTIL" in rule or start is None:
        return part
    end = last.astimezone(UTC) + timedelta(days=1)
    until: date = end.replace(tzinfo=None) if isinstance(start, datetime) and start.tzinfo is None else end
    until = until if isinstance(start, datetime) else end.date()
    part["RRULE"] = icalendar.vRecur({**rule, "UNTIL": [until]})
    return part


def _key(event: icalendar.Event, zone: ZoneInfo) -> str:
    """When this date would have been: an instant, or a day."""
    moment = moment_in(event, "RECURRENCE-ID") or moment_in(event, "DTSTART")
    if not isinstance(moment, datetime):
        return str(moment)
    moment = moment.replace(tzinfo=zone) if moment.tzinfo is None else moment
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
