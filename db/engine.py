"""Connections: an engine that reads without transactions, and units of work that write within one."""

import inspect
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from time import time
from typing import Any

import asyncpg
from sqlalchemy import AsyncAdaptedQueuePool, ExceptionContext, PoolProxiedConnection, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from db import poolers
from db.reading import Connection, Reader
from db.work import Work, unit_of_work

Sessions = async_sessionmaker[AsyncSession]

STATEMENT_SECONDS = 2
WAIT_SECONDS = 1
CONNECT_SECONDS = 5
STATEMENTS_KEPT = 500
"""Statements that each connection keeps prepared."""


_ASYNCPGS = frozenset(inspect.signature(asyncpg.connect).parameters)
"""What asyncpg is told of a database; SQLAlchemy's own settings are none of it."""


class BadDatabaseUrl(ValueError):  # noqa: N818
    """DATABASE_URL can't be read."""


class Pool(AsyncAdaptedQueuePool):
    """Connections that are kept, and what can be told of them.

    Attributes:
        waiting: How many are waiting for a connection now.
        answered_at: When the database last answered a statement, by the monotonic clock, where somebody watches it.
    """

    waiting = 0
    answered_at = float("-inf")

    def connect(self) -> PoolProxiedConnection:
        self.waiting += 1
        try:
            return super().connect()
        finally:
            self.waiting -= 1

    def renew(self) -> None:
        """Use no connection that there is now for anything more: another is made in its place."""
        self._invalidate_time = time()


@dataclass(frozen=True, slots=True)
class Database:
    """A database to read from and to write to.

    Attributes:
        engine: SQLAlchemy's: for units of work, and for questions that are seldom asked.
        reader: Answers what is asked often, by connections of its own.
        pooled: Whether a pooler is between that lends a connection to each transaction.
    """

    engine: AsyncEngine
    reader: Reader
    pooled: bool = False
    reading: Sessions = field(init=False)
    """Sessions that read: each statement stands alone, so that nothing is begun or rolled back. Through a pooler it
    has a transaction: to prepare and to execute it are two steps, which one server has to see."""

    def __post_init__(self) -> None:
        alone = self.engine if self.pooled else self.engine.execution_options(isolation_level="AUTOCOMMIT")
        object.__setattr__(self, "reading", async_sessionmaker(alone, expire_on_commit=False))

    @asynccontextmanager
    async def unit_of_work(self) -> AsyncIterator[Work]:
        """One transaction: all of it is kept, or nothing where an exception leaves the block."""
        try:
            async with unit_of_work(self.engine, self.reader) as work:
                yield work
        except asyncpg.ReadOnlySQLTransactionError:  # by the driver: the engine hears of those by a session itself
            self._leave()
            raise

    def _leave(self) -> None:
        """Leave a database that only follows another, with all connections: the one to write to is elsewhere."""
        if isinstance(pool := self.engine.pool, Pool):
            pool.renew()
        self.reader.renew()

    async def close(self) -> None:
        await self.reader.close()
        await self.engine.dispose()


def connect(
    url: str,
    *,
    pool_size: int = 10,
    statement_seconds: float = STATEMENT_SECONDS,
    wait_seconds: float = WAIT_SECONDS,
    pooled: bool = False,
    follows: bool = False,
) -> Database:
    """Connect to PostgreSQL lazily. Bare `postgresql://` URLs are taken as asyncpg's.

    Args:
        url: Where the database is. Of several hosts, the one that can be written to is meant.
        pool_size: Connections at most for what is asked often, and as many for the rest.
        statement_seconds: What one statement may take; a pooler says that itself.
        wait_seconds: How long one waits for a connection before being refused.
        pooled: Whether a pooler is between that lends a connection to each transaction: nothing is kept on one then.
        follows: Whether, of several hosts, one that follows another is meant.
    """
    settings = _pooled() if pooled else _direct(statement_seconds)
    arguments = driver_arguments(url)
    if isinstance(arguments.get("host"), list):
        arguments.setdefault("target_session_attrs", "standby" if follows else "read-write")
        settings["target_session_attrs"] = arguments["target_session_attrs"]
    engine = create_async_engine(
        asyncpg_url(url),
        poolclass=Pool,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=wait_seconds,
        pool_pre_ping=False,
        hide_parameters=True,  # what people wrote is nobody's business, in a log least of all
        connect_args=settings | ({"prepared_statement_cache_size": 0} if pooled else {}),
    )
    reader = _reader(arguments | settings, size=pool_size, wait_seconds=wait_seconds, pooled=pooled)
    event.listen(engine.sync_engine, "checkout", _look)
    event.listen(engine.sync_engine, "handle_error", partial(_leave_what_follows, reader=reader))
    return Database(engine, reader, pooled)


def driver_arguments(url: str) -> dict[str, Any]:
    """What asyncpg is told of where a database is. Any: as asyncpg takes it."""
    parsed = make_url(asyncpg_url(url))
    _, named = parsed.get_dialect()().create_connect_args(parsed)
    return {key: value for key, value in named.items() if key in _ASYNCPGS}


def _direct(statement_seconds: float) -> dict[str, Any]:
    return {
        "timeout": CONNECT_SECONDS,  # asyncpg waits for a minute
        "server_settings": {
            "statement_timeout": str(int(statement_seconds * 1000)),
            "idle_in_transaction_session_timeout": "30000",
            "application_name": "influents",
            "timezone": "UTC",
            "jit": "off",
        },
    }


def _pooled() -> dict[str, Any]:
    """A pooler passes few settings on: `deploy/pgbouncer.ini` has the others."""
    return {
        "timeout": CONNECT_SECONDS,
        "server_settings": {"application_name": "influents", "timezone": "UTC"},
        "statement_cache_size": 0,
        "connection_class": poolers.Lent,
    }


def _look(connection: Any, *_: object) -> None:  # Any: the dialect's adapter
    """Have another connection made where one was cut off while it rested: that is known without asking anybody."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError


def _leave_what_follows(failed: ExceptionContext, *, reader: Reader) -> None:
    """Leave a database that only follows another, with all connections: the one to write to is elsewhere by now."""
    if isinstance(failed.original_exception.__cause__, asyncpg.ReadOnlySQLTransactionError):
        failed.is_disconnect = True  # the engine drops its connections then
        reader.renew()


def _reader(arguments: Mapping[str, Any], *, size: int, wait_seconds: float, pooled: bool) -> Reader:
    kept = {"statement_cache_size": STATEMENTS_KEPT, **arguments}

    async def connect() -> Connection:
        return await asyncpg.connect(**kept)

    return Reader(connect, size=size, wait_seconds=wait_seconds, in_transactions=pooled)


def asyncpg_url(url: str) -> str:
    """The same URL for SQLAlchemy's asyncpg dialect.

    Raises:
        BadDatabaseUrl: not the URL of a PostgreSQL database.
    """
    try:
        parsed = make_url(url)
    except Exception as wrong:
        raise BadDatabaseUrl("DATABASE_URL is no URL: postgresql://user:password@host/database is one") from wrong
    if parsed.drivername.split("+")[0] not in ("postgres", "postgresql"):
        raise BadDatabaseUrl("DATABASE_URL must name a PostgreSQL database: postgresql://…")
    return parsed.set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)
