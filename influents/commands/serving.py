"""`serve`: the service over HTTP, and what to print when it is up."""

import asyncio
import gc
import signal
import socket
from collections.abc import Callable
from contextlib import nullcontext
from types import FrameType
from typing import Annotated, NoReturn

import structlog
import typer
import uvicorn

from influents.app import application
from influents.authentication import MAXIMUM_BODY
from influents.commands.listening import Server, inherited, listening, open_to_operators
from influents.commands.running import read_settings, to_people, told_in_a_line
from influents.commands.several import greeting, serve_by_several
from influents.commands.towns import seed_if_empty
from influents.http.connections import bounded
from influents.opening import database_url, opened
from influents.settings import Settings
from influents.stopping import Stopping, stopped_by_signals
from influents.subscriptions.carrying import carrying
from influents.supervising import Lifeline
from influents.telemetry.readiness import Readiness
from influents.worker.working import duties_of, working

GRACE_SECONDS = 12
"""How long what is under way may take to end: longer than any operation (`OPERATION_SECONDS`)."""
GOODBYE_SECONDS = 1.0
"""How long whose place was taken goes on answering those it knows, so that each hears that it is the last time."""

COLLECTED_AFTER = (50_000, 10, 10)
"""How many more objects than before make the collector look for garbage; the usual is 700."""

log = structlog.get_logger()


def serve(
    demo: Annotated[
        bool | None,
        typer.Option(
            "--demo/--no-demo",
            help="Fill an empty database with the demo town. Done for the embedded database unless told.",
        ),
    ] = None,
    worker: Annotated[
        bool | None,
        typer.Option(
            "--worker/--no-worker",
            help="Send mail and do what is done from time to time in here too, unless INFLUENTS_WORKER says otherwise.",
            show_default=False,
        ),
    ] = None,
    workers: Annotated[
        int, typer.Option(min=1, max=256, help="How many processes answer: one for each core that is to be used.")
    ] = 1,
    listener: Annotated[int | None, typer.Option(hidden=True, help="A socket that listens.")] = None,
    lifeline: Annotated[int | None, typer.Option(hidden=True, help="A line to whoever started it.")] = None,
) -> None:
    """Serve the API, with GraphiQL for browsers. Starts the embedded database where DATABASE_URL names none."""
    with told_in_a_line():
        settings = read_settings()
        signal.signal(signal.SIGTERM, _leave)
        if workers > 1:
            serve_by_several(settings, workers, demo=demo, worker=worker)
            return
        line = Lifeline(lifeline) if lifeline is not None else None
        with (
            inherited(listener) or listening(settings.host, settings.port, variable="INFLUENTS_PORT") as place,
            database_url(settings) as url,
            asyncio.Runner(loop_factory=_loop_factory()) as runner,
        ):
            runner.run(_serve(settings, url, place, line, demo=demo, worker=worker))


async def _serve(
    settings: Settings,
    url: str,
    listener: socket.socket,
    line: Lifeline | None,
    *,
    demo: bool | None,
    worker: bool | None,
) -> None:
    listen_url = settings.listen_url.get_secret_value() if settings.listen_url else url
    async with opened(settings, url) as services, carrying(services, listen_url):
        with_town = settings.database_url is None if demo is None else demo
        if with_town:
            await seed_if_empty(services)
        stopping = Stopping()
        readiness = Readiness(services.database, stopping)
        config = uvicorn.Config(
            application(services, settings=settings, stopping=stopping, readiness=readiness),
            http=bounded(settings),
            ws_max_size=MAXIMUM_BODY,
            ws_per_message_deflate=False,
            timeout_keep_alive=settings.keep_alive_seconds,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # whom to believe is for `influents.gateways` to say
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        duties = duties_of(settings, services) if (settings.worker if worker is None else worker) else []
        greet = (
            line.ready
            if line
            else lambda: to_people.print(greeting(settings, listener.getsockname()[1], demo=with_town))
        )
        server = _Server(config, greet, stopping, settings.stop_delay)
        async with (
            line.heeded(stopping) if line else nullcontext(),
            open_to_operators(settings, services, readiness, shared=line is not None),
            working(duties, stopping.begun),
            stopped_by_signals(stopping),
        ):
            leave_alone_what_stays()
            await server.serve(sockets=[listener])
    log.info("stopped")


def leave_alone_what_stays() -> None:
    """Have the collector look no more at what was made so far, and less often at what answers are made of.

    What a process begins with (code, the schema, connections) stays as long as it does. A large answer is ten thousands
    of objects, all needed until it is written: looking for garbage among them took a third of the time of 50 events.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)


class _Server(Server):
    """Greets once it listens, and stops in order."""

    def __init__(self, config: uvicorn.Config, greet: Callable[[], None], stopping: Stopping, delay: float) -> None:
        super().__init__(config)
        self._greet, self._stopping, self._delay = greet, stopping, delay

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        log.info("listening", places=[each.getsockname() for each in sockets or ()])
        self._greet()

    async def main_loop(self) -> None:
        """Answer until told to stop, and for as long after that as it takes others to notice."""
        ticking = asyncio.create_task(super().main_loop())
        await self._stopping.begun.wait()
        if self._stopping.replaced:  # whoever comes now comes to the other
            for server in self.servers:
                server.close()
        await asyncio.sleep(max(self._delay, GOODBYE_SECONDS) if self._stopping.replaced else self._delay)
        self.should_exit = True
        await ticking

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()  # nobody comes back to whom goodbye was said
        await self._stopping.end()
        await super().shutdown(sockets)


def _loop_factory() -> type[asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:  # Windows
        return None
    return uvloop.Loop


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    """On SIGTERM before there is anything to drain: leave by way of every `finally`."""
    raise SystemExit(0)
