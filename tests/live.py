"""The service on a real socket, within the test: what clients that others wrote are tried against."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn

from influents.app import application
from influents.settings import Settings
from resolvers.context import Services


@asynccontextmanager
async def serving(services: Services, *, settings: Settings | None = None) -> AsyncIterator[str]:
    """Its address, `http://127.0.0.1:PORT`; what the process has is the test's, its clock and database too."""
    app = application(services, settings=settings)
    config = uvicorn.Config(app, port=0, log_config=None, access_log=False, lifespan="off", server_header=False)
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
