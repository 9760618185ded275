"""Sockets that listen, and servers that leave signals to others."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import structlog
import uvicorn

from influents.commands.running import Mistake
from influents.settings import Settings
from influents.telemetry.exposition import for_operators, lag_measured
from influents.telemetry.readiness import Readiness
from resolvers.context import Services

BACKLOG = 2048

log = structlog.get_logger()


class Server(uvicorn.Server):
    """A server that is stopped by whoever started it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to `stopped_by_signals`."""
        yield


def listening(host: str, port: int, *, variable: str, shared: bool = False) -> socket.socket:
    """A socket that listens, made before anything else is started; `shared` with who takes another's place.

    Raises:
        Mistake: somebody else has the port, or there is no such address.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as wrong:
        raise Mistake(f"can't listen on {host}:{port} ({wrong.strerror or wrong}): set {variable} to another") from None
    return listener


def inherited(descriptor: int | None) -> socket.socket | None:
    """The socket that whoever started this process listens on, where there is one."""
    return None if descriptor is None else socket.socket(fileno=descriptor)


@asynccontextmanager
async def open_to_operators(
    settings: Settings, services: Services, readiness: Readiness, *, shared: bool = False
) -> AsyncIterator[None]:
    """Serve metrics and health on a port of their own for as long as the block lasts, where one is set.

    It may be `shared` for a while with another process that takes this one's place.
    """
    if settings.metrics_port is None:
        yield
        return
    listener = listening(settings.metrics_host, settings.metrics_port, variable="INFLUENTS_METRICS_PORT", shared=shared)
    server = Server(
        uvicorn.Config(
            for_operators(services, readiness),
            http="httptools",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
    )
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    log.info("metrics", host=settings.metrics_host, port=listener.getsockname()[1])
    async with lag_measured():
        try:
            yield
        finally:
            server.should_exit = True
            await serving
