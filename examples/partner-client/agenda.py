"""Reads an agenda: OpenAgenda's JSON, or a CSV file with a header. A row that can't be read harms no other."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from influents_client.enums import EventFormat, ThemeCode
from influents_client.input_types import ImportedEventInput, VenueInput
from pydantic import JsonValue, ValidationError

Fields: TypeAlias = Mapping[str, JsonValue]
FORMATS = {1: EventFormat.IN_PERSON, 2: EventFormat.ONLINE, 3: EventFormat.HYBRID}
"""OpenAgenda's `attendanceMode`."""
CANCELLED = 6
"""Among OpenAgenda's `status`."""
LONGEST_TITLE, LONGEST_DESCRIPTION = 200, 20_000


class Unreadable(ValueError):  # noqa: N818
    """The file is no agenda."""


@dataclass(frozen=True)
class Row:
    """A row of an agenda: where it stands there, and the event, or why it is none."""

    place: str
    event: ImportedEventInput | None
    reason: str = ""


def rows_of(path: Path, *, theme: ThemeCode) -> Iterator[Row]:
    """Every row of a file. An event that says no theme is about `theme`.

    Raises:
        ValueError: the file is neither JSON with `events`, nor CSV in UTF-8.
    """
    yield from _of_csv(path, theme) if path.suffix.lower() == ".csv" else _of_json(path, theme)


def _of_csv(path: Path, theme: ThemeCode) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        for fields in reader:
            row = {name: (value or "").strip() for name, value in fields.items() if name}
            place = f"line {reader.line_num}"
            try:
                yield Row(place, _csv_event(row, theme))
            except (KeyError, ValueError) as wrong:
                yield Row(place, None, _why(wrong))


def _csv_event(row: Mapping[str, str], theme: ThemeCode) -> ImportedEventInput:
    themes = [ThemeCode(word) for word in row.get("themes", "").split()]
    place = {name: row[column] for name, column in _VENUE.items() if row.get(column)}
    optional = {name: row[column] for name, column in _OPTIONAL.items() if row.get(column)}
    return ImportedEventInput.model_validate(
        {
            "externalId": row["external_id"],
            "title": row["title"],
            "description": row["description"],
            "format": row.get("format") or ("IN_PERSON" if place else "ONLINE"),
            "startsAt": _moment(row["starts_at"]),
            "endsAt": _moment(row["ends_at"]),
            "themes": themes or [theme],
            "venue": place or None,
            "cancelled": row.get("cancelled", "").lower() in ("1", "true", "yes", "oui"),
            **optional,
        }
    )


_VENUE = {
    "name": "venue", "address": "address", "postalCode": "postal_code", "city": "city",
    "latitude": "latitude", "longitude": "longitude",
}  # fmt: skip
_OPTIONAL = {
    "engagement": "engagement", "capacity": "capacity", "effortMinutes": "effort_minutes", "territory": "territory",
    "websiteUrl": "website_url", "imageUrl": "image_url", "timeZone": "time_zone",
}  # fmt: skip


def _of_json(path: Path, theme: ThemeCode) -> Iterator[Row]:
    document: JsonValue = json.loads(path.read_text(encoding="utf-8"))
    events = document.get("events") if isinstance(document, dict) else document
    if not isinstance(events, list):
        raise Unreadable(f"{path}: an object with `events` is expected, or a list of them")
    for number, fields in enumerate(events, 1):
        yield from _dates_of(f"event {number}", fields, theme)


def _dates_of(place: str, fields: JsonValue, theme: ThemeCode) -> Iterator[Row]:
    """One event for each date: what takes place three times can be attended three times."""
    timings = fields.get("timings") if isinstance(fields, dict) else None
    if not isinstance(fields, dict) or not isinstance(timings, list) or not timings:
        yield Row(place, None, "no `timings`")
        return
    for timing in timings:
        span = timing if isinstance(timing, dict) else {}
        try:
            begin, end = (_moment(_text(span[name])) for name in ("begin", "end"))
            yield Row(place, _json_event(fields, begin, end, theme))
        except (KeyError, ValueError) as wrong:
            yield Row(place, None, _why(wrong))


def _json_event(fields: Fields, begin: datetime, end: datetime, theme: ThemeCode) -> ImportedEventInput:
    mode, where = fields.get("attendanceMode"), fields.get("location")
    title = _in_french(fields["title"])
    return ImportedEventInput(
        externalId=f"{fields['uid']}-{begin:%Y%m%dT%H%M%z}",
        title=title[:LONGEST_TITLE],
        description=(_in_french(fields.get("longDescription")) or _in_french(fields.get("description")) or title)[
            :LONGEST_DESCRIPTION
        ],
        format=FORMATS.get(mode, EventFormat.IN_PERSON) if isinstance(mode, int) else EventFormat.IN_PERSON,
        startsAt=begin,
        endsAt=end,
        venue=_venue(where) if isinstance(where, dict) else None,
        themes=[theme],
        cancelled=fields.get("status") == CANCELLED,
    )


def _venue(where: Fields) -> VenueInput | None:
    if not where.get("city"):
        return None
    known = ("name", "address", "postalCode", "city", "latitude", "longitude")
    return VenueInput.model_validate({name: where[name] for name in known if where.get(name) is not None})


def _in_french(text: JsonValue) -> str:
    """OpenAgenda writes texts by language: French where there is some, else what comes first."""
    if isinstance(text, dict):
        return _text(text.get("fr") or next(iter(text.values()), ""))
    return _text(text)


def _text(value: JsonValue) -> str:
    return value.strip() if isinstance(value, str) else ""


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text}: a time needs an offset, as in 2026-09-01T18:00:00+02:00")
    return moment


def _why(wrong: Exception) -> str:
    """What is wrong with a row, in a line."""
    if isinstance(wrong, ValidationError):
        return "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in wrong.errors())
    return f"no {wrong}" if isinstance(wrong, KeyError) else str(wrong)
