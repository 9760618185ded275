"""A PostgreSQL of its own with the rows in it."""

import asyncio
import signal
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import sqlalchemy as sa
from rich.console import Console
from rich.progress import Progress, TimeElapsedColumn

from benchmarks.side_by_side.rows import PEERS, Size, statements
from db.engine import Database, connect
from db.migrate import migrate
from db.queries.reference import policies
from influents.embedded import Cluster, start

T = TypeVar("T")
NAME = "side_by_side"
SETTINGS = {
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "fsync": "off",  # what is compared are servers, not disks
    "jit": "off",  # as the service has it: to compile a statement takes longer than any of these
    "logging_collector": "on",
    "log_destination": "jsonlog",  # statements are counted in it
}


MADE = f"INSERT INTO {PEERS}.made (size) VALUES ($1)"


@contextmanager
def cluster(folder: Path | None = None) -> Iterator[Cluster]:
    """A server that is gone with the block; in `folder` its data stay, and are there the next time."""
    with tempfile.TemporaryDirectory(prefix="influents-bench-") as temporary:
        home = folder or Path(temporary)
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o755)  # for root, PostgreSQL runs as another user
        started = start(home, SETTINGS)
        try:
            yield started
        finally:
            started.release()


def asked(ask: Callable[[str], Coroutine[object, object, T]], folder: Path | None = None) -> T:
    """What comes of asking such a server by its URL. SIGINT and SIGTERM end that by way of every `finally`.

    Raises:
        KeyboardInterrupt: one of them came.
    """
    import uvloop

    async def told(url: str) -> T:
        task = asyncio.current_task()
        assert task is not None
        # Raised, it would be in whatever is called at that moment, and a connection takes it for a failure of its own.
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await ask(url)

    with cluster(folder) as made, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        made.ensure_database(NAME)
        try:
            return runner.run(told(made.url(NAME)))
        except asyncio.CancelledError:
            raise KeyboardInterrupt from None


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = connect(url, statement_seconds=3600)
    try:
        yield database
    finally:
        await database.close()


async def is_filled(database: Database, size: Size) -> bool:
    """Whether the rows of that size are there from today: events are under way for a day."""
    async with database.reading() as session:
        if await session.scalar(sa.text(f"SELECT to_regclass('{PEERS}.made')")) is None:
            return False
        made = sa.text(
            f"SELECT count(*) FROM {PEERS}.made WHERE size = :size AND made_at > now() - interval '12 hours'"
        )
        return bool(await session.scalar(made, {"size": str(size)}))


async def fill(database: Database, size: Size, console: Console) -> None:
    """Migrate, and make everything that there is, with a bar for whoever waits."""
    begun = perf_counter()
    await migrate(database)
    async with database.reading() as session:
        policy = (await policies(session)).in_force_at(datetime.now(UTC))
    steps = list(statements(size, policy))
    with Progress(*Progress.get_default_columns(), TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task("", total=len(steps) + 1)
        async with database.unit_of_work() as work:
            await work.execute(sa.text("SET LOCAL session_replication_role = replica"))  # no triggers: they announce
            await work.execute(sa.text("SET LOCAL work_mem = '256MB'"))
            await work.execute(sa.text("SET LOCAL maintenance_work_mem = '512MB'"))
            raw = await (await work.connection()).get_raw_connection()
            driver = raw.driver_connection  # takes many statements at once
            assert driver is not None
            for name, statement in steps:
                bar.update(task, description=name)
                await driver.execute(statement)
                bar.advance(task)
            await driver.execute(MADE, str(size))
        bar.update(task, description="statistics")
        async with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            await connection.execute(sa.text("VACUUM ANALYZE"))
            await connection.execute(sa.text("CHECKPOINT"))
    console.print(f"{size}: made in {perf_counter() - begun:.0f} s", highlight=False)
