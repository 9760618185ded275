"""Reading: connections of asyncpg's own. Each statement stands alone: nothing is begun, rolled back or reset."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic
from typing import Any, TypeVar, cast
from weakref import WeakSet

import asyncpg
from sqlalchemy.exc import TimeoutError as PoolTimeout

from db.statements import Statement

R = TypeVar("R")
Connection = asyncpg.Connection
Observer = Callable[[str, float, BaseException | None], None]
"""Told of each statement once it was answered: how many seconds that took, and what went wrong, if anything did."""


class NoneFree(PoolTimeout):
    """Every connection is at work, and was for as long as one waits."""


class Reader:
    """A bounded number of connections that read, the last one used first: the others may rest.

    Attributes:
        size: Connections at most.
        waiting: How many are waiting for a connection now.
        answered_at: When the database last answered a statement, by the monotonic clock.
        when_silent: What is done once the server has left a statement unanswered for too long.
        observers: Who is told of each statement, of those too that units of work put to the driver.
    """

    def __init__(
        self,
        connect: Callable[[], Awaitable[Connection]],
        *,
        size: int,
        wait_seconds: float,
        in_transactions: bool = False,
    ) -> None:
        """Connect when something is asked, not before.

        Args:
            connect: Makes a connection.
            size: Connections at most.
            wait_seconds: How long one waits for a connection before being refused.
            in_transactions: Whether each statement has a transaction of its own: a pooler that hands connections around
                with each one would prepare it on one server and execute it on another.
        """
        self._connect, self.size, self._wait_seconds = connect, size, wait_seconds
        self._in_transactions = in_transactions
        self._idle: list[Connection] = []
        self._waiters: deque[asyncio.Future[Connection | None]] = deque()
        self._open = 0
        self._closed = False
        self._current: WeakSet[Connection] = WeakSet()
        self.answered_at = float("-inf")
        self.observers: list[Observer] = []
        self.when_silent: Callable[[], None] = self.renew

    @property
    def idle(self) -> int:
        """Connections that rest."""
        return len(self._idle)

    @property
    def in_use(self) -> int:
        """Connections that are at work, or being made."""
        return self._open - len(self._idle)

    @property
    def waiting(self) -> int:
        """How many are waiting for a connection now."""
        return len(self._waiters)

    async def rows(self, statement: Statement[R], values: Mapping[str, Any], *, writes: bool = False) -> list[R]:
        """What the database answers.

        Args:
            statement: What is asked.
            values: What is put into it, by name. Any: what each column takes.
            writes: Whether it changes something.

        Raises:
            NoneFree: every connection was at work for too long.
            OSError, asyncpg.PostgresError, asyncpg.InterfaceError: it couldn't be asked.
        """
        arguments = statement.arguments(values)
        row = cast("type[asyncpg.Record]", statement.row)
        connection = await self._taken()
        sent = monotonic()
        try:
            if self._in_transactions:
                async with connection.transaction(readonly=not writes):
                    found = await connection.fetch(statement.sql, *arguments, record_class=row)
            else:
                found = await connection.fetch(statement.sql, *arguments, record_class=row)
        except BaseException as wrong:
            if not isinstance(wrong, asyncpg.PostgresError):  # cut off in the middle of an answer, say
                connection.terminate()
            if isinstance(wrong, TimeoutError):  # the server says nothing any more: nor will it to the others
                self.when_silent()
            self._give_back(connection)
            self.tell(statement.sql, sent, wrong)
            raise
        self._give_back(connection)
        self.tell(statement.sql, sent)
        return cast("list[R]", found)

    def renew(self) -> None:
        """Use no connection that there is now for anything more."""
        self._current = WeakSet()
        while self._idle:
            self._open -= 1
            self._idle.pop().terminate()

    async def close(self) -> None:
        """Close what rests now, and the rest as it is given back."""
        self._closed = True
        while self._idle:
            self._open -= 1
            await self._idle.pop().close()

    def tell(self, sql: str, sent: float, wrong: BaseException | None = None) -> None:
        """Tell the observers of a statement that was answered just now, or went wrong, and when it was sent."""
        now = monotonic()
        if wrong is None:
            self.answered_at = now
        for observer in self.observers:
            observer(sql, now - sent, wrong)

    async def _taken(self) -> Connection:
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
            self._open -= 1
        if self._open < self.size:
            self._open += 1
            return await self._made()
        return await self._waited_for() or await self._made()

    async def _made(self) -> Connection:
        """A new connection, for which there is a place already."""
        current = self._current
        try:
            made = await self._connect()
        except BaseException:
            self._leave_place()
            raise
        current.add(made)
        return made

    async def _waited_for(self) -> Connection | None:
        """A connection that somebody gives back; None for the place of one."""
        waiter: asyncio.Future[Connection | None] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        try:
            async with asyncio.timeout(self._wait_seconds):
                return await waiter
        except BaseException as wrong:
            if waiter.done() and not waiter.cancelled():  # it came too late to be used
                connection = waiter.result()
                self._leave_place() if connection is None else self._give_back(connection)
            elif waiter in self._waiters:  # not where it was passed over already
                self._waiters.remove(waiter)
            if isinstance(wrong, TimeoutError):
                raise NoneFree from None
            raise

    def _give_back(self, connection: Connection) -> None:
        if connection.is_closed() or self._closed or connection not in self._current:
            connection.terminate()
            self._leave_place()
        elif (waiter := self._first_waiter()) is not None:
            waiter.set_result(connection)
        else:
            self._idle.append(connection)

    def _leave_place(self) -> None:
        """There is a place for another connection: the first who waits makes it."""
        if (waiter := self._first_waiter()) is not None:
            waiter.set_result(None)
        else:
            self._open -= 1

    def _first_waiter(self) -> asyncio.Future[Connection | None] | None:
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                return waiter
        return None
