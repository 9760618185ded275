"""Units of work: one transaction each, all of it or nothing.

What happens often goes to the driver, by statements that were compiled before; the rest goes through a session. Both
use one connection and one transaction, which are the unit's: SQLAlchemy is told that it has nothing to begin or commit.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any, TypeVar, cast

import asyncpg
from sqlalchemy import Connection, Engine, PoolProxiedConnection
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_dbapi
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import Session

from db.reading import Reader
from db.statements import Statement

R = TypeVar("R")
UNDO_SECONDS = 1.0
"""How long it may take to undo what was done; then the connection is given up, and the server undoes it."""


def driver_of(connection: PoolProxiedConnection) -> asyncpg.Connection:
    return cast("asyncpg.Connection", connection.driver_connection)


class _Lent(Session):
    """A session that uses a connection which is another's, from its first statement on."""

    def __init__(self, *, engine: Engine, connection: PoolProxiedConnection, **settings: Any) -> None:  # Any: Session's
        super().__init__(**settings)
        self._engine, self._lent = engine, connection
        self._connection: Connection | None = None

    def get_bind(self, *_: object, **__: object) -> Connection:
        if self._connection is None:
            mine = Connection(self._engine, connection=self._lent)
            self._connection = mine.execution_options(isolation_level="AUTOCOMMIT")
        return self._connection


_MADE_WITH_THE_SESSION = frozenset({"sync_session", "_proxied", "_async_bind", "_async_binds"})
"""What every method of a session looks at first."""


class Work(AsyncSession):
    """A unit of work: what was changed in it, all that is asked within it sees.

    It is a session for whatever is seldom done, from the first time on that it is used as one. `rows`, `row` and `run`
    take statements that were compiled once, a twentieth of the work; what was added to the session has to be flushed
    before.
    """

    def __init__(self, engine: AsyncEngine, connection: PoolProxiedConnection, reader: Reader) -> None:
        """Begin with a connection on which a transaction is under way.

        Args:
            engine: Whose connection it is.
            connection: The connection.
            reader: Whose observers are told of statements.
        """
        self._engine, self._lent = engine, connection
        self._driver = driver_of(connection)
        self._reader = reader

    def __getattr__(self, name: str) -> Any:  # Any: what a session has
        if name not in _MADE_WITH_THE_SESSION:
            raise AttributeError(name)
        super().__init__(
            sync_session_class=_Lent, expire_on_commit=False, engine=self._engine.sync_engine, connection=self._lent
        )
        return vars(self)[name]

    @property
    def is_session(self) -> bool:
        """Whether it was used as a session."""
        return "sync_session" in vars(self)

    async def rows(self, statement: Statement[R], values: Mapping[str, Any]) -> list[R]:
        """What the database answers to a statement that was compiled once.

        Args:
            statement: What is asked, or done.
            values: What is put into it, by name. Any: what each column takes, as asyncpg takes it.
        """
        arguments = statement.arguments(values)
        row = cast("type[asyncpg.Record]", statement.row)
        sent = monotonic()
        try:
            found = await self._driver.fetch(statement.sql, *arguments, record_class=row)
        except BaseException as wrong:
            self._reader.tell(statement.sql, sent, wrong)
            raise
        self._reader.tell(statement.sql, sent)
        return cast("list[R]", found)

    async def row(self, statement: Statement[R], values: Mapping[str, Any]) -> R | None:
        """The one row that there is; None where there is none."""
        found = await self.rows(statement, values)
        return found[0] if found else None

    async def run(self, statement: Statement[Any], values: Mapping[str, Any]) -> None:  # Any: as above
        """The same of a statement that answers nothing."""
        await self.rows(statement, values)

    async def mark(self) -> None:
        """Remember how things are, locks included, for `go_back`."""
        await self._driver.execute("SAVEPOINT mark")

    async def go_back(self) -> None:
        """Undo whatever was done since the last `mark`, and let go what was locked."""
        await self._driver.execute("ROLLBACK TO SAVEPOINT mark")


@asynccontextmanager
async def unit_of_work(engine: AsyncEngine, reader: Reader, *, leave: Callable[[], None]) -> AsyncIterator[Work]:
    """A unit of work for the length of the block: kept at its end, undone where an exception leaves it.

    A connection that may not be in order afterwards isn't used again.

    Args:
        engine: Where connections are.
        reader: Whose observers are told of statements.
        leave: Leaves a server that only follows another, or says nothing any more, with all connections. The engine
            hears of that from sessions alone.
    """
    try:
        connection = await engine.raw_connection()
    except TimeoutError:
        leave()
        raise
    except AsyncAdapt_asyncpg_dbapi.Error as refused:  # by a server that starts or stops: told as the driver does
        raise refused.__cause__ or refused from None
    driver = driver_of(connection)
    work, sound = Work(engine, connection, reader), False
    try:
        await driver.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
        try:
            yield work
            if work.is_session and work.in_transaction():
                await work.commit()  # what was added and not flushed
        except TimeoutError:  # it says nothing any more
            raise
        except BaseException:
            if not driver.is_closed():
                async with asyncio.timeout(UNDO_SECONDS):
                    await driver.execute("ROLLBACK")  # where it was broken off too: what was locked is let go at once
                sound = True
            raise
        answer = await driver.execute("COMMIT")
        sound = True
        _check_kept(answer)
    except (TimeoutError, asyncpg.ReadOnlySQLTransactionError):
        leave()
        raise
    finally:
        if work.is_session and work.in_transaction():
            await work.close()
        if not sound:
            _give_up(driver, connection)
        connection.close()


def _check_kept(answer: str) -> None:
    """Raise where a statement failed and somebody made nothing of it: COMMIT is answered ROLLBACK then."""
    if answer != "COMMIT":
        raise asyncpg.InFailedSQLTransactionError("nothing of a unit of work was kept: a statement of it failed")


def _give_up(driver: asyncpg.Connection, connection: PoolProxiedConnection) -> None:
    """Have another connection made in the place of one."""
    driver.terminate()
    if connection.is_valid:  # not where a session has found out by itself
        connection.invalidate()
