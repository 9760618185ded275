"""`serve`: the service over HTTP, and what to print when it is up."""

import asyncio
import signal
import socket
from types import FrameType
from typing import Annotated, NoReturn

import structlog
import typer
import uvicorn
from rich.panel import Panel

from influents.app import application
from influents.authentication import MAXIMUM_BODY
from influents.commands.listening import Server, listening, open_to_operators
from influents.commands.running import read_settings, to_people, told_in_a_line
from influents.commands.towns import demo_lines, seed_if_empty
from influents.http.connections import bounded
from influents.opening import database_url, opened
from influents.settings import Settings
from influents.stopping import Stopping, stopped_by_signals
from influents.subscriptions.carrying import carrying
from influents.telemetry.readiness import Readiness
from influents.worker.working import duties_of, working

GRACE_SECONDS = 12
"""How long what is under way may take to end: longer than any operation (`OPERATION_SECONDS`)."""

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
) -> None:
    """Serve the API, with GraphiQL for browsers. Starts the embedded database where DATABASE_URL names none."""
    with told_in_a_line():
        settings = read_settings()
        signal.signal(signal.SIGTERM, _leave)
        with (
            listening(settings.host, settings.port, variable="INFLUENTS_PORT") as listener,
            database_url(settings) as url,
            asyncio.Runner(loop_factory=_loop_factory()) as runner,
        ):
            runner.run(_serve(settings, url, listener, demo=demo, worker=worker))


async def _serve(
    settings: Settings, url: str, listener: socket.socket, *, demo: bool | None, worker: bool | None
) -> None:
    embedded = settings.database_url is None
    listen_url = settings.listen_url.get_secret_value() if settings.listen_url else url
    async with opened(settings, url) as services, carrying(services, listen_url):
        with_town = embedded if demo is None else demo
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
        server = _Server(config, _greeting(settings, listener, demo=with_town), stopping, settings.stop_delay)
        async with (
            open_to_operators(settings, services, readiness),
            working(duties, stopping.begun),
            stopped_by_signals(stopping),
        ):
            await server.serve(sockets=[listener])
    log.info("stopped")


class _Server(Server):
    """Greets once it listens, and stops in order."""

    def __init__(self, config: uvicorn.Config, greeting: Panel, stopping: Stopping, delay: float) -> None:
        super().__init__(config)
        self._greeting, self._stopping, self._delay = greeting, stopping, delay

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        log.info("listening", places=[each.getsockname() for each in sockets or ()])
        to_people.print(self._greeting)

    async def main_loop(self) -> None:
        """Answer until told to stop, and for as long after that as it takes others to notice."""
        ticking = asyncio.create_task(super().main_loop())
        await self._stopping.begun.wait()
        await asyncio.sleep(self._delay)
        self.should_exit = True
        await ticking

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()  # nobody comes back to whom goodbye was said
        await self._stopping.end()
        await super().shutdown(sockets)


def _greeting(settings: Settings, listener: socket.socket, *, demo: bool) -> Panel:
    address = f"http://{settings.host}:{listener.getsockname()[1]}"
    lines = [f"GraphiQL   {address}/graphql", f"API        POST {address}/graphql", f"Health     {address}/readyz"]
    if demo:
        lines += ["", *demo_lines()]
    return Panel("\n".join(lines), title="Influents", expand=False, border_style="green")


def _loop_factory() -> type[asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:  # Windows
        return None
    return uvloop.Loop


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    """On SIGTERM before there is anything to drain: leave by way of every `finally`."""
    raise SystemExit(0)
