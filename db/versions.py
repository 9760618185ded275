"""Versions of rows: one is as it was read where the same transaction is still the last that wrote it.

Whoever takes totals writes them, even where nothing of them changes: of a total that is as it was read, nothing that is
decided under its lock has changed either.
"""

from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.sql.selectable import NamedFromClause
from sqlalchemy.types import UserDefinedType


class Versions(NamedTuple):
    """Of what is decided on: as long as these are the same, nothing of it has changed."""

    event: int
    total: int
    place: int


class _TransactionId(UserDefinedType[int]):
    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "xid"


def version(of: NamedFromClause) -> sa.ColumnElement[int]:
    """Which transaction wrote a row last. Needs `of`, a table or an alias, among what is selected from."""
    return sa.literal_column(f"{of.name}.xmin", _TransactionId())


def as_it_was_read(found: sa.Select[Any], of: NamedFromClause, name: str, *, shared: bool = False) -> sa.CTE:
    """Those of the rows `found` of `of` that have the version which is put in by `name`, kept from changing.

    Nothing is waited for, and what somebody else has is left out: to wait would keep a connection from those who read,
    and make what was decided on older than it is to who takes a turn. Any: whatever is found.
    """
    same = found.where(version(of) == sa.bindparam(name, type_=_TransactionId()))
    return same.with_for_update(of=of, read=shared, skip_locked=True).cte(f"same_{of.name}")
