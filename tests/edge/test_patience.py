"""What takes too long is given up, and nothing else is: one timer serves for all that may take as long."""

import asyncio
from typing import Any

import pytest

from influents.patience import Within

LONG = 30.0  # seconds: far more than any of this takes


async def outcome(seconds: float, work: float) -> str:
    try:
        with Within(seconds):
            await asyncio.sleep(work)
    except TimeoutError:
        return "given up"
    return "done"


async def test_what_takes_too_long_is_given_up_and_what_comes_in_time_is_not() -> None:
    asked = [outcome(0.05, LONG), outcome(0.05, 0), outcome(LONG, 0.1), outcome(0.05, LONG)]
    assert await asyncio.gather(*asked) == ["given up", "done", "done", "given up"]


async def test_each_has_all_of_its_time_whenever_it_begins() -> None:
    first = asyncio.create_task(outcome(0.3, LONG))
    await asyncio.sleep(0.2)
    second = asyncio.create_task(outcome(0.3, 0.2))
    assert await first == "given up"
    assert await second == "done"


async def test_one_timer_serves_for_many(monkeypatch: pytest.MonkeyPatch) -> None:
    loop, timers = asyncio.get_running_loop(), []
    plain = loop.call_at

    def call_at(when: float, *rest: Any) -> asyncio.TimerHandle:  # Any: as the loop takes it
        timers.append(when)
        return plain(when, *rest)

    monkeypatch.setattr(loop, "call_at", call_at)
    for _ in range(100):
        with Within(LONG + 1):
            pass
    assert len(timers) == 1


async def test_what_is_cancelled_by_somebody_else_stays_cancelled() -> None:
    task = asyncio.create_task(outcome(LONG, LONG))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_the_inner_of_two_is_given_up_alone() -> None:
    with Within(LONG):
        assert await outcome(0.05, LONG) == "given up"
        await asyncio.sleep(0)
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_every_loop_has_its_own() -> None:
    elsewhere = asyncio.create_task(asyncio.to_thread(asyncio.run, outcome(0.1, LONG)))
    assert await outcome(0.1, LONG) == "given up"
    assert await elsewhere == "given up"
    assert await outcome(0.1, LONG) == "given up"
