"""Columns are awaited at once; what is broken off leaves nothing behind."""

import asyncio
import gc
import warnings
from collections.abc import Sequence

import pytest
import strawberry

from engine import Each, Engine, relation

UNDER_WAY: set[str] = set()


async def slowly(name: str) -> None:
    UNDER_WAY.add(name)
    try:
        await asyncio.sleep(5)
    finally:
        await asyncio.sleep(0)  # cleaning up may take its time
        UNDER_WAY.discard(name)


async def slow_column(parents: Sequence["Thing"], _context: object) -> Each[int]:
    await slowly("column")
    return [1 for _ in parents]


async def waits_for(parents: Sequence["Thing"], barrier: asyncio.Barrier) -> Each[int]:
    await barrier.wait()
    return [each.number for each in parents]


@strawberry.type
class Thing:
    number: int
    column: int = relation(slow_column)
    left: int = relation(waits_for)
    right: int = relation(waits_for)

    @strawberry.field
    async def slow(self) -> int:
        await slowly(f"item {self.number}")
        return self.number

    @strawberry.field
    async def met(self, info: strawberry.Info) -> int:
        await info.context.wait()
        return self.number

    @strawberry.field
    async def fails(self) -> int | None:
        raise ValueError("no")

    @strawberry.field
    async def breaks_off(self) -> int:
        raise asyncio.CancelledError


@strawberry.type
class Query:
    @strawberry.field
    def things(self) -> list[Thing]:
        return [Thing(number=number) for number in range(3)]

    @strawberry.field
    async def slow(self) -> int:
        await slowly("root")
        return 1


ENGINE = Engine(strawberry.Schema(Query), declined=pytest.fail)


@pytest.mark.parametrize("query", ["{ things { slow column fails } slow }", "{ slow }", "{ things { slow } }"])
async def test_a_time_out_ends_all_that_is_under_way_before_it_is_told(query: str) -> None:
    UNDER_WAY.clear()
    before = asyncio.all_tasks()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await ENGINE.execute(query)
        gc.collect()
    assert set() == UNDER_WAY
    assert asyncio.all_tasks() == before


async def test_who_is_cancelled_at_once_has_begun_nothing_that_is_not_awaited() -> None:
    task = asyncio.create_task(ENGINE.execute("{ things { slow column } slow }"))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    gc.collect()
    assert set() == UNDER_WAY


async def test_columns_beside_each_other_are_awaited_at_once() -> None:
    async with asyncio.timeout(2):
        result = await ENGINE.execute("{ things { left right } }", context=asyncio.Barrier(2))
    assert result.data == {"things": [{"left": number, "right": number} for number in range(3)]}


async def test_resolvers_of_a_column_are_awaited_at_once() -> None:
    async with asyncio.timeout(2):
        result = await ENGINE.execute("{ things { met } }", context=asyncio.Barrier(3))
    assert result.data == {"things": [{"met": number} for number in range(3)]}


async def test_a_resolver_that_breaks_itself_off_ends_the_operation() -> None:
    with pytest.raises(asyncio.CancelledError):
        await ENGINE.execute("{ things { breaksOff } }")
