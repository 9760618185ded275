"""Events of OpenAgenda, from its own JSON or from open data that Opendatasoft exports.

`records(file)` goes through the list, `events_of(record)` tells what one of them holds: an event for each of its dates.
"""

import json
import re
from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

from domain.events import EventFormat
from domain.imports import ImportedEvent, RejectedRecord
from influents.agendas.places import Place
from influents.agendas.records import Fields, Unusable, fields_of, loaded, number_in, records, text_in, words_in
from influents.agendas.rows import Record, Unsaid, dates_of, named, rows_of
from influents.agendas.texts import one_line, shortened
from influents.agendas.timings import written_timings, zone_called

__all__ = ["events_of", "records"]

# What OpenAgenda's numbers mean: attendanceMode, state, status.
_FORMATS = {1: EventFormat.IN_PERSON, 2: EventFormat.ONLINE, 3: EventFormat.HYBRID}
_PUBLISHED = 2
_MOVED_ONLINE = 3
_NOT_TAKING_PLACE = {4, 6}
"""Postponed to a day that nobody knows yet, and cancelled."""

_CANCELLED_IN_TITLE = re.compile(r"[\[(]\s*annul[ée]e?s?\b|^\W*annul[ée]e?s?\s*[:!–—-]", re.IGNORECASE)
_DEPARTMENT = ("location_department", "location_adminlevel2", "department")
_REGION = ("location_region", "location_adminlevel1", "region")
_COUNTRY = ("location_countrycode", "countrycode", "location_country", "country")


def events_of(record: object, unsaid: Unsaid = Unsaid()) -> list[ImportedEvent | RejectedRecord]:  # noqa: B008 - frozen
    """The events of a record, one a date, the earliest first; then what can't be taken of it."""
    fields = fields_of(record)
    if fields is None:
        return [RejectedRecord(_excerpt(record), "not-an-object")]
    try:
        return rows_of(_record(fields), unsaid)
    except Unusable as unusable:
        return [RejectedRecord(_name(fields), unusable.reason, unusable.detail)]


def _record(fields: Fields) -> Record:
    identity, title = text_in(fields, "uid", "recordid", "slug"), text_in(fields, "title")
    if not one_line(identity):
        raise Unusable("no-id")
    if number_in(fields, "state") not in {None, _PUBLISHED}:
        raise Unusable("not-published")
    if not one_line(title):
        raise Unusable("no-title")
    written = written_timings(fields)
    zone = _zone(fields)
    dates, rejected = dates_of(written, zone, _name(fields))
    return Record(
        identity=identity,
        name=_name(fields),
        title=title,
        time_zone=zone.key,
        dates=dates,
        rejected=rejected,
        descriptions=(text_in(fields, "description"), text_in(fields, "longdescription", "free_text")),
        keywords=words_in(fields, "keywords", "tags", "category"),
        format=_format(fields),
        place=_place(fields),
        ways_in=_ways_in(fields),
        pages=tuple(_addresses(fields)),
        images=tuple(_images(fields)),
        cancelled=number_in(fields, "status") in _NOT_TAKING_PLACE or bool(_CANCELLED_IN_TITLE.search(one_line(title))),
    )


def _zone(fields: Fields) -> ZoneInfo:
    return zone_called(text_in(fields, "timezone", "location_timezone"))


def _format(fields: Fields) -> EventFormat:
    if number_in(fields, "status") == _MOVED_ONLINE:
        return EventFormat.ONLINE
    return _FORMATS.get(number_in(fields, "attendancemode") or 1, EventFormat.IN_PERSON)


def _place(fields: Fields) -> Place:
    latitude, longitude = _position(fields)
    return Place(
        name=text_in(fields, "location_name", "placename"),
        address=text_in(fields, "location_address", "address"),
        postal_code=text_in(fields, "location_postalcode", "postalcode", "postal_code"),
        city=text_in(fields, "location_city", "location_adminlevel4", "city"),
        department=text_in(fields, *_DEPARTMENT),
        region=text_in(fields, *_REGION),
        country=text_in(fields, *_COUNTRY),
        latitude=latitude,
        longitude=longitude,
    )


def _position(fields: Fields) -> tuple[object, object]:
    pair = loaded(fields.get("location_coordinates") or fields.get("latlon"))
    if isinstance(pair, str):
        pair = pair.split(",")
    if isinstance(pair, dict):
        pair = [pair.get("lat"), pair.get("lon")]
    if not isinstance(pair, list):
        pair = [fields.get("location_latitude"), fields.get("location_longitude")]
    return (pair[0], pair[1]) if len(pair) == 2 else (None, None)  # noqa: PLR2004 - a pair


def _ways_in(fields: Fields) -> list[str]:
    """What it costs, and where to register."""
    online = "" if _format(fields) is EventFormat.IN_PERSON else text_in(fields, "onlineaccesslink")
    online = "" if online in _pages(fields) else online
    return [text_in(fields, "conditions", "pricing_info"), *map(one_line, _registrations(fields)), one_line(online)]


def _registrations(fields: Fields) -> list[str]:
    given = loaded(fields.get("registration"))
    values = [each.get("value") if isinstance(each, Mapping) else each for each in _as_list(given)]
    return [value for value in values if isinstance(value, str)]


def _addresses(fields: Fields) -> Iterator[str]:
    yield from _pages(fields)
    yield from _registrations(fields)
    yield text_in(fields, "onlineaccesslink")


def _pages(fields: Fields) -> list[str]:
    return [text_in(fields, name) for name in ("canonicalurl", "link")]


def _images(fields: Fields) -> Iterator[str]:
    image = loaded(fields.get("image"))
    if isinstance(image, Mapping):
        image = f"{image.get('base', '')}{image['filename']}" if image.get("filename") else image.get("url")
    if isinstance(image, str):
        yield image


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _name(fields: Fields) -> str:
    title = shortened(one_line(text_in(fields, "title")), 200)
    return named(text_in(fields, "uid", "recordid", "slug"), title) or _excerpt(fields)


def _excerpt(record: object) -> str:
    return shortened(json.dumps(record), 80)
