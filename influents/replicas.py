"""Looking after replicas: whether one is to be read from is seen from time to time, not when somebody asks."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import structlog

from db.replicas import CHECK_SECONDS, Replica

log = structlog.get_logger()


@asynccontextmanager
async def looked_after(replicas: Sequence[Replica]) -> AsyncIterator[None]:
    """Look after each of them for as long as the block lasts."""
    looking = [asyncio.create_task(_look_after(each)) for each in replicas]
    try:
        yield
    finally:
        for each in looking:
            each.cancel()
        for each in looking:
            with suppress(asyncio.CancelledError):
                await each


async def _look_after(replica: Replica) -> None:
    was: tuple[bool, bool] | None = None
    while True:
        error = None
        try:
            await replica.look()
        except Exception as wrong:  # noqa: BLE001 - whatever it is, the database itself answers meanwhile
            error = type(wrong).__name__
        if (now := (replica.well, replica.leads)) != was:
            was = now
            if replica.well:
                log.info("the replica is read from", replica=replica.name)
            elif replica.leads:
                log.info("the replica leads, and follows nobody", replica=replica.name)
            else:
                log.warning("the replica is left out", replica=replica.name, lag=round(replica.lag, 1), error=error)
        await asyncio.sleep(CHECK_SECONDS * random.uniform(0.5, 1.5))  # noqa: S311 - no secret
