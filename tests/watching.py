"""Watches through the schema, with what carries changes between processes running as in the service."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from db.queries.members import token as token_by_id
from db.tables import announcement
from domain.announcements import Topic
from domain.permissions import signed_in
from domain.refusals import Unauthenticated
from influents.subscriptions.carrying import carrying
from resolvers.accounts import same_viewer_again
from resolvers.context import Context, Services
from resolvers.hub import Watched
from schema.build import InfluentsSchema
from schema.errors import presented

SECONDS = 10


@dataclass
class Watch:
    """A subscription under way: what it is told waits until it is asked for."""

    services: Services
    locale: Any
    told: "asyncio.Queue[Any]" = field(default_factory=asyncio.Queue)

    async def __call__(self) -> Any:  # Any: data, the codes of errors, or "end"
        return await asyncio.wait_for(self.told.get(), SECONDS)

    async def silent(self) -> bool:
        """Whether nothing is told, once all that was announced has arrived and was looked at."""
        await arrived(self.services)
        await asyncio.sleep(0.1)
        return self.told.empty()

    async def run(self, results: AsyncGenerator[Any]) -> None:
        async for result in results:
            if result.errors:
                codes = [presented(error, self.locale)["extensions"]["code"] for error in result.errors]
                self.told.put_nowait(codes)
            else:
                self.told.put_nowait(next(iter(result.data.values())))
        self.told.put_nowait("end")


@dataclass
class Watching:
    """Begins subscriptions."""

    schema: InfluentsSchema
    services: Services
    open: AsyncExitStack

    async def __call__(self, ctx: Context, query: str, **variables: object) -> Watch:
        """Watch in the name of a context: as a request of its own, which begins to watch before this returns."""
        await arrived(self.services)  # what was before is no news
        own = Context(self.services, viewer=ctx.viewer, partner=ctx.partner, locale=ctx.locale, know=known)
        results: Any = await self.schema.subscribe(query, variable_values=variables, context_value=own)
        watch = Watch(self.services, own.locale)
        before = len(self.services.hub)
        task = asyncio.create_task(watch.run(results))

        async def stop() -> None:
            task.cancel()
            await asyncio.wait({task})
            await results.aclose()

        self.open.push_async_callback(stop)
        for _ in range(SECONDS * 100):
            if len(self.services.hub) > before or not watch.told.empty() or task.done():
                return watch
            await asyncio.sleep(0.01)
        raise TimeoutError


async def known(ctx: Context) -> None:
    """What the edge does with a token each time."""
    if ctx.partner is not None:
        async with ctx.reading() as session:
            token = await token_by_id(session, ctx.partner.token_id)
        if token is None or token.revoked_at is not None:
            raise Unauthenticated
    if ctx.viewer is not None:
        await same_viewer_again(ctx)
        signed_in(ctx.viewer)


@asynccontextmanager
async def watching(schema: InfluentsSchema, services: Services) -> AsyncIterator[Watching]:
    url = services.database.engine.url.render_as_string(hide_password=False)
    async with carrying(services, url), AsyncExitStack() as open_:
        await arrived(services)
        yield Watching(schema, services, open_)
    assert len(services.hub) == 0


async def watched(services: Services, number: int) -> None:
    """Wait until so many watch."""
    async with asyncio.timeout(SECONDS):
        while len(services.hub) != number:  # noqa: ASYNC110 - nothing says so
            await asyncio.sleep(0.02)


async def arrived(services: Services) -> None:
    """Wait until everything that was announced by now has come here."""
    subject = uuid4()
    with services.hub.watching([Watched(Topic.EVENT, subject)]) as watcher:
        while True:
            async with services.database.unit_of_work() as work:
                await work.execute(sa.insert(announcement).values(topic=Topic.EVENT, subject=subject))
            services.hub.changed.set()
            if await asyncio.wait_for(watcher.next(), SECONDS) is not None:
                return
