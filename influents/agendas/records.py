"""The shapes in which agendas are handed out, brought into one.

Opendatasoft's exports (a flat list; `records` with `fields`, of its API v1; `records` with `record`, v2.0; `results`,
v2.1) and OpenAgenda's own API v2 (`events`, `event`). A record becomes one level of fields with lower-case names:
`location.postalCode` of the one is `location_postalcode`, as it is called in the other.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import BinaryIO

from influents.agendas.json_files import END, UnreadableAgenda, members
from influents.agendas.texts import one_line, shortened

_LISTS = ("records", "results", "events")
_TELLING = re.compile(r"title(_[a-z]{2})?|timings|timetable|firstdate_begin|date_start")
_LOOKED_AT = 1000
"""Records within which one must tell what it is."""

_NUMBER = re.compile(r"-?[0-9]{1,9}")


class Fields(dict[str, object]):
    """What a record says, by lower-case names."""

    @cached_property
    def spoken(self) -> tuple[str, ...]:
        """The names that end in a language: `title_de`."""
        return tuple(sorted(name for name in self if name[-3:-2] == "_"))


class Unusable(Exception):  # noqa: N818 - a reason, as in RejectedRecord
    """Why a record, or a date of it, can't be taken: a code, and what was written."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = shortened(one_line(detail), 100)


def records(file: BinaryIO) -> Iterator[object]:
    """Every record of a file, as it stands there, while the file is read.

    Raises:
        UnreadableAgenda: It isn't JSON, none of the shapes above, or breaks off.
    """
    waiting: list[object] = []
    telling = False
    for record in _listed(file):
        if not telling:
            waiting.append(record)
            telling = any(_TELLING.fullmatch(name) for name in fields_of(record) or ())
            if telling or len(waiting) >= _LOOKED_AT:
                _refuse_unless(telling)
                yield from waiting
                waiting.clear()
            continue
        yield record
    _refuse_unless(telling or not waiting)


def _listed(file: BinaryIO) -> Iterator[object]:
    found = False
    for name, value in members(file, _LISTS, what="events exported by OpenAgenda or Opendatasoft"):
        if name in {*_LISTS, ""} or (name == "event" and isinstance(value, Mapping)):
            found = True
            if value is not END:
                yield value
    if not found:
        raise UnreadableAgenda(f"Expected a list of events, or an object with one under {' or '.join(_LISTS)}")


def _refuse_unless(telling: bool) -> None:
    if not telling:
        raise UnreadableAgenda("No record has a title or a date: expected events exported by OpenAgenda")


def fields_of(record: object) -> Fields | None:
    """What a record says, on one level with lower-case names; None for what is no object."""
    if not isinstance(record, Mapping):
        return None
    inner = record.get("record")
    record = inner if isinstance(inner, Mapping) else record
    said = record.get("fields")
    fields = Fields(recordid=record.get("recordid") or record.get("id"))
    for name, value in (said if isinstance(said, Mapping) else record).items():
        if str(name).lower() == "location" and isinstance(value, Mapping):
            fields |= {f"location_{part}".lower(): each for part, each in value.items()}
        else:
            fields[str(name).lower()] = value
    return fields


def text_in(fields: Fields, *names: str) -> str:
    """The first of these fields that says something, in French if it can, else in English, else in what there is."""
    for name in names:
        for value in _in_languages(fields, name):
            said = _said(value)
            if said.strip():
                return said
    return ""


def _in_languages(fields: Fields, name: str) -> Iterator[object]:
    for each in (f"{name}_fr", name, f"{name}_en"):
        if (value := fields.get(each)) is not None:  # most records have few of the fields that there could be
            yield value
    yield from (fields[each] for each in fields.spoken if each[:-3] == name)


def _said(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        spoken = (value.get("fr"), value.get("en"), *value.values())
        return next((each for each in spoken if isinstance(each, str) and each.strip()), "")
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def words_in(fields: Fields, *names: str) -> list[str]:
    """Keywords of all these fields, in every language they are given in; a text with separators counts as several."""
    found: list[str] = []
    for name in names:
        for value in {id(each): loaded(each) for each in _in_languages(fields, name)}.values():
            by_language = list(value.values()) if isinstance(value, Mapping) else [value]
            for words in by_language:
                each = re.split(r"[,;|]| - ", words) if isinstance(words, str) else words
                found += [word for word in each if isinstance(word, str)] if isinstance(each, list) else []
    return found


def loaded(value: object) -> object:
    """A value, or what the JSON says that Opendatasoft wrote into a text; None if it is broken."""
    if not isinstance(value, str) or value.strip()[:1] not in {"[", "{"}:
        return value
    try:
        inner: object = json.loads(value)
    except (ValueError, RecursionError):
        return None
    return inner


def number_in(fields: Fields, name: str) -> int | None:
    """A code such as `6`, `"6"`, `{"id": 6, "label": …}` or that object as a text."""
    value = loaded(fields.get(name))
    value = value.get("id") if isinstance(value, Mapping) else value
    return int(value) if isinstance(value, int | str) and _NUMBER.fullmatch(str(value)) else None
