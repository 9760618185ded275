"""One connection that hears what is announced. It has to be a direct one: poolers hand connections around."""

import asyncio
from collections.abc import Callable

import asyncpg

from db.engine import connect
from db.writes.announcements import CHANNEL

STILL_THERE_SECONDS = 15.0


async def listen(url: str, *, began: Callable[[], None], heard: Callable[[str], None]) -> None:
    """Listen until the connection is lost.

    Args:
        url: Where the database is, without a pooler between.
        began: Called once nothing is missed any more.
        heard: Called with each message.

    Raises:
        OSError, asyncpg.PostgresError, sqlalchemy.exc.DBAPIError: it couldn't be had.
    """
    database = connect(url, pool_size=1)
    lost = asyncio.Event()
    try:
        async with database.engine.connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            if not isinstance(driver, asyncpg.Connection):
                raise TypeError(driver)
            driver.add_termination_listener(lambda _: lost.set())
            await driver.add_listener(CHANNEL, lambda *said: heard(str(said[-1])))
            began()
            while not lost.is_set():
                try:
                    await asyncio.wait_for(lost.wait(), STILL_THERE_SECONDS)
                except TimeoutError:  # a connection may be dead without anybody having said so
                    await driver.fetchval("SELECT 1", timeout=STILL_THERE_SECONDS)
    finally:
        await database.close()
