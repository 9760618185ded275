"""What callers do is counted here: in this process, or in a Redis or Valkey that all processes share."""

import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from functools import lru_cache
from hashlib import blake2b
from math import ceil
from typing import Any, Final, TypeVar

import structlog
from limits import RateLimitItemPerSecond
from limits.aio.storage import RedisStorage, Storage
from limits.aio.strategies import FixedWindowRateLimiter
from limits.errors import StorageError
from limits.util import WindowStats
from valkey.asyncio import ConnectionPool

from influents.telemetry.metrics import REFUSED
from resolvers.counting import Standing

MOST_KEYS: Final = 100_000
"""Kept in memory: what was counted longest ago is forgotten first."""
STORE_SECONDS: Final = 0.25
"""How long a store may take to answer."""
ASKED_AGAIN_AFTER: Final = 5.0
"""How many seconds a store that doesn't answer is left alone."""
_WHAT: Final = re.compile("[:@]")
"""What ends the words of ours that a key begins with."""
T = TypeVar("T")
log = structlog.get_logger()


class Memory(Storage):
    """Counts in this process. The library's own looks through all keys at each count."""

    STORAGE_SCHEME = None

    def __init__(self) -> None:
        super().__init__()
        self._kept: OrderedDict[str, tuple[int, float]] = OrderedDict()

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    async def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        count, until = self._counted(key)
        self._kept[key] = (count + amount, until or time.time() + expiry)
        self._kept.move_to_end(key)
        if len(self._kept) > MOST_KEYS:
            self._kept.popitem(last=False)
        return count + amount

    async def get(self, key: str) -> int:
        return self._counted(key)[0]

    async def get_expiry(self, key: str) -> float:
        return self._counted(key)[1] or time.time()

    async def check(self) -> bool:
        return True

    async def reset(self) -> int:
        held = len(self._kept)
        self._kept.clear()
        return held

    async def clear(self, key: str) -> None:
        self._kept.pop(key, None)

    def _counted(self, key: str) -> tuple[int, float]:
        count, until = self._kept.get(key, (0, 0.0))
        return (count, until) if until > time.time() else (0, 0.0)


class Counting:
    """A counter over the `limits` library. Where the shared store fails, each process counts for itself meanwhile.

    Keys are kept as keyed hashes: they hold people's addresses.
    """

    def __init__(self, *, secret: bytes, store: str | None = None) -> None:
        self._secret = blake2b(secret, person=b"counting").digest()
        self._own = FixedWindowRateLimiter(Memory())
        self._pool = None if store is None else pool_of(store)
        self._shared = None if self._pool is None else FixedWindowRateLimiter(_store(self._pool))
        self._down_until = 0.0

    async def add(self, key: str, amount: int = 1, *, most: int, seconds: int) -> int | None:
        item = _item(most, seconds)

        async def count(limiter: FixedWindowRateLimiter, name: str) -> int | None:
            if await limiter.hit(item, name, cost=amount):
                return None
            return _standing(await limiter.get_window_stats(item, name)).seconds

        wait = await self._by_whoever_answers(count, key)
        if wait is not None:
            REFUSED.labels(_WHAT.split(key, 1)[0]).inc()
        return wait

    async def standing(self, key: str, *, most: int, seconds: int) -> Standing:
        item = _item(most, seconds)

        async def look(limiter: FixedWindowRateLimiter, name: str) -> Standing:
            return _standing(await limiter.get_window_stats(item, name))

        return await self._by_whoever_answers(look, key)

    async def forget(self, key: str, *, most: int, seconds: int) -> None:
        item = _item(most, seconds)

        async def clear(limiter: FixedWindowRateLimiter, name: str) -> None:
            await limiter.clear(item, name)

        await self._by_whoever_answers(clear, key)

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.disconnect()

    async def _by_whoever_answers(self, work: Callable[[FixedWindowRateLimiter, str], Awaitable[T]], key: str) -> T:
        name = blake2b(key.encode(), key=self._secret, digest_size=16).hexdigest()
        if self._shared is not None and time.monotonic() >= self._down_until:
            try:
                return await work(self._shared, name)
            except StorageError as failed:
                self._down_until = time.monotonic() + ASKED_AGAIN_AFTER
                log.warning("rate limits: the store fails, counting alone", error=type(failed.storage_error).__name__)
        return await work(self._own, name)


def pool_of(url: str) -> ConnectionPool:
    """Connections to a store by its URL: `redis://`, `rediss://`, `valkey://` or `valkeys://`. None is made yet.

    Raises:
        ValueError: it is no such URL.
    """
    scheme, _, rest = url.partition("://")
    if scheme not in {"redis", "rediss", "valkey", "valkeys"} or not rest:
        raise ValueError("redis://, rediss://, valkey:// or valkeys:// and a host are expected")
    pool: ConnectionPool = ConnectionPool.from_url(
        f"{scheme.replace('redis', 'valkey')}://{rest}",
        socket_timeout=STORE_SECONDS,
        socket_connect_timeout=STORE_SECONDS,
    )
    return pool


def _store(pool: ConnectionPool) -> RedisStorage:
    # A pool is no option that the library's annotations know of, though its documentation does.
    options: dict[str, Any] = {"connection_pool": pool}
    return RedisStorage("async+valkey://", wrap_exceptions=True, key_prefix="influents", **options)


@lru_cache(maxsize=100)
def _item(most: int, seconds: int) -> RateLimitItemPerSecond:
    return RateLimitItemPerSecond(most, seconds, "influents")


def _standing(stats: WindowStats) -> Standing:
    return Standing(max(0, stats.remaining), max(1, ceil(stats.reset_time - time.time())))
