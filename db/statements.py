"""Statements that are compiled once: SQL text with numbered places, and which value goes where.

They are written with SQLAlchemy Core like every other. What is named in them (`sa.bindparam("ids")`) is put in when
they are asked; what is known when they are made stands in the text, so that plans can rest on it.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Generic, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.asyncpg import PGCompiler_asyncpg, PGDialect_asyncpg

R = TypeVar("R")
MOST_KINDS = 256
"""Kinds of one question at most: who asks, which filter, which way."""


class _Compiler(PGCompiler_asyncpg):
    """Puts what is known into the text."""

    def visit_bindparam(self, bindparam: sa.BindParameter[Any], *arguments: Any, **options: Any) -> str:  # Any: its own
        if bindparam.key in options.get("alone", ()) and isinstance(bindparam.type, sa.ARRAY):
            item = sa.bindparam(bindparam.key, type_=bindparam.type.item_type)
            return f"ARRAY[{self.visit_bindparam(item, *arguments, **options)}]"
        options["literal_binds"] = options.get("literal_binds", False) or not bindparam.required
        return cast("str", super().visit_bindparam(bindparam, *arguments, **options))  # type: ignore[no-untyped-call]


class _Dialect(PGDialect_asyncpg):
    statement_compiler = _Compiler


_DIALECT = _Dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's own


class Statement(Generic[R]):
    """A statement as the database is sent it.

    Attributes:
        sql: Its text.
        names: What is put into its places, in their order.
        arguments: The same of what is given by name.
        row: The class of the rows that it answers.
    """

    __slots__ = ("arguments", "names", "row", "sql")

    def __init__(
        self,
        statement: sa.ClauseElement,
        row: type[R],
        *,
        columns: Sequence[str] = (),
        alone: frozenset[str] = frozenset(),
    ) -> None:
        """Compile a statement.

        Args:
            statement: What is asked or done, with the columns that `row` reads.
            row: The class of its rows.
            columns: What an INSERT or UPDATE sets, besides what it says itself: to what is put in by their names.
            alone: Which of its lists have one item each, which is put in itself: what the database then expects to
                find is little, and it plans the statement once and not each time.
        """
        found = statement.compile(dialect=_DIALECT, column_keys=columns or None, compile_kwargs={"alone": alone})
        compiled = cast("_Compiler", found)
        self.sql = str(compiled)
        self.names: tuple[str, ...] = tuple(compiled.positiontup or ())
        self.arguments = _in_order(self.names)
        self.row = row


def _in_order(names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:  # Any: what columns hold
    """Takes values by their names, without Python for each where there are several."""
    return itemgetter(*names) if len(names) > 1 else lambda values: [values[name] for name in names]


class Kinds(Generic[R]):
    """The statements of one question: one for each kind of asker, filter or direction, made when first asked.

    They are of two ages. Those that were not asked while half of `MOST_KINDS` others were are forgotten: that costs
    nothing where a statement is known.
    """

    def __init__(self, row: type[R]) -> None:
        self.row = row
        self._known: dict[Hashable, Statement[R]] = {}
        self._older: dict[Hashable, Statement[R]] = {}

    def of(
        self, kind: Hashable, made: Callable[[], sa.Select[Any]], alone: frozenset[str] = frozenset()
    ) -> Statement[R]:
        """The statement for a kind, which `made` writes where it isn't known; `alone` as `Statement` takes it."""
        key = (kind, alone)
        statement = self._known.get(key)
        if statement is None:
            statement = self._older.pop(key, None) or Statement(made(), self.row, alone=alone)
            if len(self._known) >= MOST_KINDS // 2:
                self._known, self._older = {}, self._known
            self._known[key] = statement
        return statement
