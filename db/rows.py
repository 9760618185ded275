"""Rows that are read like domain values: nothing is made of a row but what is asked of it."""

from abc import ABCMeta
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from enum import Enum
from operator import itemgetter
from types import FunctionType
from typing import Any, TypeVar, cast, get_args, get_type_hints

import asyncpg
import sqlalchemy as sa

from domain.paging import Place

T = TypeVar("T")


def plain(value: object) -> str | int | float:
    """A value of a place as JSON can hold it."""
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, (int, float)) else str(value)


class PlacedRow(asyncpg.Record):
    """A row of a list: an item, and where it stands."""

    __slots__ = ()

    @property
    def item(self) -> "PlacedRow":
        return self

    @property
    def place(self) -> Place:
        """Lists that are read by rows are ordered by one column, and then by the id."""
        return plain(self["place_0"]), plain(self["place_1"])


class Part:
    """A row that is part of another: what stands beside it in the same row, under names that begin in the same way."""

    __slots__ = ("row",)

    def __init__(self, row: asyncpg.Record) -> None:
        self.row = row


def part_of(kind: type[T], rows: type[T], prefix: str) -> Callable[[Any], T | None]:
    """Reads what is joined to a row: None where nothing is.

    Args:
        kind: What it is.
        rows: The class of its own rows, from `read_as`.
        prefix: What the names of its columns begin with.
    """
    attributes: dict[str, object] = {"__slots__": (), "__doc__": kind.__doc__}
    attributes["__getitem__"] = _prefixed(prefix)
    attributes |= {
        name: value
        for name, value in vars(rows).items()
        if isinstance(value, FunctionType | property) and not name.startswith("__")
    }
    parts = type(f"{kind.__name__}Part", (Part,), attributes)
    if isinstance(kind, ABCMeta):
        kind.register(parts)
    key = f"{prefix}id"
    return lambda row: None if row[key] is None else cast("T", parts(row))


def _prefixed(prefix: str) -> Callable[[Part, str], object]:
    def read(part: Part, name: str) -> object:
        return part.row[prefix + name]

    return read


def joined(columns: Iterable[sa.ColumnElement[Any]], prefix: str) -> list[sa.Label[Any]]:
    """The columns of what is joined, under names for `part_of`. Any: what they hold."""
    return [column.label(prefix + str(column.key)) for column in columns]


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
