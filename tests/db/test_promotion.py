"""Another server is promoted: whoever writes finds it, and what was left behind is written to no more."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
import sqlalchemy as sa

from db.engine import BadDatabaseUrl, Database, connect
from db.hosts import NobodyLeads
from db.statements import Statement
from resolvers.failures import unavailable
from tests.processes import until
from tests.servers import FOLLOWED, PostgresServer, Servers, either, postgres_servers

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


@asynccontextmanager
async def silent() -> AsyncIterator[int]:
    """A port where whoever connects hears nothing: so does a machine without power, or one that froze."""
    heard: list[asyncio.StreamWriter] = []
    listener = await asyncio.start_server(lambda _, writer: heard.append(writer), "127.0.0.1", 0)
    try:
        yield listener.sockets[0].getsockname()[1]
    finally:
        listener.close()
        for each in heard:
            each.transport.abort()


async def test_a_host_that_says_nothing_keeps_nobody_from_the_next(primary: PostgresServer) -> None:
    async with silent() as port:
        gone = PostgresServer(primary.folder, primary.account, primary.programs, port)
        database = connect(either(gone, primary))
        await keep(database, 1)
        assert await read_where(database) == str(primary.port)
        await database.close()


async def test_a_server_that_starts_or_stops_is_to_be_asked_later() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1_000)
        said = b"SFATAL\0VFATAL\0C57P03\0Mthe database system is shutting down\0\0"
        writer.write(b"E" + (len(said) + 4).to_bytes(4, "big") + said)
        writer.close()

    listener = await asyncio.start_server(refuse, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    database = connect(f"postgresql://influents@127.0.0.1:{port}/influents?ssl=disable")
    for asked in (keep(database, 1), read_where(database)):
        with pytest.raises(asyncpg.CannotConnectNowError) as refused:
            await asked
        assert unavailable(refused.value)
    await database.close()
    listener.close()


async def test_where_all_follow_one_is_to_come_back_later(servers: Servers, primary: PostgresServer) -> None:
    one, other = servers.replica(primary), servers.replica(primary)
    database = connect(either(one, other), statement_seconds=20)
    with pytest.raises(NobodyLeads) as nobody:
        await read_where(database)
    assert unavailable(nobody.value)
    one.promote()
    assert await read_where(database) == str(one.port)
    await database.close()


async def test_one_that_froze_is_left_with_all_connections(servers: Servers, primary: PostgresServer) -> None:
    follower = servers.replica(primary)
    database = connect(either(primary, follower), statement_seconds=0.5)
    await asyncio.gather(*(keep(database, number) for number in range(5)))
    await asyncio.gather(*(read_where(database) for _ in range(5)))
    follower.until("SELECT count(*) FROM kept", "5", "influents")
    primary.freeze()
    follower.promote()
    with pytest.raises(TimeoutError):
        await keep(database, 5)
    await keep(database, 6)
    assert await read_where(database) == str(follower.port)
    await database.close()


def test_hosts_without_ports_are_told_in_a_line() -> None:
    with pytest.raises(BadDatabaseUrl, match="each needs its port"):
        connect("postgresql://influents@/influents?host=one&host=other")
