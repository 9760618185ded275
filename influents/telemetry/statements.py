"""SQL statements: how many, how long, and when the database last answered one."""

import re
from functools import lru_cache
from time import monotonic, perf_counter
from typing import Any

from sqlalchemy import Connection, ExceptionContext, event
from sqlalchemy.engine.interfaces import ExecutionContext

from db.engine import Database, Pool
from influents.telemetry.metrics import STATEMENTS, STATEMENTS_FAILED

VERBS = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "NOTIFY"})
_BEGAN = "influents.began"
_WORD = re.compile(r"\s*\w+")


def watch(database: Database) -> None:
    """Count what is asked of a database from here on."""
    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", _begin)
    event.listen(engine, "after_cursor_execute", _answer)
    event.listen(engine, "handle_error", _fail)
    database.reader.observers.append(_read)


def answered_within(database: Database, seconds: float) -> bool:
    """Whether a database that is watched has answered anything of late."""
    pool = database.engine.pool
    at = pool.answered_at if isinstance(pool, Pool) else float("-inf")
    return monotonic() - max(at, database.reader.answered_at) < seconds


@lru_cache(maxsize=1024)
def verb_of(statement: str) -> str:
    """Its first word; OTHER where that isn't one of a few."""
    first = _WORD.match(statement)
    word = first[0].strip().upper() if first else ""
    return word if word in VERBS else "OTHER"


def _read(statement: str, seconds: float, wrong: BaseException | None) -> None:
    if wrong is None:
        STATEMENTS.add(seconds, verb_of(statement))
    else:
        STATEMENTS_FAILED.labels(type(wrong).__name__).inc()


# Any, below: cursors and parameters are the driver's, and aren't looked at.
def _begin(connection: Connection, _c: Any, _s: str, _p: Any, _x: ExecutionContext | None, _many: bool) -> None:
    connection.info[_BEGAN] = perf_counter()


def _answer(
    connection: Connection,
    _c: Any,
    statement: str,
    _p: Any,
    _x: ExecutionContext | None,
    _many: bool,
) -> None:
    STATEMENTS.add(perf_counter() - connection.info[_BEGAN], verb_of(statement))
    if isinstance(pool := connection.engine.pool, Pool):
        pool.answered_at = monotonic()


def _fail(context: ExceptionContext) -> None:
    STATEMENTS_FAILED.labels(type(context.sqlalchemy_exception or context.original_exception).__name__).inc()
