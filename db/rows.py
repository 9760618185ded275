"""Rows that are read like domain values: nothing is made of a row but what is asked of it."""

from abc import ABCMeta
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from enum import Enum
from operator import itemgetter
from types import FunctionType
from typing import Any, TypeVar, cast, get_args, get_type_hints

import asyncpg

from domain.paging import Place

T = TypeVar("T")


def plain(value: object) -> str | int | float:
    """A value of a place as JSON can hold it."""
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, (int, float)) else str(value)


_PLACES = ("place_0", "place_1", "place_2", "place_3")
"""The columns of what a list is ordered by; no list is by more."""


class PlacedRow(asyncpg.Record):
    """A row of a list: an item, and where it stands."""

    __slots__ = ()

    @property
    def item(self) -> "PlacedRow":
        return self

    @property
    def place(self) -> Place:
        return tuple([plain(self[name]) for name in _PLACES[: sum(map(self.__contains__, _PLACES))]])


def read_as(kind: type[T], *parts: type, **made: Callable[[Any], object]) -> type[T]:
    """A class of rows that have every attribute of `kind`, and of the parts that lie flat beside it in a row.

    A field is the column of its name, an enumeration's the member of that value. Methods and properties are those of
    `kind`, and where that is abstract such rows count as its own.

    Args:
        kind: A dataclass of the domain.
        parts: Dataclasses that are fields of `kind`; `made` says how to get at them.
        made: How fields are had that aren't a column of their name. Any: a row.
    """
    attributes: dict[str, object] = {"__slots__": (), "__doc__": kind.__doc__}
    for each in (kind, *parts):
        hints = get_type_hints(each)
        own = {field.name: _column(field.name, hints[field.name]) for field in fields(each)}
        attributes |= own
        attributes |= {
            name: value
            for name, value in vars(each).items()
            if isinstance(value, FunctionType | property) and not name.startswith("__")
        }
    attributes |= {name: property(get) for name, get in made.items()}
    rows = type(f"{kind.__name__}Row", (PlacedRow,), attributes)
    if isinstance(kind, ABCMeta):
        kind.register(rows)
    return cast("type[T]", rows)


def _column(name: str, hint: Any) -> property:  # Any: a type's annotation
    members = _members(hint)
    if members is None:
        return property(itemgetter(name))
    return property(lambda row: members[row[name]])


def _members(hint: Any) -> Mapping[object, object] | None:
    for each in (hint, *get_args(hint)):
        if isinstance(each, type) and issubclass(each, Enum):
            return {None: None} | {member.value: member for member in each}
    return None
