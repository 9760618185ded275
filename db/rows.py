"""Rows that are read like domain values: nothing is made of a row but what is asked of it."""

from abc import ABCMeta
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import fields
from enum import Enum
from functools import cache, partial
from itertools import repeat
from operator import attrgetter, itemgetter, methodcaller
from types import FunctionType
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar, cast, get_args, get_type_hints

import asyncpg
import sqlalchemy as sa

from domain.paging import Place
from domain.permissions import Caller

T = TypeVar("T")
PLACE = "place"
"""The attribute of rows that says where they stand: not of any domain value."""
MORE = "more"
"""Whether there is more of a list than a page of it shows: of the page, not of any row."""


class Composed(Generic[T]):
    """An attribute that is made of several columns, whose values `make` is given in their order."""

    def __init__(self, make: Callable[..., T], *columns: str) -> None:
        self.make, self.columns = make, columns

    def made(self) -> Callable[[tuple[Any, ...]], T]:  # Any: what the columns hold
        """The same, of all values together: a tuple of another kind without calling anything written in Python."""
        make = self.make
        if isinstance(make, type) and issubclass(make, tuple) and make is not tuple:
            return cast("Callable[[tuple[Any, ...]], T]", partial(tuple.__new__, make))
        return lambda values: make(*values)


class Column:
    """An attribute that is a column, by its name there; an enumeration's member by its value."""

    def __init__(self, name: str, members: Mapping[object, object] | None = None) -> None:
        self.name, self.members = name, members


class Told:
    """A property that a domain value has itself, and the columns that it looks at."""

    def __init__(self, *columns: str) -> None:
        self.columns = columns


class Aside(Generic[T]):
    """An attribute that is read only where it is known to be shown: None where it wasn't.

    Args:
        column: What it is in SQL, given who asks, and which attributes of it are shown: "" among them where it may be
            any. Any: what it holds.
        make: Makes the attribute of that, where it isn't that itself; None of None.
    """

    def __init__(
        self, column: Callable[[Caller, Set[str]], sa.ColumnElement[Any]], make: Callable[[Any], T] | None = None
    ) -> None:
        self.column, self.make = column, make


class PlacedRow(asyncpg.Record):
    """A row of a list: an item, and where it stands.

    Attributes:
        made_of: What its attributes are made of.
        column_of: Where those stand in the row that are a column as it is, by the ways that they are read.
        itself: Which attributes are the row once more: what lies flat in it.
        joined: Which attributes are parts of it.
        told: Which columns properties look at.
        aside: Which attributes are read only where they are shown.
        read_from: Which attribute is the row; None where it is the thing itself.
    """

    __slots__ = ()
    made_of: ClassVar[Mapping[str, Column | Composed[Any]]] = {}  # Any: what is made
    column_of: ClassVar[Mapping[str, str]] = {}
    itself: ClassVar[frozenset[str]] = frozenset()
    joined: ClassVar[Mapping[str, "Joined[Any]"]] = {}
    told: ClassVar[Mapping[str, Told]] = {}
    aside: ClassVar[Mapping[str, Aside[Any]]] = {}
    read_from: ClassVar[str | None] = None

    @property
    def item(self) -> "PlacedRow":
        return self

    @property
    def place(self) -> Place:
        [place] = cast("Iterable[Place]", self.places([self]))  # who asks has said that it is shown
        return place

    @staticmethod
    def places(rows: Sequence[asyncpg.Record]) -> Iterable[Place] | None:
        """Where each of many rows stands; None where that wasn't read.

        Lists that are read by rows are ordered by one column, and then by the id where that isn't unique.
        """
        if "place_0" not in rows[0]:
            return None
        return map(_PLACE, rows) if "place_1" in rows[0] else zip(map(itemgetter("place_0"), rows), strict=True)


_PLACE = cast("Callable[[asyncpg.Record], Place]", itemgetter("place_0", "place_1"))


class Part(NamedTuple):
    """A row that is part of another: what stands beside it in the same row, under names that begin in the same way."""

    row: asyncpg.Record


_ROW = attrgetter("row")


class Joined(Generic[T]):
    """An attribute that is read off what is joined to a row: None where nothing is."""

    def __init__(self, kind: type[T], rows: type[T], prefix: str) -> None:
        """Say what is joined.

        Args:
            kind: What it is.
            rows: The class of its own rows, from `read_as`.
            prefix: What the names of its columns begin with.
        """
        self.rows, self.prefix, self.key = cast("type[PlacedRow]", rows), prefix, f"{prefix}id"
        attributes: dict[str, object] = {"__slots__": (), "__doc__": kind.__doc__, "__getitem__": _prefixed(prefix)}
        attributes |= _told(self.rows)
        attributes |= {name: _read_in_part(of, prefix) for name, of in self.rows.made_of.items()}
        attributes |= {name: _read_aside_in_part(prefix + name, of) for name, of in self.rows.aside.items()}
        attributes |= {"read_from": "row", "prefix": prefix, "aside": self.rows.aside}
        attributes["column_of"] = {name: prefix + key for name, key in self.rows.column_of.items()}
        self.parts = type(f"{kind.__name__}Part", (Part,), attributes)
        if isinstance(kind, ABCMeta):
            kind.register(self.parts)

        key, made = self.key, cast("Callable[[tuple[asyncpg.Record]], T]", partial(tuple.__new__, self.parts))
        self.of: Callable[[Any], T | None] = lambda row: None if row[key] is None else made((row,))
        """What is joined to a row. Any: the row."""
        self.made = made
        """The same where something is, of a tuple that holds the row."""


def _prefixed(prefix: str) -> Callable[[Part, str], object]:
    def read(part: Part, name: str) -> object:
        return part.row[prefix + name]

    return read


def joined(columns: Iterable[sa.ColumnElement[Any]], prefix: str) -> list[sa.Label[Any]]:
    """The columns of what is joined, under names for `Joined`. Any: what they hold."""
    return [column.label(prefix + str(column.key)) for column in columns]


def read_as(
    kind: type[T], *parts: type, **made: Callable[[Any], object] | Composed[Any] | Joined[Any] | Aside[Any] | Told | str
) -> type[T]:
    """A class of rows that have every attribute of `kind`, and of the parts that lie flat beside it in a row.

    A field is the column of its name, an enumeration's the member of that value. Methods and properties are those of
    `kind`, and where that is abstract such rows count as its own.

    Args:
        kind: A dataclass of the domain.
        parts: Dataclasses that are fields of `kind`, which are the row as well.
        made: How fields are had that aren't a column of their name: another column, several, what is joined, or what a
            function makes of the row. Any: a row, and what is made.
    """
    attributes: dict[str, object] = {"__slots__": (), "__doc__": kind.__doc__}
    made_of: dict[str, Column | Composed[Any]] = {}
    flat: dict[str, str] = {}
    itself: set[str] = set()
    beside: dict[str, Joined[Any]] = {}
    told: dict[str, Told] = {}
    aside: dict[str, Aside[Any]] = {}
    for each in (kind, *parts):
        hints = get_type_hints(each)
        attributes |= _told(each)
        for name in (field.name for field in fields(each)):
            if hints[name] in parts:
                attributes[name] = property(_itself)
                itself.add(name)
                flat |= {f"{name}.{field.name}": field.name for field in fields(hints[name])}
            else:
                made_of[name] = Column(name, _members(hints[name]))
    for name, how in made.items():
        made_of.pop(name, None)
        if isinstance(how, Joined):
            attributes[name] = property(how.of)
            beside[name] = how
        elif isinstance(how, Told):
            told[name] = how
        elif isinstance(how, Aside):
            aside[name] = how
            attributes[name] = property(_read_aside(name, how))
        elif callable(how):
            attributes[name] = property(how)
        else:
            made_of[name] = Column(how) if isinstance(how, str) else how
    attributes |= {name: _read(of) for name, of in made_of.items()}
    as_they_are = {name: of.name for name, of in made_of.items() if isinstance(of, Column) and of.members is None}
    flat = {way: as_they_are[name] for way, name in flat.items() if name in as_they_are}
    attributes |= {"made_of": made_of, "column_of": as_they_are | flat}
    attributes |= {"itself": frozenset(itself), "joined": beside, "told": told, "aside": aside}
    rows = type(f"{kind.__name__}Row", (PlacedRow,), attributes)
    if isinstance(kind, ABCMeta):
        kind.register(rows)
    return cast("type[T]", rows)


def columns(of: Sequence[object], *names: str) -> list[tuple[Any, ...]] | None:
    """Several columns of many rows, or parts, of one class: nothing written in Python is called for each.

    Any: what they hold. None where they are anything else.
    """
    kind = _class_of(of)
    if issubclass(kind, Part):
        return list(zip(*map(itemgetter(*(kind.prefix + name for name in names)), map(_ROW, of)), strict=True))
    if issubclass(kind, PlacedRow):
        return list(zip(*map(itemgetter(*names), cast("Sequence[PlacedRow]", of)), strict=True))
    return None


def attributes(of: Sequence[object], name: str) -> list[Any]:
    """An attribute of each of many things. Any: what it holds.

    Of rows, or parts, of one class nothing written in Python is called for each where it is a column, or joined to all;
    nor is it to read what is read aside.
    """
    kind = _class_of(of)
    if issubclass(kind, (PlacedRow, Part)) and name in kind.aside:
        rows, prefix = (map(_ROW, of), kind.prefix) if issubclass(kind, Part) else (of, "")
        values, make = map(asyncpg.Record.get, rows, repeat(prefix + name)), kind.aside[name].make
        return list(values if make is None else map(make, values))
    if issubclass(kind, Part) and name in kind.column_of:
        return list(map(itemgetter(kind.column_of[name]), map(_ROW, of)))
    joined = kind.joined.get(name) if issubclass(kind, PlacedRow) else None
    if joined is not None and None not in map(itemgetter(joined.key), cast("Sequence[PlacedRow]", of)):
        return list(map(joined.made, zip(of, strict=True)))
    return list(map(attrgetter(name), of))


def _class_of(things: Iterable[object]) -> Any:  # Any: a class whose things may say of what they are read
    """The one class of many things; of several, what tells nothing of them."""
    kinds = set(map(type, things))
    return kinds.pop() if len(kinds) == 1 else object


def value_of(kind: type[T], row: T, **parts: object) -> T:
    """What a row says as a value that stands by itself, and that can be changed with `dataclasses.replace`.

    Args:
        kind: What it is.
        row: A row that is read like one.
        parts: Fields that are something else than what the row says.
    """
    names, read = _reading(cast("Any", kind))  # Any: a class, which is hashable
    return kind(**dict(zip(names, read(row), strict=True)) | parts)


@cache
def _reading(kind: type) -> tuple[tuple[str, ...], Callable[[object], tuple[object, ...]]]:
    """The names of the fields of a dataclass, and what reads all of them off a row."""
    names = tuple(field.name for field in fields(kind))
    return names, attrgetter(*names)


def _told(of: type) -> dict[str, object]:
    """The methods and properties of a class."""
    return {
        name: value
        for name, value in vars(of).items()
        if isinstance(value, FunctionType | property) and not name.startswith("__")
    }


def _itself(row: T) -> T:
    return row


def _read(of: Column | Composed[Any]) -> property:  # Any: what is made
    """Reads what something is made of off its row."""
    if isinstance(of, Composed) and len(of.columns) == 1:
        make_one, column = of.make, of.columns[0]
        return property(lambda row: make_one(row[column]))
    if isinstance(of, Composed):
        make, values = of.made(), itemgetter(*of.columns)
        return property(lambda row: make(values(row)))
    name, members = of.name, of.members
    if members is None:
        return property(itemgetter(name))
    return property(lambda row: members[row[name]])


def _read_aside(key: str, of: Aside[Any]) -> Callable[[Any], object]:  # Any: what is made, and a row
    """Reads what may not be there."""
    value_in, make = methodcaller("get", key), of.make
    return value_in if make is None else lambda row: make(value_in(row))


def _read_aside_in_part(key: str, of: Aside[Any]) -> property:  # Any: what is made
    """The same off a part."""
    read = _read_aside(key, of)
    return property(lambda part: read(part.row))


def _read_in_part(of: Column | Composed[Any], prefix: str) -> property:  # Any: what is made
    """The same off a part."""
    if isinstance(of, Composed) and len(of.columns) == 1:
        make_one, column = of.make, prefix + of.columns[0]
        return property(lambda part: make_one(part.row[column]))
    if isinstance(of, Composed):
        make, values = of.made(), itemgetter(*(prefix + name for name in of.columns))
        return property(lambda part: make(values(part.row)))
    key, members = prefix + of.name, of.members
    if members is None:
        return property(lambda part: part.row[key])
    return property(lambda part: members[part.row[key]])


def _members(hint: Any) -> Mapping[object, object] | None:  # Any: a type's annotation
    for each in (hint, *get_args(hint)):
        if isinstance(each, type) and issubclass(each, Enum):
            return {None: None} | {member.value: member for member in each}
    return None
