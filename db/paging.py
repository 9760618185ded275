"""Keyset pages: of one list, or of one list for each of many keys, always in a single statement."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from itertools import repeat
from math import isfinite
from operator import lt
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from db.rows import MORE, PLACE
from domain.paging import BadPlace, Page, Place, Placed, Window

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)
Row = sa.Row[*tuple[Any, ...]]  # Any: a row has the columns of its query
Column = sa.ColumnElement[Any] | InstrumentedAttribute[Any]

KEY: sa.types.TypeEngine[Any] = sa.Uuid()  # Any: ids are NewTypes of UUID, which SQLAlchemy's types don't know

NUMBER = "asked_number"
USUAL_SIZES = (1, 2, 3, 5, 10, 20, 50, 100)
LARGEST_NUMBER = 2**31 - 1
"""What the database's INTEGER holds."""
_UNKEPT = re.compile("[\x00\ud800-\udfff]")
"""What it keeps in no text."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is ordered by, its unique id last; the whole of it up or the whole of it down."""

    columns: tuple[Column, ...]
    descending: bool = False

    def by(self, *, reverse: bool) -> list[sa.UnaryExpression[Any]]:
        down = self.descending != reverse
        return [column.desc() if down else column.asc() for column in self.columns]

    def beyond(self, place: Place, *, reverse: bool) -> sa.ColumnElement[bool]:
        """What comes after a place, or before it in reverse."""
        mine, theirs = sa.tuple_(*self.columns), sa.tuple_(*self._values(place))
        return mine < theirs if self.descending != reverse else mine > theirs

    def place(self, row: Row) -> Place:
        return tuple(_plain(row._mapping[f"place_{number}"]) for number in range(len(self.columns)))

    def places(self) -> list[sa.Label[Any]]:
        return [sa.label(f"place_{number}", column) for number, column in enumerate(self.columns)]

    def past(self, named: str, *, reverse: bool) -> sa.ColumnElement[bool]:
        """The same, of a place that is put in when it is asked."""
        mine = sa.tuple_(*self.columns)
        theirs = sa.tuple_(
            *(sa.bindparam(f"{named}_{number}", type_=column.type) for number, column in enumerate(self.columns))
        )
        return mine < theirs if self.descending != reverse else mine > theirs

    def values(self, window: Window) -> dict[str, Any]:  # Any: what the columns hold
        """What is put in for a window."""
        found: dict[str, Any] = {}
        for named, place in (("after", window.after), ("before", window.before)):
            if place is not None:
                found |= {f"{named}_{number}": value for number, value in enumerate(self._typed(place))}
        return found

    def _typed(self, place: Place) -> list[object]:
        if len(place) != len(self.columns):
            raise BadPlace
        return [_typed(value, column.type.python_type) for value, column in zip(place, self.columns, strict=True)]

    def _values(self, place: Place) -> list[sa.BindParameter[Any]]:
        return [
            sa.bindparam(None, value, type_=column.type)
            for value, column in zip(self._typed(place), self.columns, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Ownership(Generic[K]):
    """Which list a row belongs to: the type of the lists' keys, and the condition for a key."""

    key_type: sa.types.TypeEngine[K]
    by: Callable[[sa.ColumnElement[K]], sa.ColumnElement[bool]]

    def asked(self, keys: Sequence[K] | None) -> tuple[sa.TableValuedAlias, sa.ColumnElement[K]]:
        """The keys as a table, and its column. Without keys they are put in as `keys` when it is asked."""
        column = sa.column("key", self.key_type)
        several = sa.ARRAY(self.key_type)
        array: sa.ColumnElement[Any] = (
            sa.bindparam("keys", type_=several) if keys is None else sa.cast(list(dict.fromkeys(keys)), several)
        )
        table = sa.func.unnest(array).table_valued(column, with_ordinality="number").render_derived(name="asked")
        return table, table.c.key


async def page(
    session: AsyncSession, rows: sa.Select[Any], order: Order, window: Window, read: Callable[[Row], T]
) -> Page[T]:
    """One page of one list.

    Args:
        session: Where to ask.
        rows: What is in the list.
        order: What it is ordered by.
        window: Which part of it.
        read: Makes an item of a row.
    """
    found = (await session.execute(_limited(rows, order, window))).all()
    return _page(found, order, window, read)


async def pages(
    session: AsyncSession,
    rows: sa.Select[Any],
    *,
    owned: Ownership[K],
    keys: Sequence[K],
    order: Order,
    window: Window,
    read: Callable[[Row], T],
) -> Mapping[K, Page[T]]:
    """The same page of one list for each key, by one LATERAL join: each costs its own index range, no more."""
    asked, key = owned.asked(keys)
    inner = _limited(rows.where(owned.by(key)), order, window).lateral("page")
    statement = sa.select(*inner.c, key.label("asked_key")).select_from(asked.join(inner, sa.true()))
    found: dict[K, list[Row]] = defaultdict(list)
    for row in await session.execute(statement):
        found[row.asked_key].append(row)
    return {key: _page(found[key], order, window, read) for key in keys}


def each_page(rows: sa.Select[Any], owned: Ownership[K], order: Order, window: Window) -> sa.Select[Any]:
    """The statement for a page of the list of each key: keys and places are put in when it is asked.

    A row says whose it is by the `NUMBER` of that key, from 1 on.
    """
    asked, key = owned.asked(None)
    inner = one_page(rows.where(owned.by(key)), order, window).lateral("page")
    return sa.select(*inner.c, asked.c.number.label(NUMBER)).select_from(asked.join(inner, sa.true()))


def each_total(rows: sa.Select[Any], owned: Ownership[K]) -> sa.Select[Any]:
    """The statement for how many there are in the list of each key, likewise: the totals, and whose they are."""
    asked, key = owned.asked(None)
    inner = one_total(rows.where(owned.by(key))).lateral("total")
    return sa.select(inner.c.total, asked.c.number.label(NUMBER)).select_from(asked.join(inner, sa.true()))


def one_total(rows: sa.Select[Any]) -> sa.Select[Any]:
    """The statement for how many there are in a list, of whose rows one column is read."""
    return rows.with_only_columns(sa.func.count().label("total"), maintain_column_froms=True)


def one_page(rows: sa.Select[Any], order: Order, window: Window) -> sa.Select[Any]:
    """The statement for a page of a list, likewise."""
    if window.after is not None:
        rows = rows.where(order.past("after", reverse=False))
    if window.before is not None:
        rows = rows.where(order.past("before", reverse=True))
    limit = sa.literal(rows_read(window), sa.BigInteger())
    if window.shown is None or PLACE in window.shown:
        rows = rows.add_columns(*order.places())
    return rows.order_by(*order.by(reverse=window.backward)).limit(limit)


def rows_read(window: Window) -> int:
    """How many rows are read for a window: one more than it shows, where whether there is one is shown, and some more
    where its size is an unusual one.

    It stands in the text of statements. Where it were put in when they are asked, the database would expect to have to
    find a tenth of everything, and plan anew each time to learn that it doesn't.
    """
    usual = (*USUAL_SIZES, window.limit)[bisect_left(USUAL_SIZES, window.limit)]
    return usual + (window.shown is None or MORE in window.shown)


async def count(session: AsyncSession, rows: sa.Select[Any]) -> int:
    """How many there are in a list."""
    total = await session.scalar(sa.select(sa.func.count()).select_from(rows.subquery()))
    return total or 0


async def is_empty(session: AsyncSession, rows: sa.Select[Any]) -> bool:
    """Whether there is nothing in a list. Counted: to look for the first only, a plan may read everything in order."""
    return await count(session, rows) == 0


async def counts(
    session: AsyncSession, rows: sa.Select[Any], *, owned: Ownership[K], keys: Sequence[K]
) -> Mapping[K, int]:
    """How many there are in the list of each key."""
    asked, key = owned.asked(keys)
    inner = one_total(rows.where(owned.by(key))).lateral("total")
    statement = sa.select(key.label("asked_key"), inner.c.total).select_from(asked.join(inner, sa.true()))
    return {row.asked_key: row.total for row in await session.execute(statement)}


def _limited(rows: sa.Select[Any], order: Order, window: Window) -> sa.Select[Any]:
    if window.after is not None:
        rows = rows.where(order.beyond(window.after, reverse=False))
    if window.before is not None:
        rows = rows.where(order.beyond(window.before, reverse=True))
    # One more than asked: it tells whether there are others.
    return rows.add_columns(*order.places()).order_by(*order.by(reverse=window.backward)).limit(window.limit + 1)


def _page(found: Sequence[Row], order: Order, window: Window, read: Callable[[Row], T]) -> Page[T]:
    return page_of(tuple(Placed(read(row), order.place(row)) for row in found), window)


def page_of(found: Sequence[Placed[T]], window: Window) -> Page[T]:
    """What a window shows, of items of which one more was asked for, unless nobody looks at whether there is one."""
    [shown] = pages_of([found], window)
    return shown


def pages_of(found: Sequence[Sequence[Placed[T]]], window: Window) -> list[Page[T]]:
    """The same of many lists: a page is made without calling anything written in Python for it."""
    more = list(map(partial(lt, window.limit), map(len, found)))
    kept = [each[: window.limit] for each in found] if True in more else found
    if window.backward:
        kept = [each[::-1] for each in kept]
        return list(map(_page_as, zip(kept, repeat(window.before is not None), more, strict=False)))
    return list(map(_page_as, zip(kept, more, repeat(window.after is not None), strict=False)))


_page_as = cast("Callable[[tuple[Sequence[Any], bool, bool]], Page[Any]]", partial(tuple.__new__, Page))
"""Any: whatever is listed."""


def _plain(value: object) -> str | int | float | date | UUID:
    """What is ordered by as a place has it."""
    return value if isinstance(value, (date, int, float, UUID)) else str(value)


def _typed(value: str | float | date | UUID, wanted: type) -> object:
    """A place's value as its column has it; whatever doesn't fit is no place of this order."""
    try:
        if wanted is datetime:
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(cast("str", value))
            if moment.tzinfo is None:
                raise BadPlace
            return moment.astimezone(UTC)
        if wanted is date:
            return value if isinstance(value, date) else date.fromisoformat(cast("str", value))
        if wanted is UUID:
            return value if isinstance(value, UUID) else UUID(cast("str", value))
        if wanted is int and type(value) is int and abs(value) <= LARGEST_NUMBER:
            return value
        if wanted is float and type(value) in (int, float) and isfinite(value):  # type: ignore[arg-type]  # a number
            return float(cast("float", value))
        if wanted is str and isinstance(value, str) and not _UNKEPT.search(value):
            return value
    except (TypeError, ValueError, AttributeError, OverflowError) as wrong:
        raise BadPlace from wrong
    raise BadPlace
