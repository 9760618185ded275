"""Whether announcements arrive: said by DATABASE_URL, heard by where the service listens."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from secrets import token_hex

import asyncpg
import sqlalchemy as sa

from db.engine import connect
from influents.doctor.findings import Finding, Subject
from influents.doctor.patient import Patient

ARRIVES_SECONDS = 2.0
POOLER = "listen at PostgreSQL itself: set INFLUENTS_LISTEN_URL to it, past a pooler in transaction mode"

subject = Subject("announcements")


async def arriving(patient: Patient) -> Sequence[Finding]:
    """Say something nobody else listens for, and hear whether it arrives."""
    listen_url = patient.settings.listen_url
    channel, word = f"influents_doctor_{token_hex(4)}", asyncio.Event()
    try:
        async with _hearing(listen_url.get_secret_value() if listen_url else patient.url, channel, word):
            async with patient.database.unit_of_work() as work:  # it is told once that is kept
                await work.execute(sa.select(sa.func.pg_notify(channel, "").cast(sa.Text)))
            await asyncio.wait_for(word.wait(), ARRIVES_SECONDS)
    except TimeoutError:
        return [subject.wrong("what is announced doesn't arrive: subscriptions and caches go stale", POOLER)]
    except OSError:
        return [subject.wrong("INFLUENTS_LISTEN_URL can't be reached", "correct it")]
    return [subject.ok("what is announced arrives")]


@asynccontextmanager
async def _hearing(url: str, channel: str, word: asyncio.Event) -> AsyncIterator[None]:
    """Listen for as long as the block lasts, and let the event be set."""
    database = connect(url, pool_size=1)
    try:
        async with database.engine.connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            if not isinstance(driver, asyncpg.Connection):
                raise TypeError(driver)

            def heard(*_: object) -> None:
                word.set()

            await driver.add_listener(channel, heard)
            try:
                yield
            finally:
                with suppress(asyncpg.PostgresError, asyncpg.InterfaceError):
                    await driver.remove_listener(channel, heard)
    finally:
        await database.close()
