"""What columns ask for in one turn of the event loop, asked for at once and kept for the request."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Together(Generic[K, V]):
    """For columns what a loader is for single things: a future for each of hundreds of keys costs more than the answer.

    Args:
        ask: Asks for many keys at once.
        absent: What those have that aren't found.
    """

    def __init__(self, ask: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]], *, absent: V) -> None:
        self._ask, self._absent = ask, absent
        self._known: dict[K, V] = {}
        self._waiting: set[K] = set()
        self._asking: asyncio.Task[None] | None = None

    async def of(self, keys: Sequence[K]) -> list[V]:
        """What each key has, in their order."""
        missing = set(keys) - self._known.keys()
        if missing:
            self._waiting |= missing
            if self._asking is None:
                self._asking = asyncio.create_task(self._ask_soon())
            await asyncio.shield(self._asking)  # who is broken off takes it from nobody
        return list(map(self._known.__getitem__, keys))

    async def _ask_soon(self) -> None:
        await asyncio.sleep(0)  # until all who ask in this turn have asked
        keys, self._waiting, self._asking = list(self._waiting), set(), None
        found = await self._ask(keys)
        self._known |= {key: found.get(key, self._absent) for key in keys}
