"""Reading: connections that are shared by all who ask, one statement each."""

import asyncio
from collections.abc import AsyncIterator, Callable

import asyncpg
import pytest
import sqlalchemy as sa

from db.engine import STATEMENTS_KEPT, Database, connect
from db.reading import Connection, NoneFree, Reader
from db.statements import Statement
from resolvers.failures import unavailable

PID = sa.func.pg_backend_pid().label("pid")
NAP = sa.func.pg_sleep(sa.bindparam("seconds", type_=sa.Double()))
NAPPING = Statement(sa.select(PID).where(NAP.is_not(None)), asyncpg.Record)
WHERE_FROM = Statement(sa.select(PID), asyncpg.Record)
KEPT = Statement(sa.text("SELECT count(*) AS many FROM pg_prepared_statements"), asyncpg.Record)
WRONG = Statement(sa.select(sa.literal(1) / sa.bindparam("by", type_=sa.Integer())), asyncpg.Record)

Made = Callable[..., Reader]


@pytest.fixture
async def reader(url: str, database: Database) -> AsyncIterator[Made]:
    """Makes readers of this worker's database."""
    opened: list[Database] = []

    def made(size: int = 1, *, wait: float = 5.0, pooled: bool = False) -> Reader:
        opened.append(connect(url, pool_size=size, wait_seconds=wait, pooled=pooled))
        return opened[-1].reader

    yield made
    for each in opened:
        await each.close()


async def pid(reader: Reader) -> int:
    [row] = await reader.rows(WHERE_FROM, {})
    found: int = row["pid"]
    return found


async def test_no_more_connections_are_made_than_are_needed_and_the_last_one_used_is_the_first(reader: Made) -> None:
    four = reader(4)

    at_once = await asyncio.gather(*(four.rows(NAPPING, {"seconds": 0.1}) for _ in range(2)))
    one_by_one = {await pid(four) for _ in range(5)}

    assert len({row["pid"] for [row] in at_once}) == 2
    assert len(one_by_one) == 1
    assert (four.idle, four.in_use, four.waiting) == (2, 0, 0)


async def test_whoever_waits_is_served_in_the_order_of_asking(reader: Made) -> None:
    one, served = reader(1), list[int]()

    async def ask(number: int) -> None:
        await one.rows(NAPPING, {"seconds": 0.01})
        served.append(number)

    await asyncio.gather(*map(ask, range(6)))

    assert served == list(range(6))


async def test_whoever_waits_too_long_is_refused_as_by_a_busy_database(reader: Made) -> None:
    one = reader(1, wait=0.1)
    long = asyncio.create_task(one.rows(NAPPING, {"seconds": 0.6}))
    await asyncio.sleep(0.05)

    with pytest.raises(NoneFree) as refused:
        await pid(one)

    assert unavailable(refused.value)
    assert one.waiting == 0
    [row] = await long
    assert await pid(one) == row["pid"]


async def test_a_refused_statement_costs_no_connection(reader: Made) -> None:
    one = reader(1)
    before = await pid(one)

    with pytest.raises(asyncpg.DivisionByZeroError):
        await one.rows(WRONG, {"by": 0})

    assert await pid(one) == before


async def test_a_connection_that_was_cut_off_is_replaced(reader: Made, database: Database) -> None:
    one = reader(1)
    for ended in ("at rest", "at work"):
        before = await pid(one)
        asking = asyncio.create_task(one.rows(NAPPING, {"seconds": 3}) if ended == "at work" else asyncio.sleep(0))
        await asyncio.sleep(0.1)
        async with database.reading() as session:
            await session.execute(sa.select(sa.func.pg_terminate_backend(before)))
        if ended == "at work":
            with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)) as wrong:
                await asking
            assert unavailable(wrong.value)
        await asyncio.sleep(0.1)

        assert await pid(one) != before
        assert (one.idle, one.in_use) == (1, 0)


async def test_one_that_was_given_up_on_is_replaced_and_keeps_nobody_waiting(reader: Made) -> None:
    one = reader(1)
    before = await pid(one)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await one.rows(NAPPING, {"seconds": 5})

    async with asyncio.timeout(2):
        assert await pid(one) != before

    waiting = asyncio.create_task(one.rows(NAPPING, {"seconds": 0.2}))
    given_up = asyncio.create_task(pid(one))
    await asyncio.sleep(0.05)
    given_up.cancel()
    await waiting
    assert await pid(one)
    assert (one.idle, one.in_use, one.waiting) == (1, 0, 0)


async def test_who_gives_up_as_a_connection_comes_back_has_just_given_up(reader: Made) -> None:
    one = reader(1)
    await pid(one)
    long = asyncio.create_task(one.rows(NAPPING, {"seconds": 0.2}))
    await asyncio.sleep(0.05)
    given_up = asyncio.create_task(pid(one))
    await asyncio.sleep(0.05)
    (waiter,) = one._waiters
    waiter.cancel()  # as a time limit does, a moment before whoever waits hears of it
    one._first_waiter()

    with pytest.raises(asyncio.CancelledError):
        await given_up
    await long
    assert await pid(one)


async def test_what_can_not_connect_leaves_the_place_to_others() -> None:
    attempts = 0

    async def refused() -> Connection:
        nonlocal attempts
        attempts += 1
        await asyncio.sleep(0.01)
        raise ConnectionRefusedError

    reader = Reader(refused, size=2, wait_seconds=5)
    wrong = await asyncio.gather(*(reader.rows(WHERE_FROM, {}) for _ in range(5)), return_exceptions=True)

    assert all(isinstance(each, ConnectionRefusedError) for each in wrong)
    assert attempts == 5
    assert (reader.in_use, reader.waiting) == (0, 0)


async def test_a_statement_is_all_that_is_sent(url: str) -> None:
    sent: list[str] = []

    async def watched() -> Connection:
        connection = await asyncpg.connect(url.replace("+asyncpg", ""))
        connection.add_query_logger(lambda record: sent.append(record.query))
        return connection

    reader = Reader(watched, size=1, wait_seconds=5)
    for _ in range(3):
        await reader.rows(WHERE_FROM, {})
    await reader.close()

    assert sent == [WHERE_FROM.sql] * 3


async def test_through_a_pooler_nothing_stays_prepared(reader: Made) -> None:
    many = sa.select(sa.func.count().label("many")).select_from(sa.text("pg_prepared_statements"))
    prepared = Statement(many, asyncpg.Record)
    usual = reader()
    await usual.rows(prepared, {})
    [row] = await usual.rows(prepared, {})
    assert row["many"] == 1

    between = reader(pooled=True)
    await between.rows(WHERE_FROM, {})
    [row] = await between.rows(prepared, {})
    assert row["many"] == 0


@pytest.mark.parametrize("pooled", [False, True])
async def test_what_is_written_by_one_statement_is_kept_whoever_hands_connections_around(
    reader: Made, pooled: bool
) -> None:
    one = reader(pooled=pooled)
    write = sa.text("INSERT INTO announcement (topic, subject) VALUES ('EVENT', gen_random_uuid()) RETURNING id")
    take = Statement(sa.text("DELETE FROM announcement RETURNING id"), asyncpg.Record)
    await one.rows(take, {}, writes=True)

    written = await one.rows(Statement(write, asyncpg.Record), {}, writes=True)

    assert len(written) == 1
    assert await one.rows(take, {}, writes=True) == written


async def test_once_it_is_closed_what_is_given_back_is_closed(reader: Made) -> None:
    two = reader(2)
    asking = asyncio.create_task(two.rows(NAPPING, {"seconds": 0.2}))
    await pid(two)
    await two.close()
    await asking

    assert (two.idle, two.in_use) == (0, 0)


async def test_a_connection_keeps_so_many_statements_prepared_and_no_more(reader: Made) -> None:
    one = reader(1)
    for number in range(STATEMENTS_KEPT + 10):
        await one.rows(Statement(sa.select(sa.literal(number)), asyncpg.Record), {})

    [row] = await one.rows(KEPT, {})

    assert row["many"] <= STATEMENTS_KEPT <= 200  # of a history, each takes the server 250 kB
