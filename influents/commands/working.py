"""`worker`: what `serve` does beside answering, in a process of its own."""

import asyncio
import signal

from influents.commands.running import read_settings, to_people, told_in_a_line
from influents.opening import database_url, opened
from influents.settings import Settings
from influents.worker.working import duties_of, work


def worker() -> None:
    """Send what waits in the outbox, complete what was left open, forget what has expired. Several at once are fine."""
    with told_in_a_line():
        settings = read_settings()
        with database_url(settings) as url:
            asyncio.run(_work(settings, url))


async def _work(settings: Settings, url: str) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stop.set)
    async with opened(settings, url) as services:
        to_people.print("influents: the worker is at work", markup=False, highlight=False)
        await work(duties_of(settings, services), stop)
