"""What every reader makes of what stands in its format, and the rows that come of it: the same rules for all.

A reader tells where things stand (`Record`); what they mean here is decided in this file. A record that can't be taken
is a `RejectedRecord` and harms no other. The reasons:

- of a record: `not-an-object`, `unreadable`, `no-id`, `not-published`, `no-title`, `no-date`, `too-many-dates`,
  `recurs-too-often`, `unknown-time-zone`, `no-city` (where people meet in person), `no-theme`;
- of one of its dates: `unreadable-date`, `ends-before-start`, `repeated-date`;
- what the domain refuses of an event, by the name of the refusal: `too-short`, `ends-too-soon`…
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from domain.events import EventDetails, EventFormat, check_details
from domain.imports import ImportedEvent, RejectedRecord
from domain.words import ThemeCode
from influents.agendas.places import NOWHERE, Place, territory_of, venue_of
from influents.agendas.records import Unusable
from influents.agendas.texts import one_line, plain, shortened
from influents.agendas.themes import ThemeMatch, named_themes, our_themes
from influents.agendas.timings import Timing, timing

_UNTIMED_MINUTES = 60
"""What a day without a time counts: an hour, as the policy counts what lasts more than a day."""

UNLESS_TOLD = timedelta(hours=1)
"""How long what begins at a time and says no end takes."""

_LONGEST_IDENTITY = 150
_LONGEST_ADDRESS = 2_000


@dataclass(frozen=True, slots=True)
class Date:
    """One date of a record; `key` tells it from the others, whatever becomes of them; the only one needs none."""

    key: str
    when: Timing


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What stands in an agenda of one event, as it is written there: marked up, too long or empty as may be.

    Attributes:
        identity: What the agenda calls it, which stays the same.
        name: What a person finds it by in a report; without one, its identity and its title.
        descriptions: The short one and the long one, or either.
        keywords: What it is about, in the agenda's own words or in ours.
        ways_in: What it costs, and how to register: a line each.
        pages: Addresses on the web, the best first.
        images: Likewise.
        rejected: What can't be taken of it.
    """

    identity: str
    title: str
    time_zone: str
    dates: Sequence[Date]
    rejected: Sequence[RejectedRecord] = ()
    name: str = ""
    descriptions: Sequence[str] = ()
    keywords: Sequence[str] = ()
    format: EventFormat = EventFormat.IN_PERSON
    place: Place = NOWHERE
    ways_in: Sequence[str] = ()
    pages: Sequence[str] = ()
    images: Sequence[str] = ()
    capacity: int | None = None
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Unsaid:
    """What holds where an agenda says nothing: the theme of events without a known keyword, where people meet."""

    theme: ThemeCode | None = None
    place: Place = field(default=NOWHERE)


def dates_of(
    written: Iterable[tuple[str, str]], zone: ZoneInfo, name: str, *, only: bool = False
) -> tuple[list[Date], list[RejectedRecord]]:
    """Beginnings and ends in their order, each with what tells it from the record's others; and those of no use.

    Args:
        written: Times in ISO 8601, or days.
        zone: Where times without an offset are.
        name: What a person finds the record by.
        only: Whether there can't be but one: it stays the same event when it is moved.
    """
    found: dict[str, Timing] = {}
    rejected: list[RejectedRecord] = []
    for begin, end in written:
        try:
            when = timing(begin, end, zone)
        except Unusable as unusable:
            rejected.append(RejectedRecord(name, unusable.reason, unusable.detail))
            continue
        # Instants, so that a date is the same in every notation and stays so when others are added.
        key = when.starts_at.isoformat().replace("+00:00", "Z") if when.timed else begin
        if found.setdefault(key, when) != when:
            rejected.append(RejectedRecord(name, "repeated-date", f"{begin} – {end}"))
    dates = sorted(found.items(), key=lambda each: each[1].starts_at)
    return [Date("" if only else key, when) for key, when in dates], rejected


def rows_of(record: Record, unsaid: Unsaid) -> list[ImportedEvent | RejectedRecord]:
    """The events of a record, one a date, the earliest first; then what can't be taken of it."""
    try:
        return list(_events(record, unsaid))
    except Unusable as unusable:
        return [RejectedRecord(record.name or named(record.identity, record.title), unusable.reason, unusable.detail)]


def _events(record: Record, unsaid: Unsaid) -> Iterator[ImportedEvent | RejectedRecord]:
    identity = _identity(record.identity)
    title = shortened(one_line(record.title), 200)
    if not title:
        raise Unusable("no-title")
    if not record.dates:
        if not record.rejected:
            raise Unusable("no-date")
        yield from record.rejected
        return
    name = record.name or named(record.identity, record.title)
    common, keywords = _details(record, title, unsaid)
    late: list[RejectedRecord] = []
    for date in record.dates:
        details = _at(date.when, common)
        if refusal := next(check_details(details), None):
            reason = refusal.sentence.removeprefix("refusal-")
            detail = ", ".join(filter(None, [".".join(refusal.path), date.key]))
            late.append(RejectedRecord(name, reason, detail))
        else:
            yield ImportedEvent(
                external_id=f"{identity}@{date.key}" if date.key else identity,
                details=details,
                cancelled=record.cancelled,
                themes_by=keywords,
            )
    yield from record.rejected
    yield from late


def _details(record: Record, title: str, unsaid: Unsaid) -> tuple[EventDetails, tuple[str, ...]]:
    """What is the same on all dates, and the keywords that told the themes."""
    description = _description(record.descriptions)
    matched = _themes(record, title, description, unsaid)
    online = record.format is EventFormat.ONLINE
    place = record.place if online or record.place.city else _somewhere(record.place, unsaid.place)
    venue = None if online else venue_of(place)
    if venue is None and not online:
        raise Unusable("no-city")
    first = record.dates[0].when
    ways_in = dict.fromkeys(filter(None, map(plain, record.ways_in)))
    details = EventDetails(
        title=title,
        description=shortened(description or title, 20_000),
        how_to_take_part=shortened("\n".join(ways_in), 5_000) or None,
        format=record.format,
        starts_at=first.starts_at,
        ends_at=first.ends_at,
        time_zone=record.time_zone,
        themes=matched.themes,
        engagement=1,
        venue=venue,
        territory=territory_of(place),
        website_url=next(filter(None, map(web_address, record.pages)), None),
        image_url=next(filter(None, map(web_address, record.images)), None),
        capacity=record.capacity,
    )
    return details, matched.keywords


def _at(when: Timing, details: EventDetails) -> EventDetails:
    minutes = None if when.timed else _UNTIMED_MINUTES
    return replace(details, starts_at=when.starts_at, ends_at=when.ends_at, effort_minutes=minutes)


def _identity(written: str) -> str:
    """What the agenda calls it, or a hash of that where an index couldn't hold it."""
    identity = one_line(written)
    if not identity:
        raise Unusable("no-id")
    return identity if len(identity) <= _LONGEST_IDENTITY else sha256(identity.encode()).hexdigest()


def _description(written: Sequence[str]) -> str:
    short, *longer = map(plain, written) if written else ("",)
    long = longer[0] if longer else ""
    return long if long.startswith(short) else f"{short}\n\n{long}".strip()


def _themes(record: Record, title: str, description: str, unsaid: Unsaid) -> ThemeMatch:
    """Those that its keywords name; else those that the table of keywords tells; else the one told for such events."""
    matched = named_themes(record.keywords)
    if not matched.themes:
        matched = our_themes().match(title=title, keywords=record.keywords, description=description)
    if matched.themes:
        return matched
    if unsaid.theme is None:
        raise Unusable("no-theme")
    return ThemeMatch((unsaid.theme,))


def _somewhere(place: Place, unsaid: Place) -> Place:
    """A place of which no town is known, in the town that is told for such."""
    if not unsaid.city:
        return place
    name = place.name or place.address or unsaid.name
    return replace(unsaid, name=name, latitude=place.latitude, longitude=place.longitude)


def web_address(written: str) -> str | None:
    """An address as browsers take it, or None."""
    address = one_line(written)
    address = f"https:{address}" if address.startswith("//") else address
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    good = parts.scheme in {"http", "https"} and parts.hostname and len(address) <= _LONGEST_ADDRESS
    return address if good and " " not in address else None


def named(identity: str, title: str) -> str:
    """What a person finds a record by."""
    title = shortened(one_line(title), 80)
    return f"{shortened(one_line(identity), 100)} {f'« {title} »' if title else ''}".strip()
