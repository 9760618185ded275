"""The service on a real socket, within the test: what clients that others wrote are tried against."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp

from influents.app import application
from influents.authentication import MAXIMUM_BODY
from influents.http.connections import bounded
from influents.settings import Settings
from influents.subscriptions.carrying import carrying
from resolvers.context import Services
from tests.watching import arrived


@asynccontextmanager
async def serving(services: Services, *, settings: Settings | None = None) -> AsyncIterator[str]:
    """Its address, `http://127.0.0.1:PORT`; what the process has is the test's, its clock and database too."""
    settings = settings or Settings.model_construct()
    url = services.database.engine.url.render_as_string(hide_password=False)
    async with carrying(services, url), listening(application(services, settings=settings), settings) as address:
        await arrived(services)
        yield address


@asynccontextmanager
async def listening(app: ASGIApp, settings: Settings | None = None) -> AsyncIterator[str]:
    """The address of any application, within the test."""
    settings = settings or Settings.model_construct()
    config = uvicorn.Config(
        app,
        port=0,
        http=bounded(settings),
        ws_max_size=MAXIMUM_BODY,
        ws_per_message_deflate=False,
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
