"""The service on a real socket, within the test: what clients that others wrote are tried against."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp

from influents.app import application
from influents.http.connections import bounded
from influents.settings import Settings
from resolvers.context import Services


@asynccontextmanager
async def serving(services: Services, *, settings: Settings | None = None) -> AsyncIterator[str]:
    """Its address, `http://127.0.0.1:PORT`; what the process has is the test's, its clock and database too."""
    settings = settings or Settings.model_construct()
    async with listening(application(services, settings=settings), settings) as address:
        yield address


@asynccontextmanager
async def listening(app: ASGIApp, settings: Settings | None = None) -> AsyncIterator[str]:
    """The address of any application, within the test."""
    settings = settings or Settings.model_construct()
    config = uvicorn.Config(
        app,
        port=0,
        http=bounded(settings),
        timeout_keep_alive=settings.keep_alive_seconds,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
    )
    server = uvicorn.Server(config)
    running = asyncio.ensure_future(server.serve())
    while not server.started:
        assert not running.done(), "the server did not start"
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await running
