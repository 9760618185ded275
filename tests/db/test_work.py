"""Units of work: a session's statements and the driver's in one transaction, which is kept whole or not at all."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

import asyncpg
import pytest
import sqlalchemy as sa

from db import models
from db.engine import Database, connect
from db.statements import Statement
from db.tables import retired_handle
from db.work import Work
from resolvers.failures import BROKE_A_RULE, points_to_nothing, unavailable
from tests.at_once import how_many
from tests.recorder import recorded

RETIRE = Statement(sa.insert(retired_handle), asyncpg.Record, columns=("fingerprint",))
RETIRED = Statement(sa.select(retired_handle.c.fingerprint).order_by(retired_handle.c.fingerprint), asyncpg.Record)
PID = Statement(sa.select(sa.func.pg_backend_pid().label("pid")), asyncpg.Record)
WRONG = Statement(sa.select(sa.literal(1) / sa.bindparam("by", type_=sa.Integer())), asyncpg.Record)
NAP = Statement(sa.select(sa.func.pg_sleep(sa.bindparam("seconds", type_=sa.Double()))), asyncpg.Record)

Connect = Callable[..., Database]


@pytest.fixture
async def one(url: str, empty: Database) -> AsyncIterator[Connect]:
    """Makes a database with one connection for units of work."""
    opened: list[Database] = []

    def made(**settings: bool) -> Database:
        opened.append(connect(url, pool_size=1, **settings))
        return opened[-1]

    yield made
    for each in opened:
        await each.close()


async def by_driver(work: Work, what: bytes) -> None:
    await work.run(RETIRE, {"fingerprint": what})


async def by_session(work: Work, what: bytes) -> None:
    await work.execute(sa.insert(retired_handle).values(fingerprint=what))


async def seen(work: Work) -> tuple[list[bytes], list[bytes]]:
    """What the driver sees, and what the session does."""
    by_it = [row["fingerprint"] for row in await work.rows(RETIRED, {})]
    found = await work.scalars(sa.select(retired_handle.c.fingerprint).order_by(retired_handle.c.fingerprint))
    return by_it, list(found)


@pytest.mark.parametrize("pooled", [False, True], ids=["direct", "pooled"])
@pytest.mark.parametrize("driver_first", [False, True], ids=["session first", "driver first"])
async def test_what_either_changes_the_other_sees_and_all_of_it_is_kept(
    one: Connect, empty: Database, pooled: bool, driver_first: bool
) -> None:
    database = one(pooled=pooled)
    first, second = (by_driver, by_session) if driver_first else (by_session, by_driver)

    async with database.unit_of_work() as work:
        await first(work, b"1")
        await second(work, b"2")
        assert await seen(work) == ([b"1", b"2"], [b"1", b"2"])
        assert await how_many(empty, retired_handle) == 0

    assert await how_many(empty, retired_handle) == 2


async def test_a_session_is_made_when_it_is_used_and_not_before(one: Connect, empty: Database) -> None:
    async with one().unit_of_work() as work:
        await by_driver(work, b"1")
        assert not work.is_session
        await by_session(work, b"2")
        assert work.is_session

    assert await how_many(empty, retired_handle) == 2


async def test_what_is_added_and_not_flushed_is_kept_at_the_end(one: Connect, empty: Database) -> None:
    async with one().unit_of_work() as work:
        work.add(models.RetiredHandle(fingerprint=b"1"))

    assert await how_many(empty, retired_handle) == 1


async def test_an_exception_undoes_all_of_it_and_the_connection_is_used_again(one: Connect, empty: Database) -> None:
    database, pids = one(), set[int]()

    async def fail() -> None:
        async with database.unit_of_work() as work:
            await by_driver(work, b"1")
            await by_session(work, b"2")
            pids.update(row["pid"] for row in await work.rows(PID, {}))
            raise KeyError

    for _ in range(3):
        with pytest.raises(KeyError):
            await fail()

    assert await how_many(empty, retired_handle) == 0
    assert len(pids) == 1


@pytest.mark.parametrize("write", [by_driver, by_session])
async def test_what_the_tables_refuse_undoes_all_of_it(
    one: Connect, empty: Database, write: Callable[[Work, bytes], Awaitable[None]]
) -> None:
    database = one()

    async def twice() -> None:
        async with database.unit_of_work() as work:
            await by_driver(work, b"1")
            await write(work, b"1")

    with pytest.raises(BROKE_A_RULE) as refused:
        await twice()
    async with database.unit_of_work() as work:
        await by_driver(work, b"2")

    assert not points_to_nothing(refused.value)
    assert await how_many(empty, retired_handle) == 1


async def test_whoever_makes_nothing_of_a_failure_is_told_that_nothing_was_kept(one: Connect, empty: Database) -> None:
    database = one()

    async def make_nothing_of_it() -> None:
        async with database.unit_of_work() as work:
            await by_driver(work, b"first")
            with suppress(asyncpg.DivisionByZeroError):
                await work.rows(WRONG, {"by": 0})

    with pytest.raises(asyncpg.InFailedSQLTransactionError):
        await make_nothing_of_it()

    async with database.unit_of_work() as work:
        assert await seen(work) == ([], [])


async def test_one_goes_back_to_a_mark_as_often_as_one_likes(one: Connect, empty: Database) -> None:
    async with one().unit_of_work() as work:
        await by_driver(work, b"0")
        await work.mark()
        for _ in range(2):
            await by_driver(work, b"1")
            await by_session(work, b"2")
            await work.go_back()
        await by_driver(work, b"3")

    assert await how_many(empty, retired_handle) == 2


@pytest.mark.parametrize("napping", ["driver", "session", "neither"])
async def test_a_unit_of_work_that_is_broken_off_is_undone_and_leaves_its_connection(
    one: Connect, empty: Database, napping: str
) -> None:
    database = one()
    held = asyncio.Event()

    async def broken_off() -> None:
        async with database.unit_of_work() as work:
            await by_driver(work, b"1")
            held.set()
            if napping == "driver":
                await work.rows(NAP, {"seconds": 60.0})
            elif napping == "session":
                await work.execute(sa.select(sa.func.pg_sleep(60)))
            else:
                await asyncio.sleep(60)

    task = asyncio.create_task(broken_off())
    await held.wait()
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.unit_of_work() as work:
        await by_driver(work, b"1")

    assert await how_many(empty, retired_handle) == 1


async def test_a_connection_that_is_cut_off_is_not_used_again(one: Connect, empty: Database) -> None:
    database = one()

    async def cut_off() -> None:
        async with database.unit_of_work() as work:
            [row] = await work.rows(PID, {})
            async with empty.reading() as session:
                await session.execute(sa.select(sa.func.pg_terminate_backend(row["pid"])))
            await asyncio.sleep(0.05)
            await by_driver(work, b"1")

    with pytest.raises(Exception) as cut:  # noqa: PT011 - whatever the driver says of it
        await cut_off()
    async with database.unit_of_work() as work:
        await by_driver(work, b"2")

    assert unavailable(cut.value)
    assert await how_many(empty, retired_handle) == 1


async def test_observers_are_told_of_both_and_of_what_went_wrong(one: Connect) -> None:
    database, failed = one(), list[BaseException | None]()
    database.reader.observers.append(lambda _sql, _seconds, wrong: failed.append(wrong))
    with recorded(database) as statements:
        async with database.unit_of_work() as work:
            await by_driver(work, b"1")
            await by_session(work, b"2")
        with pytest.raises(asyncpg.DivisionByZeroError):
            async with database.unit_of_work() as work:
                await work.rows(WRONG, {"by": 0})

    assert [each.split()[0] for each in statements] == ["INSERT", "INSERT", "SELECT"]
    assert [type(each) for each in failed] == [type(None), asyncpg.DivisionByZeroError]
