"""Another server is promoted: whoever writes finds it, and what was left behind is written to no more."""

import time
from collections.abc import Awaitable, Callable, Iterator

import asyncpg
import pytest
import sqlalchemy as sa

from db.engine import Database, connect
from db.statements import Statement
from resolvers.failures import unavailable
from tests.processes import until
from tests.servers import FOLLOWED, PostgresServer, Servers, postgres_servers

pytestmark = pytest.mark.xdist_group("replicas")

BACK_SECONDS = 10.0
KEEP = Statement(sa.insert(sa.table("kept", sa.column("number", sa.Integer()))), asyncpg.Record, columns=("number",))
PORT = Statement(sa.select(sa.func.current_setting("port").label("port")), asyncpg.Record)


@pytest.fixture
def servers() -> Iterator[Servers]:
    with postgres_servers() as made:
        yield made


@pytest.fixture
def primary(servers: Servers) -> PostgresServer:
    server = servers.started(FOLLOWED)
    server.execute("CREATE TABLE kept (number int PRIMARY KEY)", "influents")
    return server


def either(*servers: PostgresServer) -> str:
    """A URL that names several: the one that can be written to is meant."""
    hosts = "&".join(f"host=127.0.0.1:{each.port}" for each in servers)
    return f"postgresql://influents@/influents?{hosts}"


async def keep(database: Database, number: int) -> None:
    async with database.unit_of_work() as work:
        await work.execute(sa.text("INSERT INTO kept VALUES (:number)"), {"number": number})


async def keep_by_driver(database: Database, number: int) -> None:
    async with database.unit_of_work() as work:
        await work.run(KEEP, {"number": number})


async def read_where(database: Database) -> str:
    [row] = await database.reader.rows(PORT, {})
    return str(row["port"])


async def test_what_is_promoted_is_written_to_within_10_seconds(servers: Servers, primary: PostgresServer) -> None:
    follower = servers.replica(primary)
    database = connect(either(follower, primary), statement_seconds=20)
    numbers = iter(range(1_000_000))
    kept: list[int] = []

    async def written() -> bool:
        number = next(numbers)
        try:
            await keep(database, number)
        except Exception as wrong:
            if not unavailable(wrong):
                raise
            return False
        kept.append(number)
        return True

    assert await written()
    assert await read_where(database) == str(primary.port)
    follower.until("SELECT count(*) FROM kept", "1", "influents")
    primary.kill()
    assert not await written()
    follower.promote()
    began = time.monotonic()
    await until(written, BACK_SECONDS)
    took = time.monotonic() - began
    assert await read_where(database) == str(follower.port)
    await database.close()

    assert took < BACK_SECONDS
    assert follower.execute("SELECT count(*) FROM kept", "influents") == str(len(kept))


@pytest.mark.parametrize("write", [keep, keep_by_driver])
async def test_one_that_takes_no_changes_any_more_is_left_with_all_connections(
    servers: Servers, primary: PostgresServer, write: Callable[[Database, int], Awaitable[None]]
) -> None:
    other = servers.started(FOLLOWED)
    other.execute("CREATE TABLE kept (number int PRIMARY KEY)", "influents")
    database = connect(either(primary, other), statement_seconds=20)
    await write(database, 1)
    assert await read_where(database) == str(primary.port)
    primary.execute("ALTER SYSTEM SET default_transaction_read_only = on")
    primary.execute("SELECT pg_reload_conf()")
    primary.until("SHOW default_transaction_read_only", "on")

    with pytest.raises((sa.exc.DBAPIError, asyncpg.ReadOnlySQLTransactionError)) as refused:
        await write(database, 2)
    await write(database, 2)

    assert unavailable(refused.value)
    assert await read_where(database) == str(other.port)
    assert other.execute("SELECT number FROM kept", "influents") == "2"
    await database.close()
