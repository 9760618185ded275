"""Of several hosts that are named, the one that can be written to: others may follow it, be gone, or answer no more."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from time import monotonic
from typing import Any

import asyncpg

from db.reading import Connection

HEAD_START_SECONDS = 0.3
"""How long a host is waited for before the next one is tried beside it: one without power refuses nobody."""
LOOKS = 6
"""Connections at once that are to come to one server: of two, taken in turns or by chance, they miss one seldom."""
NAME_EACH = "name each of them in DATABASE_REPLICA_URL: ?host=one:5432&host=other:5432"
_CAN_BE_WRITTEN_TO = "SELECT NOT pg_is_in_recovery() AND NOT current_setting('default_transaction_read_only')::boolean"


class NobodyLeads(ConnectionError):  # noqa: N818
    """Of several hosts none can be written to."""


async def connected(*, host: Any = None, port: Any = None, timeout: float, **others: Any) -> Connection:  # noqa: ASYNC109 - as asyncpg has it
    """A connection, as `asyncpg.connect` makes it. Any: as asyncpg takes it.

    Args:
        host: One host; or several, of which the first is taken that can be written to.
        port: Its port; or one for each of several.
        timeout: How many seconds each of them has.
        others: What asyncpg is told besides.

    Raises:
        NobodyLeads: each of several hosts answers, and only follows.
        OSError, TimeoutError, asyncpg.PostgresError: there is nothing to be reached.
    """
    if not isinstance(host, list):
        made: Connection = await asyncpg.connect(host=host, port=port, timeout=timeout, **others)
        return made
    begun: list[asyncio.Task[Connection]] = []
    chosen = None
    try:
        for at, its_port in zip(host, port, strict=True):
            begun.append(asyncio.create_task(_leading(timeout, host=at, port=its_port, **others)))
            if (chosen := await _succeeded(begun, HEAD_START_SECONDS)) is not None:
                return chosen.result()
        if (chosen := await _succeeded(begun)) is not None:
            return chosen.result()
        raise _why(begun)
    finally:
        for each in begun:
            if each is not chosen:
                each.cancel()
                each.add_done_callback(_let_go)


async def servers_behind(arguments: Mapping[str, Any]) -> set[datetime]:
    """The servers that connections to one host come to, by when each was started: a pooler may lead to several.

    Raises:
        OSError, TimeoutError, asyncpg.PostgresError: there is nothing to be reached.
    """

    async def server() -> datetime:
        made = await connected(**arguments)
        try:
            async with made.transaction(readonly=True):
                found: datetime = await made.fetchval("SELECT pg_postmaster_start_time() FROM pg_sleep(0.05)")
                return found
        finally:
            made.terminate()

    return set(await asyncio.gather(*(server() for _ in range(LOOKS))))


async def _leading(seconds: float, **arguments: Any) -> Connection:
    """A connection to a host that can be written to. It is asked: what a pooler says at first may be long past."""
    async with asyncio.timeout(seconds):
        made: Connection = await asyncpg.connect(**arguments)
        leads = False
        try:
            async with made.transaction(readonly=True):
                leads = await made.fetchval(_CAN_BE_WRITTEN_TO)
        finally:
            if not leads:
                made.terminate()
    if not leads:
        raise NobodyLeads("none of the hosts can be written to")
    return made


async def _succeeded(
    begun: list[asyncio.Task[Connection]], seconds: float | None = None
) -> asyncio.Task[Connection] | None:
    """The first that succeeds within so many seconds; none, as soon as all of them have failed."""
    deadline = None if seconds is None else monotonic() + seconds
    while True:
        for each in begun:
            if each.done() and not each.exception():
                return each
        running = [each for each in begun if not each.done()]
        left = None if deadline is None else deadline - monotonic()
        if not running or (left is not None and left <= 0):
            return None
        await asyncio.wait(running, timeout=left, return_when=asyncio.FIRST_COMPLETED)


def _why(begun: list[asyncio.Task[Connection]]) -> BaseException:
    """Why none succeeded: what is wrong with a host says more than that another only follows."""
    failures = [failed for each in begun if (failed := each.exception())]
    return next((each for each in failures if not isinstance(each, NobodyLeads)), failures[0])


def _let_go(attempt: asyncio.Task[Connection]) -> None:
    """Close what was made and isn't taken."""
    if not attempt.cancelled() and not attempt.exception():
        attempt.result().terminate()
