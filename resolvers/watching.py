"""What changes, as whoever watches may see it. Each time, who watches is looked at again, and so is what they see."""

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from functools import partial
from typing import TypeVar

from db.queries import desk, event_search
from domain.announcements import Announcement, Topic
from domain.citizens import Citizen
from domain.events import Event, UnknownEvent
from domain.filters import EventFilter
from domain.ids import EventId, ParticipationId
from domain.participations import Participation
from domain.permissions import signed_in, somebody
from domain.refusals import Forbidden
from resolvers.certainty import certain
from resolvers.context import Context
from resolvers.desk import sits_at
from resolvers.failures import unavailable
from resolvers.hub import Watched

T = TypeVar("T")
WAITS = (0.1, 0.5, 1.0, 2.0, 2.0, 2.0)
"""Seconds between attempts to look, while the database is away."""
KNOWN_SECONDS = 30.0
"""How long whoever watches is taken for who they were, while nothing changes."""


async def event_changes(ctx: Context, id: EventId) -> AsyncGenerator[Event | None]:
    """An event each time it changes, however much changed meanwhile; None once it no longer shows, and then no more.

    Raises:
        Unauthenticated: whoever watched is no longer signed in.
    """
    watched = _with_access(ctx, Watched(Topic.EVENT, id), Watched(Topic.PARTICIPATION, id))
    with ctx.services.hub.watching(watched) as watcher:
        if await ctx.loaders.event.load(id) is None:
            yield None
            return
        while True:
            heard = await _hearing(ctx, watcher.everything)
            found = await _looking(ctx, lambda: ctx.loaders.event.load(id))
            if found is None or _news(heard):
                yield found
            if found is None:
                return


async def influence_changes(ctx: Context) -> AsyncGenerator[Citizen]:
    """The viewer, each time their influence changes.

    Raises:
        Unauthenticated: they are not signed in, or no longer.
    """
    viewer = signed_in(ctx.caller)
    with ctx.services.hub.watching(_with_access(ctx, Watched(Topic.INFLUENCE, viewer.citizen_id))) as watcher:
        while True:
            heard = await _hearing(ctx, watcher.everything)
            found = await _looking(ctx, lambda: ctx.loaders.citizen.load(viewer.citizen_id))
            if _news(heard):
                yield certain(found, "a viewer without a profile")


async def attendance(ctx: Context, event_id: EventId) -> AsyncGenerator[Participation | None]:
    """Each participation in an event as it changes, for its organisers; None where some were missed.

    Raises:
        UnknownEvent: there is none that the viewer may see, or no longer.
        Forbidden: they don't organise it, or no longer.
        Unauthenticated: they are not signed in, or no longer.
    """
    somebody(ctx.caller)
    with ctx.services.hub.watching(_with_access(ctx, Watched(Topic.PARTICIPATION, event_id))) as watcher:
        await _check_desk(ctx, event_id)
        while True:
            heard = await _hearing(ctx, watcher.next)
            found = await _looking(ctx, partial(_registered, ctx, event_id, heard))
            if found is not None or heard is None:
                yield found


async def published_events(ctx: Context, where: EventFilter) -> AsyncGenerator[Event | None]:
    """Each event as it is published, where a filter lets it through; None where some were missed.

    Raises:
        Unauthenticated: whoever watched is no longer signed in.
    """
    with ctx.services.hub.watching(_with_access(ctx, Watched(Topic.PUBLISHED))) as watcher:
        while True:
            heard = await _hearing(ctx, watcher.next)
            found = await _looking(ctx, partial(_published, ctx, where, heard))
            if found is not None or heard is None:
                yield found


def _with_access(ctx: Context, *watched: Watched) -> tuple[Watched, ...]:
    """That, and what who asks may do: it is looked at as soon as it changes, whether or not there is news."""
    if ctx.viewer is not None:
        return (*watched, Watched(Topic.ACCESS, ctx.viewer.citizen_id))
    return (*watched, Watched(Topic.ACCESS, ctx.partner.token_id)) if ctx.partner else watched


async def _hearing(ctx: Context, hear: Callable[[], Awaitable[T]]) -> T:
    """What is heard next. Meanwhile it is asked from time to time whether who watches still may: tokens expire."""
    while True:
        try:
            async with asyncio.timeout(KNOWN_SECONDS):
                return await hear()
        except TimeoutError:
            await _looking(ctx, _nowhere)


async def _nowhere() -> None:
    """Nothing to see: who watches was looked at."""


def _news(heard: frozenset[Announcement] | None) -> bool:
    """Whether there is something to tell: not where somebody's access changed, and nothing else."""
    return heard is None or any(each.topic is not Topic.ACCESS for each in heard)


async def _looking(ctx: Context, look: Callable[[], Awaitable[T]]) -> T:
    """What is seen now, everything read afresh, who watches first; a database that is away is waited for.

    Raises:
        Unauthenticated: who watched is no longer signed in.
    """
    for wait in WAITS:
        try:
            return await _seen(ctx, look)
        except Exception as failure:
            if not unavailable(failure):
                raise
        await asyncio.sleep(wait * random.uniform(0.5, 1.5))  # noqa: S311 - no secret
    return await _seen(ctx, look)


async def _seen(ctx: Context, look: Callable[[], Awaitable[T]]) -> T:
    await ctx.known_again()
    return await look()


async def _check_desk(ctx: Context, event_id: EventId) -> None:
    found = await ctx.loaders.event.load(event_id)
    if found is None:
        raise UnknownEvent("event")
    if not sits_at(ctx, found):
        raise Forbidden


async def _registered(ctx: Context, event_id: EventId, heard: Announcement | None) -> Participation | None:
    await _check_desk(ctx, event_id)
    if heard is None or heard.topic is not Topic.PARTICIPATION:
        return None
    changed = ParticipationId(heard.subject)
    async with ctx.reading() as session:
        return (await desk.registered(session, ctx.caller, event_id, [changed])).get(changed)


async def _published(ctx: Context, where: EventFilter, heard: Announcement | None) -> Event | None:
    if heard is None or heard.topic is not Topic.PUBLISHED:
        return None
    published = EventId(heard.subject)
    async with ctx.reading() as session:
        return (await event_search.among(session, ctx.caller, [published], where)).get(published)
