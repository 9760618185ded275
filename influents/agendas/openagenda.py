"""Events of OpenAgenda, from its own JSON or from open data that Opendatasoft exports.

`records(document)` is the list to go through, `events_of(record)` what one of them holds. A record that can't be
taken is a `RejectedRecord` and harms no other. The reasons:

- of a record: `not-an-object`, `no-id`, `not-published`, `no-title`, `no-date`, `too-many-dates`,
  `unknown-time-zone`, `no-city` (where people meet in person), `no-theme`;
- of one of its dates: `unreadable-date`, `ends-before-start`, `repeated-date`;
- what the domain refuses of an event, by the name of the refusal: `too-short`, `ends-too-soon`…
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from domain.events import EventDetails, EventFormat, check_details
from domain.imports import ImportedEvent, RejectedRecord
from domain.words import ThemeCode
from influents.agendas.places import territory_of, venue_of
from influents.agendas.records import (
    Fields,
    UnreadableAgenda,
    Unusable,
    fields_of,
    loaded,
    number_in,
    records,
    text_in,
    words_in,
)
from influents.agendas.texts import one_line, plain, shortened
from influents.agendas.themes import ThemeMatch, our_themes
from influents.agendas.timings import Timing, timing, written_timings, zone_of

__all__ = ["UnreadableAgenda", "events_of", "records"]

# What OpenAgenda's numbers mean: attendanceMode, state, status.
_FORMATS = {1: EventFormat.IN_PERSON, 2: EventFormat.ONLINE, 3: EventFormat.HYBRID}
_PUBLISHED = 2
_MOVED_ONLINE = 3
_NOT_TAKING_PLACE = {4, 6}
"""Postponed to a day that nobody knows yet, and cancelled."""

_CANCELLED_IN_TITLE = re.compile(r"[\[(]\s*annul[ée]e?s?\b|^\W*annul[ée]e?s?\s*[:!–—-]", re.IGNORECASE)
_UNTIMED_MINUTES = 60
"""What a day without a time counts: an hour, as the policy counts what lasts more than a day."""


def events_of(record: object, *, fallback_theme: ThemeCode | None = None) -> list[ImportedEvent | RejectedRecord]:
    """The events of a record, one a date, the earliest first; then what can't be taken of it.

    Args:
        record: One of `records(document)`.
        fallback_theme: What an event without any keyword is about; such records are rejected where this is None.
    """
    fields = fields_of(record)
    if fields is None:
        return [RejectedRecord(_excerpt(record), "not-an-object")]
    try:
        return list(_events(fields, fallback_theme))
    except Unusable as unusable:
        return [RejectedRecord(_name(fields), unusable.reason, unusable.detail)]


def _events(fields: Fields, fallback_theme: ThemeCode | None) -> Iterator[ImportedEvent | RejectedRecord]:
    identity = _identity(fields)
    if number_in(fields, "state") not in {None, _PUBLISHED}:
        raise Unusable("not-published")
    title = _title(fields)
    if not title:
        raise Unusable("no-title")
    written = written_timings(fields)
    zone = zone_of(fields)
    timings, rejected = _timings(written, zone, _name(fields))
    if timings:
        matched = _themes(fields, title, fallback_theme)
        common = _details(fields, title, timings[0][1], zone, matched.themes)
        cancelled = number_in(fields, "status") in _NOT_TAKING_PLACE or bool(_CANCELLED_IN_TITLE.search(title))
        for date, when in timings:
            details = _at(when, common)
            if refusal := next(check_details(details), None):
                reason = refusal.sentence.removeprefix("refusal-")
                rejected.append(RejectedRecord(_name(fields), reason, f"{'.'.join(refusal.path)}, {date}"))
            else:
                yield ImportedEvent(
                    external_id=f"{identity}@{date}",
                    details=details,
                    cancelled=cancelled,
                    themes_by=matched.keywords,
                )
    yield from rejected


def _timings(
    written: list[tuple[str, str]], zone: ZoneInfo, name: str
) -> tuple[list[tuple[str, Timing]], list[RejectedRecord]]:
    """The dates in their order, each with what tells it from the record's others; and those that can't be used."""
    found: dict[str, Timing] = {}
    rejected: list[RejectedRecord] = []
    for begin, end in written:
        try:
            when = timing(begin, end, zone)
        except Unusable as unusable:
            rejected.append(RejectedRecord(name, unusable.reason, unusable.detail))
            continue
        # Instants, so that a date is the same in every notation and stays so when others are added.
        date = when.starts_at.isoformat().replace("+00:00", "Z") if when.timed else begin
        if found.setdefault(date, when) != when:
            rejected.append(RejectedRecord(name, "repeated-date", f"{begin} – {end}"))
    return sorted(found.items(), key=lambda each: each[1].starts_at), rejected


def _at(when: Timing, details: EventDetails) -> EventDetails:
    minutes = None if when.timed else _UNTIMED_MINUTES
    return replace(details, starts_at=when.starts_at, ends_at=when.ends_at, effort_minutes=minutes)


def _details(fields: Fields, title: str, when: Timing, zone: ZoneInfo, themes: tuple[ThemeCode, ...]) -> EventDetails:
    form = _format(fields)
    venue = venue_of(fields)
    if venue is None and form is not EventFormat.ONLINE:
        raise Unusable("no-city")
    return EventDetails(
        title=title,
        description=shortened(_description(fields) or title, 20_000),
        how_to_take_part=shortened("\n".join(_ways_in(fields)), 5_000) or None,
        format=form,
        starts_at=when.starts_at,
        ends_at=when.ends_at,
        time_zone=zone.key,
        themes=themes,
        engagement=1,
        venue=venue if form is not EventFormat.ONLINE else None,
        territory=territory_of(fields),
        website_url=next(_addresses(fields), None),
        image_url=_image(fields),
    )


def _identity(fields: Fields) -> str:
    identity = one_line(text_in(fields, "uid", "recordid", "slug"))
    if not 0 < len(identity) <= 100:  # noqa: PLR2004 - longer ones would not fit an index
        raise Unusable("no-id")
    return identity


def _title(fields: Fields) -> str:
    return shortened(one_line(text_in(fields, "title")), 200)


def _description(fields: Fields) -> str:
    short = plain(text_in(fields, "description"))
    long = plain(text_in(fields, "longdescription", "free_text"))
    return long if long.startswith(short) else f"{short}\n\n{long}".strip()


def _format(fields: Fields) -> EventFormat:
    if number_in(fields, "status") == _MOVED_ONLINE:
        return EventFormat.ONLINE
    return _FORMATS.get(number_in(fields, "attendancemode") or 1, EventFormat.IN_PERSON)


def _themes(fields: Fields, title: str, fallback_theme: ThemeCode | None) -> ThemeMatch:
    keywords = words_in(fields, "keywords", "tags", "category")
    matched = our_themes().match(title=title, keywords=keywords, description=_description(fields))
    if matched.themes:
        return matched
    if fallback_theme is None:
        raise Unusable("no-theme")
    return ThemeMatch((fallback_theme,))


def _ways_in(fields: Fields) -> list[str]:
    """What it costs, and where to register, a line each."""
    conditions = plain(text_in(fields, "conditions", "pricing_info"))
    online = "" if _format(fields) is EventFormat.IN_PERSON else text_in(fields, "onlineaccesslink")
    return list(dict.fromkeys(filter(None, [conditions, *map(one_line, _registrations(fields)), one_line(online)])))


def _registrations(fields: Fields) -> list[str]:
    given = loaded(fields.get("registration"))
    values = [each.get("value") if isinstance(each, Mapping) else each for each in _as_list(given)]
    return [value for value in values if isinstance(value, str)]


def _addresses(fields: Fields) -> Iterator[str]:
    pages = (text_in(fields, name) for name in ("canonicalurl", "link"))
    for address in (*pages, *_registrations(fields), text_in(fields, "onlineaccesslink")):
        if found := _web_address(address):
            yield found


def _image(fields: Fields) -> str | None:
    image = loaded(fields.get("image"))
    if isinstance(image, Mapping):
        image = f"{image.get('base', '')}{image['filename']}" if image.get("filename") else image.get("url")
    return _web_address(image) if isinstance(image, str) else None


def _web_address(text: str) -> str | None:
    address = one_line(text)
    address = f"https:{address}" if address.startswith("//") else address
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    good = parts.scheme in {"http", "https"} and parts.hostname and len(address) <= 2_000 and " " not in address  # noqa: PLR2004
    return address if good else None


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _name(fields: Fields) -> str:
    identity = shortened(one_line(text_in(fields, "uid", "recordid", "slug")), 100)
    title = shortened(_title(fields), 80)
    return f"{identity} {f'« {title} »' if title else ''}".strip() or _excerpt(fields)


def _excerpt(record: object) -> str:
    return shortened(json.dumps(record), 80)
