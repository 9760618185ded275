"""One connection that hears what is announced. It has to be a direct one: poolers hand connections around."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from db.engine import CLOSE_SECONDS, connect_alone
from db.writes.announcements import CHANNEL

NAME = "influents listening"
"""What `pg_stat_activity` calls the connection: its last statement is no longer LISTEN once it was asked for a sign."""

STILL_THERE_SECONDS = 3.0
"""How often it is asked whether it is there, and for how long: who watches is to look again within 10 seconds."""


async def listen(url: str, *, began: Callable[[], None], heard: Callable[[str], None]) -> None:
    """Listen until the connection is lost.

    Args:
        url: Where the database is, without a pooler between.
        began: Called once nothing is missed any more.
        heard: Called with each message.

    Raises:
        OSError, TimeoutError, asyncpg.PostgresError: it couldn't be had, or froze.
    """
    connection = await connect_alone(url, NAME)
    lost = asyncio.Event()
    try:
        connection.add_termination_listener(lambda _: lost.set())
        await connection.add_listener(CHANNEL, lambda *said: heard(str(said[-1])))
        began()
        while not lost.is_set():
            try:
                await asyncio.wait_for(lost.wait(), STILL_THERE_SECONDS)
            except TimeoutError:  # a connection may be dead without anybody having said so
                await connection.fetchval("SELECT 1", timeout=STILL_THERE_SECONDS)
    finally:
        with suppress(Exception):
            await connection.close(timeout=CLOSE_SECONDS)
