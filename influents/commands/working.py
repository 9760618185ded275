"""`worker`: what `serve` does beside answering, in a process of its own."""

import asyncio

from influents.commands.listening import open_to_operators
from influents.commands.running import read_settings, to_people, told_in_a_line
from influents.opening import database_url, opened
from influents.settings import Settings
from influents.stopping import Stopping, stopped_by_signals
from influents.telemetry.readiness import Readiness
from influents.worker.working import duties_of, work


def worker() -> None:
    """Send what waits in the outbox, complete what was left open, forget what has expired. Several at once are fine."""
    with told_in_a_line():
        settings = read_settings()
        with database_url(settings) as url:
            asyncio.run(_work(settings, url))


async def _work(settings: Settings, url: str) -> None:
    stopping = Stopping()
    async with (
        stopped_by_signals(stopping),
        opened(settings, url) as services,
        open_to_operators(settings, services, Readiness(services.database, stopping)),
    ):
        to_people.print("influents: the worker is at work", markup=False, highlight=False)
        await work(duties_of(settings, services), stopping.begun)
