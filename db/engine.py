"""Connections: an engine that reads without transactions, and units of work that write within one."""

import asyncio
import inspect
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar
from weakref import WeakSet

import asyncpg
from sqlalchemy import AsyncAdaptedQueuePool, ExceptionContext, PoolProxiedConnection, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from db import hosts, poolers
from db.reading import Connection, Reader
from db.statements import Statement
from db.work import Work, unit_of_work

R = TypeVar("R")
Sessions = async_sessionmaker[AsyncSession]

STATEMENT_SECONDS = 2
WAIT_SECONDS = 1
CONNECT_SECONDS = 5
CLOSE_SECONDS = 2
SILENCE_SECONDS = 3
"""How much longer than a statement may take its answer is waited for: a server that froze ends none."""
STATEMENTS_KEPT = 200
"""Statements that each connection keeps prepared, those asked last: the server has 60 to 250 kB for each."""


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
    _made: WeakSet[Connection] = field(default_factory=WeakSet)
    _outdated: WeakSet[Connection] = field(default_factory=WeakSet)
    reading: Sessions = field(init=False)
    """Sessions that read: each statement stands alone, so that nothing is begun or rolled back. Through a pooler it
    has a transaction: to prepare and to execute it are two steps, which one server has to see."""

    def __post_init__(self) -> None:
        alone = self.engine if self.pooled else self.engine.execution_options(isolation_level="AUTOCOMMIT")
        object.__setattr__(self, "reading", async_sessionmaker(alone, expire_on_commit=False))
        event.listen(self.engine.sync_engine, "checkout", self._look)
        event.listen(self.engine.sync_engine, "handle_error", self._leave)
        self.reader.when_silent = self.renew

    def unit_of_work(self) -> AbstractAsyncContextManager[Work]:
        """One transaction: all of it is kept, or nothing where an exception leaves the block."""
        return unit_of_work(self.engine, self.reader, leave=self.renew)

    async def at_once(self, statement: Statement[R], values: Mapping[str, Any]) -> R | None:
        """The row that a statement answers which is a unit of work by itself: all of it is kept, or nothing.

        Args:
            statement: What is done.
            values: What is put into it, by name. Any: what each column takes.
        """
        try:
            found = await self.reader.rows(statement, values, writes=True)
        except asyncpg.ReadOnlySQLTransactionError:
            self.renew()
            raise
        return found[0] if found else None

    def renew(self) -> None:
        """Begin nothing more on the connections that there are now: another server may lead."""
        self.reader.renew()
        self._outdated.update(self._made)

    async def close(self) -> None:
        """Close all connections. A server that froze isn't waited for."""
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self.reader.close()
                await self.engine.dispose()
        for each in self._made:
            if not each.is_closed():
                each.terminate()

    def _look(self, connection: Any, *_: object) -> None:  # Any: the dialect's adapter
        """Have another connection made where one was cut off while it rested: that is known without asking anybody."""
        driver = connection.driver_connection
        if driver in self._outdated:
            driver.terminate()
        if driver.is_closed():
            raise DisconnectionError

    def _leave(self, failed: ExceptionContext) -> None:
        """Leave a server with all connections that only follows another, or froze: the one to write to is elsewhere."""
        wrong = failed.original_exception
        if isinstance(wrong, TimeoutError) or isinstance(wrong.__cause__, asyncpg.ReadOnlySQLTransactionError):
            failed.is_disconnect = True
            self.renew()


def connect(
    url: str,
    *,
    pool_size: int = 10,
    statement_seconds: float = STATEMENT_SECONDS,
    wait_seconds: float = WAIT_SECONDS,
    pooled: bool = False,
) -> Database:
    """Connect to PostgreSQL lazily. Bare `postgresql://` URLs are taken as asyncpg's.

    Args:
        url: Where the database is. Of several hosts, the one that can be written to is meant.
        pool_size: Connections at most for what is asked often, and as many for the rest.
        statement_seconds: What one statement may take; a pooler says that itself.
        wait_seconds: How long one waits for a connection before being refused.
        pooled: Whether a pooler is between that lends a connection to each transaction: nothing is kept on one then.
    """
    settings = _pooled() if pooled else _direct(statement_seconds)
    arguments = driver_arguments(url)
    made: WeakSet[Connection] = WeakSet()

    async def create(**arguments: Any) -> Connection:  # Any: as asyncpg takes it
        connection = await hosts.connected(**arguments)
        made.add(connection)
        return connection

    engine = create_async_engine(
        asyncpg_url(url),
        poolclass=Pool,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=wait_seconds,
        pool_use_lifo=True,  # the last connection used is the first to be used again: the others may rest
        pool_pre_ping=False,
        hide_parameters=True,  # what people wrote is nobody's business, in a log least of all
        connect_args={
            **settings,
            **({"prepared_statement_cache_size": 0} if pooled else {}),
            "async_creator_fn": create,
        },
    )
    kept = {"statement_cache_size": STATEMENTS_KEPT, **arguments, **settings}
    reader = Reader(partial(create, **kept), size=pool_size, wait_seconds=wait_seconds, in_transactions=pooled)
    return Database(engine, reader, pooled, made)


async def connect_alone(url: str, name: str) -> Connection:
    """A connection that is nobody else's, without a pooler between.

    Args:
        url: Where the database is.
        name: What `pg_stat_activity` and the server's log call it.

    Raises:
        OSError, TimeoutError, asyncpg.PostgresError: it can't be had.
    """
    return await hosts.connected(**driver_arguments(url), **_direct(STATEMENT_SECONDS, name))


def driver_arguments(url: str) -> dict[str, Any]:
    """What asyncpg is told of where a database is. Any: as asyncpg takes it.

    Raises:
        BadDatabaseUrl: not the URL of a PostgreSQL database.
    """
    parsed = make_url(asyncpg_url(url))
    try:
        _, named = parsed.get_dialect()().create_connect_args(parsed)
    except ArgumentError as wrong:
        raise BadDatabaseUrl("of several hosts each needs its port: ?host=one:5432&host=other:5432") from wrong
    return {key: value for key, value in named.items() if key in _ASYNCPGS}


def each_host(url: str) -> list[tuple[str, str]]:
    """A name and a URL for each of the hosts that a URL names.

    Raises:
        BadDatabaseUrl: not the URL of a PostgreSQL database.
    """
    told = driver_arguments(url)
    host, port = told.get("host"), told.get("port")
    if not isinstance(host, list) or not isinstance(port, list):
        return [(f"{host}:{port or 5432}", url)]
    alone = make_url(asyncpg_url(url)).difference_update_query(["host", "port"])
    return [
        (f"{at}:{its}", alone.update_query_dict({"host": f"{at}:{its}"}).render_as_string(hide_password=False))
        for at, its in zip(host, port, strict=True)
    ]


def _direct(statement_seconds: float, name: str = "influents") -> dict[str, Any]:
    return {
        "timeout": CONNECT_SECONDS,  # asyncpg waits for a minute
        "command_timeout": statement_seconds + SILENCE_SECONDS,
        "server_settings": {
            "statement_timeout": str(int(statement_seconds * 1000)),
            "idle_in_transaction_session_timeout": "30000",
            "application_name": name,
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
