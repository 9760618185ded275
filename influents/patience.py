"""Giving up on what takes too long, as `asyncio.timeout` does, with one timer for all that may take as long.

A timer for each takes longer than many a request, and hardly one of them ever goes off.
"""

import asyncio
from types import TracebackType
from typing import Self


class _Queue:
    """All in one loop that may take so long: who began first is the first to be late."""

    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        self.loop, self.seconds = loop, seconds
        self.waiting: dict[Within, float] = {}
        self._watched = False

    def join(self, each: "Within") -> None:
        self.waiting[each] = late_at = self.loop.time() + self.seconds
        if not self._watched:
            self._watch(late_at)

    def _watch(self, moment: float) -> None:
        self._watched = True
        self.loop.call_at(moment, self._look)

    def _look(self) -> None:
        """Give up on those who are late, and look again when the next would be."""
        self._watched = False
        now = self.loop.time()
        for each, late_at in tuple(self.waiting.items()):
            if late_at > now:
                self._watch(late_at)
                return
            del self.waiting[each]
            each.give_up()


_queues: dict[float, _Queue] = {}


class Within:
    """What is awaited in the block is cancelled after so many seconds, and the block raises `TimeoutError`.

    What is cancelled for another reason stays so.
    """

    __slots__ = ("_before", "_late", "_queue", "_task", "seconds")

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __enter__(self) -> Self:
        loop = asyncio.get_running_loop()
        task = asyncio.current_task(loop)
        if task is None:
            raise RuntimeError("only what a task awaits can be given up")
        queue = _queues.get(self.seconds)
        if queue is None or queue.loop is not loop:
            queue = _queues[self.seconds] = _Queue(loop, self.seconds)
        self._task, self._before, self._late, self._queue = task, task.cancelling(), False, queue
        queue.join(self)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._queue.waiting.pop(self, None)
        if self._late and self._task.uncancel() <= self._before and kind is asyncio.CancelledError:
            raise TimeoutError from error

    def give_up(self) -> None:
        self._late = True
        self._task.cancel()
