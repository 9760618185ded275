"""Versions of rows: one is as it was read where the same transaction is still the last that wrote it.

Whoever takes totals writes them, even where nothing of them changes: of a total that is as it was read, nothing that is
decided under its lock has changed either.
"""

from typing import NamedTuple

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


def unchanged(of: NamedFromClause, name: str) -> sa.ColumnElement[bool]:
    """Rows whose version is the one that is put in by `name`."""
    return version(of) == sa.bindparam(name, type_=_TransactionId())
