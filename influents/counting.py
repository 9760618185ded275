"""What callers do is counted here: in this process, or in a Redis or Valkey that all processes share."""

import re
import time
from collections import OrderedDict, defaultdict
from collections.abc import Awaitable, Callable
from functools import lru_cache
from hashlib import blake2b
from itertools import islice
from math import ceil
from typing import Any, Final, TypeAlias, TypeVar

import structlog
from limits import RateLimitItemPerSecond
from limits.aio.storage import RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter
from limits.errors import StorageError
from valkey.asyncio import ConnectionPool

from influents.telemetry.metrics import REFUSED
from resolvers.counting import Counter, Standing

MOST_KEYS: Final = 100_000
"""Kept in memory, some 25 MB: where there are more, the limit that counts most forgets what it counted longest ago."""
STORE_SECONDS: Final = 0.25
"""How long a store may take to answer."""
ASKED_AGAIN_AFTER: Final = 5.0
"""How many seconds a store that doesn't answer is left alone."""
_NOTHING: Final = 0, 0.0
"""Counted, and until when that counts."""
_WHAT: Final = re.compile("[:@]")
"""What ends the words of ours that a key begins with."""
Limit: TypeAlias = tuple[int, int]
"""How much there is, and for how many seconds."""
T = TypeVar("T")
log = structlog.get_logger()


class Memory:
    """Counts in this process, each for a time that begins with the first. What is over is forgotten.

    The `limits` library would look through all keys at each count.
    """

    def __init__(self) -> None:
        self._kept = defaultdict[Limit, OrderedDict[str, tuple[int, float]]](OrderedDict)

    def __len__(self) -> int:
        """How many keys are remembered."""
        return sum(map(len, self._kept.values()))

    async def add(self, key: str, amount: int = 1, *, most: int, seconds: int) -> int | None:
        kept, now = self._kept[most, seconds], time.time()
        count, until = kept.pop(key, _NOTHING)
        if until <= now:
            count, until = 0, now + seconds
        kept[key] = count + amount, until  # the last one now
        _forget_what_is_over(kept, now)
        if len(self) > MOST_KEYS:
            max(self._kept.values(), key=len).popitem(last=False)
        return None if count + amount <= most else _until(until)

    async def standing(self, key: str, *, most: int, seconds: int) -> Standing:
        count, until = self._kept[most, seconds].get(key, _NOTHING)
        return Standing(max(0, most - count) if until > time.time() else most, _until(until))

    async def forget(self, key: str, *, most: int, seconds: int) -> None:
        self._kept[most, seconds].pop(key, None)


def _forget_what_is_over(kept: OrderedDict[str, tuple[int, float]], now: float) -> None:
    """Two at most, the least recent first, so that more go than come and none takes long."""
    for oldest in list(islice(kept, 2)):
        if kept[oldest][1] > now:
            return
        del kept[oldest]


class Store:
    """Counts in a Redis or Valkey, by the `limits` library.

    Raises:
        StorageError: from each method, where the store doesn't answer.
    """

    def __init__(self, pool: ConnectionPool) -> None:
        # A pool is no option that the library's annotations know of, though its documentation does.
        options: dict[str, Any] = {"connection_pool": pool}
        storage = RedisStorage("async+valkey://", wrap_exceptions=True, key_prefix="influents", **options)
        self._limiter = FixedWindowRateLimiter(storage)

    async def add(self, key: str, amount: int = 1, *, most: int, seconds: int) -> int | None:
        if await self._limiter.hit(_item(most, seconds), key, cost=amount):
            return None
        return (await self.standing(key, most=most, seconds=seconds)).seconds

    async def standing(self, key: str, *, most: int, seconds: int) -> Standing:
        stats = await self._limiter.get_window_stats(_item(most, seconds), key)
        return Standing(max(0, stats.remaining), _until(stats.reset_time))

    async def forget(self, key: str, *, most: int, seconds: int) -> None:
        await self._limiter.clear(_item(most, seconds), key)


class Shared:
    """Counts in a store. Where that fails, this process counts for itself meanwhile."""

    def __init__(self, url: str) -> None:
        self.pool = pool_of(url)
        self._store, self._own = Store(self.pool), Memory()
        self._down_until = 0.0

    async def add(self, key: str, amount: int = 1, *, most: int, seconds: int) -> int | None:
        return await self._by_whoever_answers(lambda each: each.add(key, amount, most=most, seconds=seconds))

    async def standing(self, key: str, *, most: int, seconds: int) -> Standing:
        return await self._by_whoever_answers(lambda each: each.standing(key, most=most, seconds=seconds))

    async def forget(self, key: str, *, most: int, seconds: int) -> None:
        await self._by_whoever_answers(lambda each: each.forget(key, most=most, seconds=seconds))

    async def _by_whoever_answers(self, work: Callable[[Counter], Awaitable[T]]) -> T:
        if time.monotonic() >= self._down_until:
            try:
                return await work(self._store)
            except StorageError as failed:
                self._down_until = time.monotonic() + ASKED_AGAIN_AFTER
                log.warning("rate limits: the store fails, counting alone", error=type(failed.storage_error).__name__)
        return await work(self._own)


class Counting:
    """Counts in memory, or in the store that is named, and tells in /metrics what was refused.

    Keys are kept as keyed hashes: they hold people's addresses.
    """

    def __init__(self, *, secret: bytes, store: str | None = None) -> None:
        self._secret = blake2b(secret, person=b"counting").digest()
        self._counter: Memory | Shared = Memory() if store is None else Shared(store)

    async def add(self, key: str, amount: int = 1, *, most: int, seconds: int) -> int | None:
        wait = await self._counter.add(self._name(key), amount, most=most, seconds=seconds)
        if wait is not None:
            REFUSED.labels(_WHAT.split(key, 1)[0]).inc()
        return wait

    async def standing(self, key: str, *, most: int, seconds: int) -> Standing:
        return await self._counter.standing(self._name(key), most=most, seconds=seconds)

    async def forget(self, key: str, *, most: int, seconds: int) -> None:
        await self._counter.forget(self._name(key), most=most, seconds=seconds)

    async def close(self) -> None:
        if isinstance(self._counter, Shared):
            await self._counter.pool.disconnect()

    def _name(self, key: str) -> str:
        return blake2b(key.encode(), key=self._secret, digest_size=16).hexdigest()


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


@lru_cache(maxsize=100)
def _item(most: int, seconds: int) -> RateLimitItemPerSecond:
    return RateLimitItemPerSecond(most, seconds, "influents")


def _until(moment: float) -> int:
    """How many seconds it takes until then: one at least."""
    return max(1, ceil(moment - time.time()))
