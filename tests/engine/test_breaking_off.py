"""Operations that are broken off at any moment leave nothing under way, and those at once don't meet each other."""

import asyncio
import gc
from typing import Any

import pytest

from engine import Engine
from tests.engine.comparing import Answer
from tests.engine.making import UNDER_WAY, Asking
from tests.engine.test_oracle import Asked, drawn
from tests.engine.worlds import made

OPERATIONS = 150

pytestmark = pytest.mark.xdist_group("oracle")


async def answered(engine: Engine, asked: Asked) -> Answer:
    context = Asking(asked.closed)
    result = await engine.execute(asked.document, variables=asked.variables, operation_name=asked.name, context=context)
    return Answer.of(result, context.effects)


def engine_of(asked: Asked, engines: dict[int, Engine]) -> Engine:
    if asked.world not in engines:
        engines[asked.world] = Engine(made(asked.world).schema, validate=lambda _: [])
    return engines[asked.world]


def left() -> set["asyncio.Task[Any]"]:  # Any: whatever tasks come to
    """Tasks that the engine left; a loader's own batch, which others may wait for, is none of them."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    return {task for task in others if "dispatch" not in repr(task.get_coro())}


async def test_whenever_an_operation_is_broken_off_nothing_of_it_goes_on() -> None:
    engines: dict[int, Engine] = {}
    before, broken = left(), 0
    for number in range(OPERATIONS):
        asked = drawn(number)
        task = asyncio.ensure_future(answered(engine_of(asked, engines), asked))
        for _ in range(number % 7):
            await asyncio.sleep(0)

        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            broken += 1

        assert left() == before, number
        assert UNDER_WAY == [], number
    gc.collect()  # what was never awaited is warned of, which fails a test
    assert broken > OPERATIONS / 4


async def test_a_timeout_is_told_once_nothing_goes_on() -> None:
    engines: dict[int, Engine] = {}
    before = left()
    for number in range(30):
        asked = drawn(number)
        try:
            async with asyncio.timeout(0):
                await answered(engine_of(asked, engines), asked)
        except TimeoutError:
            pass
        assert left() == before
        assert UNDER_WAY == []


async def test_operations_at_once_answer_what_they_answer_alone() -> None:
    engines: dict[int, Engine] = {}
    every = [drawn(number) for number in range(60)]
    alone = [await answered(engine_of(asked, engines), asked) for asked in every]

    at_once = await asyncio.gather(*(answered(engine_of(asked, engines), asked) for asked in every * 2))

    assert at_once == alone * 2
