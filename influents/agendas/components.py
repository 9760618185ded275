"""What a component of a calendar says, whatever the library made of it."""

from datetime import date, datetime, timedelta

import icalendar
from icalendar.prop import vBroken


def moment_in(event: icalendar.Event, name: str) -> date | datetime | None:
    """A day or a time."""
    value = getattr(event.get(name), "dt", None)
    return value if isinstance(value, date) else None


def duration_in(event: icalendar.Event) -> timedelta | None:
    value = getattr(event.get("DURATION"), "dt", None)
    return value if isinstance(value, timedelta) else None


def text_in(event: icalendar.Event, name: str) -> str:
    return next(iter(texts_in(event, name)), "")


def texts_in(event: icalendar.Event, name: str) -> list[str]:
    """What each property of that name says."""
    return [str(each) for each in all_in(event, name) if not isinstance(each, vBroken)]


def all_in(event: icalendar.Event, name: str) -> list[object]:
    given = event.get(name, [])
    return list(given) if isinstance(given, list) else [given]
