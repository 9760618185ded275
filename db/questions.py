"""Questions: statements with what is asked by, written once and put to the database by any asker.

A reader is asked by text that was compiled before, and answers rows that are read like domain values. A unit of work is
asked in the same way, by its own connection: it sees what was changed there.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Generic, TypeVar, cast, overload

import asyncpg
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db import paging
from db.askers import kind_of, standing_in, values_of
from db.narrowing import Shown, narrowed
from db.paging import Order, Ownership
from db.reading import Reader
from db.statements import Kinds
from db.work import Work
from domain.paging import Page, Placed, Window
from domain.permissions import Caller

K = TypeVar("K", bound=Hashable)
R = TypeVar("R")
Source = Reader | AsyncSession
"""Where one asks: a reader, a unit of work, or a session that reads."""
Select = sa.Select[Any]  # Any: the columns that its rows have


def _fields(row: sa.Row[Any]) -> Mapping[str, Any]:  # Any: what its columns hold
    return cast("Mapping[str, Any]", row._mapping)


class Question(Generic[R]):
    """What rows there are, for who asks. Besides, it may be of several `shape`s: each is a statement of its own."""

    def __init__(self, made: Callable[..., Select], row: type[R], read: Callable[[Any], R]) -> None:
        self._made, self._read = made, read
        self._kinds = Kinds(row)

    async def ask(
        self, source: Source, caller: Caller, *shape: Hashable, shown: Shown = None, **values: Any
    ) -> list[R]:
        """The rows.

        Args:
            source: Where to ask.
            caller: Who asks.
            shape: What the statement is written for; few values, for each is compiled anew.
            shown: What is shown of them: a reader reads no more than that. It is part of the shape.
            values: What is put into it. Any: what each column takes.
        """
        if isinstance(source, AsyncSession) and not isinstance(source, Work):
            found = await source.execute(self._made(caller, *shape), values)
            return [self._read(row) for row in found]
        alone = frozenset([name for name, value in values.items() if type(value) is list and len(value) == 1])
        if alone:
            values |= {name: values[name][0] for name in alone}
        statement = self._kinds.of(
            (kind_of(caller), shown, *shape),
            lambda: narrowed(self._made(standing_in(caller), *shape), self._kinds.row, shown, standing_in(caller)),
            alone,
        )
        return await source.rows(statement, {**values_of(caller), **values})


ALONE = frozenset({"keys"})
NOTHING: Shown = frozenset()
"""What is shown of things that are but counted."""
Fields = Mapping[str, Any]
"""A row by the names of its columns. Any: what each holds."""


@overload
def question() -> Callable[[Callable[..., Select]], Question[Fields]]: ...


@overload
def question(row: type[R], read: Callable[[Any], R]) -> Callable[[Callable[..., Select]], Question[R]]: ...


def question(row: Any = asyncpg.Record, read: Callable[[Any], Any] = _fields) -> Callable[..., Question[Any]]:
    """The question that a function writes, given who asks.

    Args:
        row: The class of its rows; unless told they are fields by name. Any: see the overloads.
        read: Makes the same of a session's row, for units of work that ask it too.
    """
    return lambda made: Question(made, row, read)


class Listing(Generic[K, R]):
    """A list, or one for each of many keys: a page of it, or of all of them, is asked for by one statement."""

    def __init__(self, made: Callable[..., Select], row: type[R], owned: Ownership[K] | None, order: Order) -> None:
        self._made, self._owned, self._order = made, owned, order
        self._kinds, self._totals = Kinds(row), Kinds(asyncpg.Record)

    async def page(
        self,
        reader: Reader,
        caller: Caller,
        window: Window,
        *shape: Hashable,
        values: Mapping[str, Any] = {},
    ) -> Page[R]:
        """A page of the list, where there is but one. `values` are put into it: Any, as each column takes."""
        statement = self._kinds.of(
            (kind_of(caller), _ways(window), shape),
            lambda: paging.one_page(self._rows(caller, window.shown, *shape), self._order, window),
        )
        given = {**values_of(caller), **values, **self._order.values(window)}
        return page_of(await reader.rows(statement, given), window)

    async def pages(
        self,
        reader: Reader,
        caller: Caller,
        keys: Sequence[K],
        window: Window,
        *shape: Hashable,
        values: Mapping[str, Any] = {},
    ) -> Mapping[K, Page[R]]:
        """The same page of the list of each key; each costs its own index range, no more.

        Args:
            reader: Where to ask.
            caller: Who asks.
            keys: Whose lists.
            window: Which part of them.
            shape: What the statement is written for: few values, and none that a client wrote.
            values: What is put into it besides. Any: what each column takes.
        """
        owned, (asked, alone, put_in) = self._its_owners(), _keys(keys)
        statement = self._kinds.of(
            (kind_of(caller), _ways(window), shape),
            lambda: paging.each_page(self._rows(caller, window.shown, *shape), owned, self._order, window),
            alone,
        )
        given = {**values, **values_of(caller), "keys": put_in}
        found: list[list[Placed[R]]] = [[] for _ in asked]  # each row is the item and its place in one
        rows: list[Any] = await reader.rows(statement, given | self._order.values(window))  # Any: by their columns
        for number, its in groupby(rows, itemgetter(paging.NUMBER)):  # they come list by list
            found[number - 1] += its
        return dict(zip(asked, paging.pages_of(found, window), strict=True))

    async def total(self, reader: Reader, caller: Caller, *shape: Hashable, values: Mapping[str, Any] = {}) -> int:
        """How many there are in the list, where there is but one. `values` as in `page`."""
        statement = self._totals.of(
            (kind_of(caller), shape), lambda: paging.one_total(self._rows(caller, NOTHING, *shape))
        )
        [row] = await reader.rows(statement, {**values, **values_of(caller)})
        return cast("int", row["total"])

    async def totals(
        self,
        reader: Reader,
        caller: Caller,
        keys: Sequence[K],
        *shape: Hashable,
        values: Mapping[str, Any] = {},
    ) -> Mapping[K, int]:
        """How many there are in the list of each key. `values` as in `pages`."""
        owned, (asked, alone, put_in) = self._its_owners(), _keys(keys)
        statement = self._totals.of(
            (kind_of(caller), shape),
            lambda: paging.each_total(self._rows(caller, NOTHING, *shape), owned),
            alone,
        )
        rows = await reader.rows(statement, {**values, **values_of(caller), "keys": put_in})
        return {asked[row[paging.NUMBER] - 1]: row["total"] for row in rows}

    def _its_owners(self) -> Ownership[K]:
        if self._owned is None:
            raise TypeError("a list of nobody's in particular")
        return self._owned

    def _rows(self, caller: Caller, shown: Shown, *shape: Hashable) -> Select:
        asker = standing_in(caller)
        return narrowed(self._made(asker, *shape), self._kinds.row, shown, asker)


def _keys(keys: Sequence[K]) -> tuple[list[K], frozenset[str], list[K] | K]:
    """Keys, each once; which list of a statement has one item, where there is but one key; and what is put in."""
    asked = list(dict.fromkeys(keys))
    return (asked, ALONE, asked[0]) if len(asked) == 1 else (asked, frozenset(), asked)


def _ways(window: Window) -> Hashable:
    ends = window.after is not None, window.before is not None
    return *ends, window.backward, paging.rows_read(window), window.shown


def listing(
    row: type[R], *, order: Order, owned: Ownership[K] | None = None
) -> Callable[[Callable[..., Select]], Listing[K, R]]:
    """The lists that a function writes, given who asks."""
    return lambda made: Listing(made, row, owned, order)


def page_of(found: list[R], window: Window) -> Page[R]:
    """What a window shows, of rows of which one more was asked for. Each is the item and its place in one."""
    return paging.page_of(cast("list[Placed[R]]", found), window)
