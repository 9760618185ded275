"""Keyset pages: of one list, or of one list for each of many keys, always in a single statement."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import isfinite
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from domain.paging import BadPlace, Page, Place, Placed, Window

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)
Row = sa.Row[*tuple[Any, ...]]  # Any: a row has the columns of its query
Column = sa.ColumnElement[Any] | InstrumentedAttribute[Any]

KEY: sa.types.TypeEngine[Any] = sa.Uuid()  # Any: ids are NewTypes of UUID, which SQLAlchemy's types don't know

LARGEST_NUMBER = 2**31 - 1
"""What the database's INTEGER holds."""


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

    def _values(self, place: Place) -> list[sa.BindParameter[Any]]:
        if len(place) != len(self.columns):
            raise BadPlace
        return [
            sa.bindparam(None, _typed(value, column.type.python_type), type_=column.type)
            for value, column in zip(place, self.columns, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Ownership(Generic[K]):
    """Which list a row belongs to: the type of the lists' keys, and the condition for a key."""

    key_type: sa.types.TypeEngine[K]
    by: Callable[[sa.ColumnElement[K]], sa.ColumnElement[bool]]

    def asked(self, keys: Sequence[K]) -> tuple[sa.TableValuedAlias, sa.ColumnElement[K]]:
        """The keys as a table, and its column."""
        column = sa.column("key", self.key_type)
        array = sa.cast(list(dict.fromkeys(keys)), sa.ARRAY(self.key_type))
        table = sa.func.unnest(array).table_valued(column).render_derived(name="asked")
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
    total = sa.func.count().label("total")
    inner = rows.where(owned.by(key)).with_only_columns(total, maintain_column_froms=True).lateral("total")
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
    more = len(found) > window.limit
    kept = list(found[: window.limit])
    if window.backward:
        kept.reverse()
    return Page(
        tuple(Placed(read(row), order.place(row)) for row in kept),
        has_next=window.before is not None if window.backward else more,
        has_previous=more if window.backward else window.after is not None,
    )


def _plain(value: object) -> str | int | float:
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, int | float) else str(value)


def _typed(value: str | float, wanted: type) -> object:
    """A place's value as its column has it; whatever doesn't fit is no place of this order."""
    try:
        if wanted is datetime:
            moment = datetime.fromisoformat(cast("str", value))
            if moment.tzinfo is None:
                raise BadPlace
            return moment.astimezone(UTC)
        if wanted is date:
            return date.fromisoformat(cast("str", value))
        if wanted is UUID:
            return UUID(cast("str", value))
        if wanted is int and type(value) is int and abs(value) <= LARGEST_NUMBER:
            return value
        if wanted is float and type(value) in (int, float) and isfinite(value):  # type: ignore[arg-type]  # a number
            return float(value)
        if wanted is str and isinstance(value, str):
            return value
    except (TypeError, ValueError, AttributeError, OverflowError) as wrong:
        raise BadPlace from wrong
    raise BadPlace
