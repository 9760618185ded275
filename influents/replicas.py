"""Looking after the replica: whether it is to be read from is seen from time to time, not when somebody asks."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog

from db.replicas import CHECK_SECONDS, Replica

log = structlog.get_logger()


@asynccontextmanager
async def looked_after(replica: Replica) -> AsyncIterator[None]:
    """Look after a replica for as long as the block lasts."""
    looking = asyncio.create_task(_look_after(replica))
    try:
        yield
    finally:
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking


async def _look_after(replica: Replica) -> None:
    was_well: bool | None = None
    while True:
        error = None
        try:
            await replica.look()
        except Exception as wrong:  # noqa: BLE001 - whatever it is, the database itself answers meanwhile
            error = type(wrong).__name__
        if replica.well is not was_well:
            was_well = replica.well
            if was_well:
                log.info("the replica is read from")
            else:
                log.warning("the replica is left out", lag=round(replica.lag, 1), error=error)
        await asyncio.sleep(CHECK_SECONDS * random.uniform(0.5, 1.5))  # noqa: S311 - no secret
