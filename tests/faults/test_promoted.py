"""Another server takes the primary's place while fifty clients write: processes that name both find it by themselves.

Where the primary dies, nothing that was acknowledged is missing as long as replication is synchronous. Where it is
stopped in peace, it hands over all it has before it ends, and replication may be asynchronous.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from db.engine import connect
from resolvers.passwords import Passwords
from tests.clock import Clock
from tests.faults.crowd import Crowd, gathered
from tests.faults.standing import Service, assert_nothing_was_lost, back_seconds, services_on, serving, watching
from tests.migrating import migrate_at
from tests.processes import until
from tests.servers import FOLLOWED, PostgresServer, Servers, either

pytestmark = [pytest.mark.xdist_group("faults"), pytest.mark.timeout(400)]


@pytest.fixture
async def primary(servers: Servers) -> AsyncIterator[PostgresServer]:
    made = servers.started(FOLLOWED)
    await migrate_at(made.url())
    yield made
    made.stop("immediate")


@pytest.fixture
def follower(servers: Servers, primary: PostgresServer) -> PostgresServer:
    return servers.replica(primary)


@pytest.fixture
def url(primary: PostgresServer, follower: PostgresServer) -> str:
    """Names both, as docs/operations.md says."""
    return either(primary, follower)


@pytest.fixture
async def people(url: str, clock: Clock, passwords: Passwords) -> AsyncIterator[Crowd]:
    """Fifty who write to whichever of them leads."""
    database = connect(url, pool_size=10, statement_seconds=20, wait_seconds=20)
    yield await gathered(await services_on(database, clock, passwords), clock)
    await database.close()


def synchronous(primary: PostgresServer) -> None:
    """Acknowledge nothing any more before a follower has it."""
    primary.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
    primary.execute("SELECT pg_reload_conf()")
    primary.until("SELECT sync_state FROM pg_stat_replication", "sync")


def assert_nothing_was_unexpected(service: Service) -> None:
    for bug in ("unexpected error", "the worker stumbled", "Traceback"):
        assert bug not in service.log()


@pytest.mark.parametrize("how", ["killed", "frozen"])
async def test_in_the_place_of_one_that_died_it_has_all_that_was_answered(  # noqa: PLR0917 - fixtures
    primary: PostgresServer, follower: PostgresServer, url: str, people: Crowd, tmp_path: Path, how: str
) -> None:
    synchronous(primary)
    async with (
        serving(url, tmp_path, DATABASE_REPLICA_URL=url) as service,
        watching(service.address, people.organizer, people.first) as watcher,
        people.writing(service.address),
    ):
        usual = await people.everybody()
        assert (watcher.told > 0, watcher.look_again) == (True, 0)
        await asyncio.to_thread(primary.kill if how == "killed" else primary.freeze)
        await service.becomes(503)
        await asyncio.to_thread(follower.promote)
        await asyncio.gather(service.becomes(200), watcher.looks_again())
        assert await people.everybody() < usual + back_seconds()
        assert not watcher.over.is_set()
    assert people.put_off
    assert_nothing_was_unexpected(service)
    people.services.database.renew()  # the test's own connections heard of nothing
    await assert_nothing_was_lost(people, url, tmp_path)


async def test_two_change_places_in_peace_and_the_other_is_read_from_then(
    primary: PostgresServer, follower: PostgresServer, url: str, people: Crowd, tmp_path: Path
) -> None:
    async with (
        serving(url, tmp_path, DATABASE_REPLICA_URL=url) as service,
        watching(service.address, people.organizer, people.first) as watcher,
        people.writing(service.address),
    ):
        usual = await people.everybody()
        await asyncio.to_thread(primary.stop)
        await service.becomes(503)
        await asyncio.to_thread(follower.promote)
        await asyncio.gather(service.becomes(200), watcher.looks_again())
        assert await people.everybody() < usual + back_seconds()
        primary.rejoin(follower)
        await asyncio.to_thread(primary.start)

        async def read_from() -> bool:
            lines = [line for line in service.log().splitlines() if "the replica is read from" in line]
            return any(f":{primary.port}" in line for line in lines)

        await until(read_from, back_seconds())
        assert await people.everybody() < usual + back_seconds()
        assert not watcher.over.is_set()
    assert people.put_off
    assert_nothing_was_unexpected(service)
    await assert_nothing_was_lost(people, url, tmp_path)
