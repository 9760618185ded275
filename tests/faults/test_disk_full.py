"""The database's disk is full while fifty clients write, until there is room again. A tmpfs, which root may mount."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import move
from subprocess import run

import pytest

from db.engine import connect
from resolvers.passwords import Passwords
from tests.clock import Clock
from tests.faults.crowd import Crowd, gathered
from tests.faults.standing import assert_nothing_was_lost, back_seconds, services_on, serving
from tests.migrating import migrate_at
from tests.processes import until
from tests.servers import PostgresServer, Servers

pytestmark = [pytest.mark.xdist_group("faults"), pytest.mark.timeout(400)]
SIZE = "128m"


@contextmanager
def small_disk(at: Path) -> Iterator[None]:
    """A disk of a few megabytes, mounted there."""
    mounted = run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(at)], capture_output=True, check=False)
    if mounted.returncode != 0:
        pytest.skip("mounting a small disk needs root")
    try:
        yield
    finally:
        run(["umount", "--lazy", str(at)], check=True)


def fill(disk: Path) -> Path:
    """Fill it to the last byte; the file to remove again."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(4096)):
            pass
    return ballast


@pytest.fixture
async def full(servers: Servers) -> AsyncIterator[PostgresServer]:
    """A server whose tables lie on a small disk. Its journal has another: without room for that a server ends."""
    server = servers.new()
    with small_disk(server.folder):
        server.account.own(server.folder)
        server.create()
        journal = server.folder.with_name(f"{server.folder.name}-journal")
        move(server.data / "pg_wal", journal)
        for each in (journal, *journal.rglob("*")):
            server.account.own(each)
        (server.data / "pg_wal").symlink_to(journal)
        server.start()
        server.execute("CREATE DATABASE influents")
        await migrate_at(server.url())
        yield server
        server.stop("immediate")


async def test_what_can_not_be_kept_is_put_off_and_done_once_there_is_room(
    full: PostgresServer, clock: Clock, passwords: Passwords, tmp_path: Path
) -> None:
    database = connect(full.url(), pool_size=10, statement_seconds=20, wait_seconds=20)
    crowd: Crowd = await gathered(await services_on(database, clock, passwords), clock)
    async with serving(full.url(), tmp_path) as service, crowd.writing(service.address):
        usual = await crowd.everybody()
        ballast = await asyncio.to_thread(fill, full.folder)

        async def refused() -> bool:
            return "DiskFullError" in service.log() or crowd.put_off > 20

        await until(refused)
        assert await service.ready() == 200  # what is asked is answered
        ballast.unlink()
        assert await crowd.everybody() < usual + back_seconds()
    for bug in ("unexpected error", "the worker stumbled", "Traceback"):
        assert bug not in service.log()
    assert crowd.put_off
    assert "No space left on device" in full.log.read_text()
    await assert_nothing_was_lost(crowd, full.url(), tmp_path)
    await database.close()
