"""A database is migrated while it is used: nobody waits longer than a migration may wait itself."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
import sqlalchemy as sa

from db.engine import Database
from db.migrate import LOCK_SECONDS, is_current, migrate
from influents.embedded import Cluster
from tests.migrating import fresh_databases, go
from tests.rows import citizen_row, event_row, keep, participation_row

CLIENTS = 8
AT_WORK = (
    "UPDATE citizen SET bio = md5(random()::text) WHERE id = (SELECT id FROM citizen ORDER BY random() LIMIT 1)",
    "UPDATE event SET title = title WHERE id = (SELECT id FROM event ORDER BY random() LIMIT 1)",
    "UPDATE participation SET listed = NOT listed WHERE id = (SELECT id FROM participation ORDER BY random() LIMIT 1)",
    "SELECT count(*) FROM event JOIN participation ON event_id = event.id JOIN citizen ON citizen_id = citizen.id",
)


@pytest.fixture
async def used(cluster: Cluster) -> AsyncIterator[Database]:
    """A database with something in it, one migration behind."""
    async with fresh_databases(cluster) as make:
        database: Database = await make()
        await migrate(database)
        citizens = [citizen_row() for _ in range(200)]
        await keep(database, *citizens)
        event = event_row(citizens[0].id)
        await keep(database, event)
        await keep(database, *(participation_row(each.id, event.id) for each in citizens))
        await go(database, "-1", down=True)
        yield database


@asynccontextmanager
async def at_work(database: Database) -> AsyncIterator[list[float]]:
    """Clients who read and write all the while; how long each statement took, in seconds."""
    took: list[float] = []

    async def client() -> None:
        while True:
            for statement in AT_WORK:
                begun = time.monotonic()
                async with database.unit_of_work() as work:
                    await work.execute(sa.text(statement))
                took.append(time.monotonic() - begun)

    clients = [asyncio.create_task(client()) for _ in range(CLIENTS)]
    yield took
    for each in clients:
        assert not each.done(), each
        each.cancel()
        with suppress(asyncio.CancelledError):
            await each


async def test_the_last_migration_runs_while_people_read_and_write(used: Database) -> None:
    async with at_work(used) as took:
        await asyncio.sleep(0.3)
        await migrate(used)
        await asyncio.sleep(0.3)

    assert await is_current(used)
    assert len(took) > CLIENTS
    assert max(took) < 2 * LOCK_SECONDS


async def test_a_migration_gives_way_to_whoever_holds_a_table(used: Database) -> None:
    async with used.unit_of_work() as held:
        for table in ("citizen", "event", "participation", "ledger_entry", "organization"):
            await held.execute(sa.text(f"LOCK TABLE {table} IN ROW EXCLUSIVE MODE"))
        migrating = asyncio.create_task(migrate(used))
        async with at_work(used) as took:
            await asyncio.sleep(3 * LOCK_SECONDS)

    await migrating
    assert await is_current(used)
    assert max(took) < 2 * LOCK_SECONDS


async def test_a_migration_that_fails_leaves_those_before_it_done(
    used: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And whoever tries again goes on from there."""
    async with used.unit_of_work() as work:
        await work.execute(sa.text("ALTER TABLE citizen RENAME COLUMN bio TO life"))  # 0006 reads it
    await go(used, "0003", down=True)
    before = await revision(used)

    with pytest.raises(sa.exc.DBAPIError):
        await migrate(used)

    assert before == "0003"
    assert await revision(used) > before


async def revision(database: Database) -> str:
    async with database.reading() as session:
        return str(await session.scalar(sa.text("SELECT version_num FROM alembic_version")))
