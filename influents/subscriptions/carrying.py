"""Changes between processes: what was changed here is passed on, what was changed anywhere is heard."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog

from db.listening import listen
from domain.announcements import read
from resolvers.announcing import pass_on
from resolvers.context import Services
from resolvers.failures import unavailable

TOGETHER_SECONDS = 0.025
"""What changes within that is passed on together: commits that notify wait for each other."""
STUMBLED_SECONDS = 1.0
FIRST_WAIT, LONGEST_WAIT = 0.1, 4.0

log = structlog.get_logger()


@asynccontextmanager
async def carrying(services: Services, url: str) -> AsyncIterator[None]:
    """Pass on and listen for as long as the block lasts.

    Args:
        services: What the process has; its hub hears what is announced.
        url: Where to listen: the database itself, without a pooler between.
    """
    tasks = [asyncio.create_task(_pass_on(services)), asyncio.create_task(_hear(services, url))]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


async def _pass_on(services: Services) -> None:
    """After each unit of work here. What a process leaves behind that dies, the next one or the worker passes on."""
    changed = services.hub.changed
    while True:
        await changed.wait()
        changed.clear()
        try:
            while await pass_on(services):
                pass
        except Exception as wrong:  # noqa: BLE001 - whoever watches must not be forgotten because of one failure
            _stumbled("changes wait to be passed on", wrong)
            await asyncio.sleep(STUMBLED_SECONDS)
            changed.set()
        await asyncio.sleep(TOGETHER_SECONDS)


async def _hear(services: Services, url: str) -> None:
    """Listen, and listen again after a pause whose length is by chance, so that processes don't come back together.

    Whatever cut it off, a server that died, say, may have cut off other connections, which don't know of it yet.
    """
    hub, known, wait = services.hub, services.known, FIRST_WAIT

    def began() -> None:
        nonlocal wait
        wait = FIRST_WAIT
        known.listening()
        hub.look_again()

    def heard(message: str) -> None:
        known.hear(message)
        if hub:
            hub.announce(read(message))

    while True:
        try:
            await listen(url, began=began, heard=heard)
            log.warning("listening was cut off")
        except Exception as wrong:  # noqa: BLE001 - whatever it was, listening is what this is for
            _stumbled("nothing is heard of changes", wrong)
        finally:
            known.deaf()
            services.database.renew()
            services.for_watching().database.renew()
        await asyncio.sleep(wait * random.uniform(0.5, 1.5))  # noqa: S311 - no secret
        wait = min(wait * 2, LONGEST_WAIT)


def _stumbled(what: str, wrong: Exception) -> None:
    note = log.warning if unavailable(wrong) else log.error
    note(what, error=type(wrong).__name__)
