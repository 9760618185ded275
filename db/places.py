"""How far the log of the database goes: whoever has all of it up to a place has all that was committed before."""

from typing import Any

import sqlalchemy as sa

_START: sa.ColumnElement[Any] = sa.literal_column("'0/0'::pg_lsn")


def here() -> sa.ColumnElement[int]:
    """Where the database is that answers, in bytes. Null where it follows another."""
    written = sa.func.pg_wal_lsn_diff(sa.func.pg_current_wal_insert_lsn(), _START)
    return sa.case((sa.not_(sa.func.pg_is_in_recovery()), sa.cast(written, sa.BigInteger())))


def replayed() -> sa.ColumnElement[int]:
    """How far a database that follows another has come, in bytes. Null where it doesn't."""
    come = sa.func.pg_wal_lsn_diff(sa.func.pg_last_wal_replay_lsn(), _START)
    return sa.cast(come, sa.BigInteger())
