"""Whether it is ready: asked once for all, within bounds, whatever the database does."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
import sqlalchemy as sa

from db.engine import Database, connect
from influents.stopping import Stopping
from influents.telemetry import readiness as module
from influents.telemetry.readiness import Readiness, State
from influents.telemetry.statements import watch
from tests.recorder import recorded


@pytest.fixture
async def connected(url: str) -> AsyncIterator[Callable[..., Database]]:
    """Connects again to this worker's database, or elsewhere."""
    made: list[Database] = []

    def again(to: str = url, *, pool_size: int = 1, wait_seconds: float = 0.1) -> Database:
        made.append(connect(to, pool_size=pool_size, wait_seconds=wait_seconds))
        watch(made[-1])
        return made[-1]

    yield again
    for each in made:
        await each.close()


@asynccontextmanager
async def revision(database: Database, name: str) -> AsyncIterator[None]:
    """The database at another migration, by its own account."""
    async with database.unit_of_work() as work:
        before = await work.scalar(sa.text("SELECT version_num FROM alembic_version"))
        await work.execute(sa.text("UPDATE alembic_version SET version_num = :name"), {"name": name})
    try:
        yield
    finally:
        async with database.unit_of_work() as work:
            await work.execute(sa.text("UPDATE alembic_version SET version_num = :name"), {"name": before})


async def test_it_is_ready_until_it_stops(database: Database) -> None:
    stopping = Stopping()
    readiness = Readiness(database, stopping)

    assert await readiness.state() is State.READY
    stopping.begun.set()
    assert await readiness.state() is State.STOPPING


async def test_however_many_ask_the_database_is_asked_once(database: Database) -> None:
    readiness = Readiness(database, Stopping())
    with recorded(database) as statements:
        assert set(await asyncio.gather(*(readiness.state() for _ in range(50)))) == {State.READY}
    assert len(statements) == 1


async def test_what_was_answered_is_not_held_for_long(
    database: Database, connected: Callable[..., Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FRESH_SECONDS", 0.0)
    readiness = Readiness(database, Stopping())
    assert await readiness.state() is State.READY
    async with revision(database, "0001"):
        assert await readiness.state() is State.NOT_MIGRATED
    assert await readiness.state() is State.READY


async def test_a_database_that_newer_code_has_migrated_is_good_enough(database: Database) -> None:
    async with revision(database, "9999"):
        assert await Readiness(database, Stopping()).state() is State.READY


async def test_a_database_with_nothing_in_it_is_not_migrated(connected: Callable[..., Database], url: str) -> None:
    empty = connected(str(sa.make_url(url).set(database="postgres")))
    assert await Readiness(empty, Stopping()).state() is State.NOT_MIGRATED


async def test_without_a_database_it_is_not_ready(connected: Callable[..., Database]) -> None:
    gone = connected("postgresql://nobody@127.0.0.1:9/none")
    assert await Readiness(gone, Stopping()).state() is State.NO_DATABASE


async def test_a_database_that_says_nothing_is_not_waited_for(
    connected: Callable[..., Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ASKING_SECONDS", 0.2)
    writers: list[asyncio.StreamWriter] = []
    deaf = await asyncio.start_server(lambda _, writer: writers.append(writer), "127.0.0.1", 0)
    async with deaf, asyncio.timeout(20):
        port = deaf.sockets[0].getsockname()[1]
        silent = connected(f"postgresql://nobody@127.0.0.1:{port}/none")
        assert await Readiness(silent, Stopping()).state() is State.NO_DATABASE
        for each in writers:
            each.close()
            await each.wait_closed()


async def test_one_that_is_busy_is_ready_as_long_as_it_is_answered(
    connected: Callable[..., Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    """To call it not ready would send its clients to the others, and make those busier still."""
    monkeypatch.setattr(module, "ASKING_SECONDS", 30)
    busy = connected()
    async with busy.reading() as session:
        await session.execute(sa.text("SELECT 1"))  # and keeps the only connection
        assert await Readiness(busy, Stopping()).state() is State.READY


async def test_one_whose_connections_are_all_stuck_is_not_ready(
    connected: Callable[..., Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck = connected()
    async with stuck.reading() as session:
        await session.execute(sa.text("SELECT 1"))
        monkeypatch.setattr(module, "ASKING_SECONDS", 0.5)
        await asyncio.sleep(0.6)
        assert await Readiness(stuck, Stopping()).state() is State.NO_DATABASE
