"""Events as an iCalendar (RFC 5545, 7986): what calendars of all makers subscribe to, or take in once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import icalendar

from domain.events import Event, EventFormat, EventStatus, Venue
from domain.words import Locale
from influents.feeds.listing import Listed
from influents.feeds.texts import clean, text
from influents.feeds.time_zones import time_zone
from schema.wording import say, theme_label

MEDIA_TYPE: Final = "text/calendar"
PRODUCT: Final = "-//Influents//Events//FR"
REFRESH: Final = timedelta(hours=1)
"""How often a calendar that subscribes should ask again."""
LONGEST_LINE: Final = 75
_WITHIN: Final = 0b1000_0000
"""How bytes begin that go on with a character, in UTF-8."""
_UTC_NAMES = frozenset({"UTC", "Etc/UTC", "Zulu", "Etc/Zulu", "UCT", "Etc/UCT", "Universal", "Etc/Universal"})


@dataclass(frozen=True, slots=True)
class Entry:
    """An event of a calendar.

    Attributes:
        listed: The event.
        revision: Rises with whatever changes in what the calendar says of it.
        status: CONFIRMED, TENTATIVE or CANCELLED.
        changed_at: When that was last.
        busy: Whether whoever has the calendar is taken up by it.
    """

    listed: Listed
    revision: int
    status: str
    changed_at: datetime
    busy: bool = False

    @classmethod
    def of(cls, listed: Listed) -> "Entry":
        """An event as it is to everybody."""
        event = listed.event
        status = "CANCELLED" if event.status is EventStatus.CANCELLED else "CONFIRMED"
        return cls(listed, event.revision, status, event.updated_at)


def calendar(entries: Sequence[Entry], *, name: str, locale: Locale, address: str) -> bytes:
    """A calendar of events, with the time zones that they are in.

    Args:
        entries: The events.
        name: What the calendar is called.
        locale: The language of what isn't written by people.
        address: The public address of the service.
    """
    made = icalendar.Calendar()
    made.add("PRODID", PRODUCT)
    made.add("VERSION", "2.0")
    made.add("CALSCALE", "GREGORIAN")
    for called in ("NAME", "X-WR-CALNAME"):
        made.add(called, text(name))
    made.add("REFRESH-INTERVAL", icalendar.vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    made.add("X-PUBLISHED-TTL", icalendar.vDuration(REFRESH))
    for zone, years in sorted(_years(entry.listed.event for entry in entries).items()):
        made.add_component(time_zone(zone, min(years), max(years)))
    for entry in entries:
        made.add_component(_event(entry, locale, address))
    return b"".join(map(_folded, filter(None, made.content_lines())))


def _folded(line: str) -> bytes:
    """A line in pieces of 75 bytes at most, between characters. The library's own way takes four times as long."""
    rest, pieces, most = line.encode(), [], LONGEST_LINE
    while len(rest) > most:
        end = most
        while rest[end] & 0b1100_0000 == _WITHIN:
            end -= 1
        pieces.append(rest[:end])
        rest, most = rest[end:], LONGEST_LINE - 1
    return b"\r\n ".join([*pieces, rest]) + b"\r\n"


def _event(entry: Entry, locale: Locale, address: str) -> icalendar.Event:
    listed, event = entry.listed, entry.listed.event
    details, made = event.details, icalendar.Event()
    made.add("UID", str(event.id))  # not its slug, nor our address: either may be another some day
    made.add("SEQUENCE", entry.revision)
    made.add("DTSTAMP", entry.changed_at)
    made.add("LAST-MODIFIED", entry.changed_at)
    made.add("DTSTART", _local(details.starts_at, details.time_zone))
    made.add("DTEND", _local(details.ends_at, details.time_zone))
    made.add("STATUS", entry.status)
    made.add("TRANSP", "OPAQUE" if entry.busy and entry.status != "CANCELLED" else "TRANSPARENT")
    made.add("SUMMARY", text(details.title))
    made.add("DESCRIPTION", text(details.description))
    for comment in (event.cancellation_reason, details.how_to_take_part):
        if comment:
            made.add("COMMENT", text(comment))
    made.add("CATEGORIES", icalendar.vCategory([text(say(theme_label(theme), locale)) for theme in details.themes]))
    made.add("URL", icalendar.vUri(listed.page(address)))
    if details.format is not EventFormat.IN_PERSON:
        made.add("CONFERENCE", icalendar.vUri(listed.page(address)), parameters={"VALUE": "URI"})
    if details.image_url:
        made.add("IMAGE", icalendar.vUri(details.image_url), parameters={"VALUE": "URI"})
    if details.venue:
        _add_venue(made, details.venue)
    if listed.organizer:
        # Nobody's address is told: an id says that two events have the same organiser, and can't be written to.
        organizer = icalendar.vCalAddress(f"urn:uuid:{listed.organizer.id}")
        organizer.params["CN"] = " ".join(clean(listed.organizer.name).split())
        made.add("ORGANIZER", organizer)
    return made


def _add_venue(made: icalendar.Event, venue: Venue) -> None:
    made.add("LOCATION", text(place(venue)))
    if venue.latitude is not None and venue.longitude is not None:
        made.add("GEO", (venue.latitude, venue.longitude))


def place(venue: Venue) -> str:
    """« Cantine Numérique, 20 rue de la Paix, 44000 Nantes »."""
    town = f"{venue.postal_code or ''} {venue.city}".strip()
    return ", ".join(filter(None, [venue.name, venue.address, town]))


def _local(moment: datetime, zone: str) -> datetime:
    """A moment on the clocks of its zone; in UTC where they show that time a second time, which no calendar can say."""
    if zone in _UTC_NAMES:
        return moment.astimezone(UTC)
    local = moment.astimezone(ZoneInfo(zone))
    return local.astimezone(UTC) if local.fold else local


def _years(events: Iterable[Event]) -> dict[str, set[int]]:
    """The years of the events in each time zone."""
    found: dict[str, set[int]] = defaultdict(set)
    for event in events:
        details = event.details
        for moment in (details.starts_at, details.ends_at):
            if (local := _local(moment, details.time_zone)).tzinfo is not UTC:
                found[details.time_zone].add(local.year)
    return found
