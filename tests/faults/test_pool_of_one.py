"""A pool of one connection: nobody who holds the only one waits for another."""

from pathlib import Path

import pytest

from db.engine import connect
from resolvers.audit import audited
from resolvers.context import Context
from resolvers.passwords import Passwords
from tests.clock import Clock
from tests.every_kind import every_kind
from tests.faults.crowd import Crowd
from tests.faults.standing import assert_nothing_was_lost, back_seconds, services_on, serving
from tests.poolers import pgbouncer
from tests.servers import PostgresServer

pytestmark = [pytest.mark.xdist_group("faults"), pytest.mark.timeout(400)]


async def test_whatever_changes_something_takes_one_connection_at_a_time(
    url: str, empty: object, clock: Clock, passwords: Passwords
) -> None:
    """Every kind of thing that happens, one after the other: who waited for a second connection would be refused."""
    alone = connect(url, pool_size=1, wait_seconds=5)
    services = await services_on(alone, clock, passwords)
    await every_kind(services, clock)
    assert not [part.differences async for part in audited(Context(services)) if part.differences]
    await alone.close()


async def test_whoever_changes_something_asks_nothing_beside_it(
    server: PostgresServer, clock: Clock, passwords: Passwords
) -> None:
    """Through a pooler with one connection for all: who held it and asked by another way would wait for themselves."""
    with pgbouncer(server, default_pool_size="1") as url:
        database = connect(url, pool_size=5, pooled=True)
        services = await services_on(database, clock, passwords)
        await every_kind(services, clock)
        assert not [part.differences async for part in audited(Context(services)) if part.differences]
        await database.close()


async def test_fifty_who_share_one_connection_are_put_off_and_all_of_them_served(
    crowd: Crowd, url: str, tmp_path: Path
) -> None:
    async with serving(url, tmp_path, INFLUENTS_POOL_SIZE="1") as service, crowd.writing(service.address):
        await crowd.everybody()
        assert await service.becomes(200) < back_seconds()
    assert "unexpected error" not in service.log()
    await assert_nothing_was_lost(crowd, url, tmp_path)
