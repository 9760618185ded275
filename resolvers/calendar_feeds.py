"""A citizen's own calendar, at an address that is a secret: whoever has it reads it, with no other proof."""

import re
from collections.abc import Sequence
from secrets import token_urlsafe

from db.queries import calendar_feeds as queries
from db.writes import calendar_feeds as writes
from domain.calendar_feeds import LOOKING_BACK, MOST, CalendarFeed
from domain.events import Event
from domain.filters import ParticipationFilter
from domain.paging import Window
from domain.participations import Participation
from domain.permissions import signed_in
from resolvers.context import Context
from resolvers.reading import only_reading
from resolvers.recency import check_recent
from resolvers.tokens import fingerprint

SECRET_BYTES = 48
_SECRET = re.compile(r"[A-Za-z0-9_-]{64}")


async def calendar_feed(ctx: Context) -> CalendarFeed | None:
    """The viewer's own, where they have one."""
    viewer = signed_in(ctx.caller)
    async with ctx.reading() as session:
        return await queries.of_citizen(session, viewer.citizen_id)


async def renew_calendar_feed(ctx: Context) -> str:
    """What the address ends in from now on, shown this once; what it ended in before leads nowhere any more.

    Raises:
        SignInAgain: the session was opened more than 10 minutes ago. An address lasts longer than a session does, so
            a stolen one must not come to it.
    """
    viewer, secret = signed_in(ctx.caller), token_urlsafe(SECRET_BYTES)
    async with ctx.reading() as session:
        await check_recent(session, viewer, now=ctx.now())
    async with ctx.unit_of_work() as work:
        await writes.renew(work, viewer.citizen_id, fingerprint=fingerprint(secret), now=ctx.now())
    return secret


async def delete_calendar_feed(ctx: Context) -> None:
    """Let the address lead nowhere; doing so again changes nothing."""
    viewer = signed_in(ctx.caller)
    async with ctx.unit_of_work() as work:
        await writes.end(work, viewer.citizen_id)


async def calendar_of(ctx: Context, secret: str) -> Sequence[tuple[Event, Participation]] | None:
    """What is in the calendar whose address ends so, the last registered first; None where there is no such address."""
    if not _SECRET.fullmatch(secret):
        return None
    owner = await queries.owner(ctx.reader, fingerprint(secret))
    if owner is None:
        return None
    ctx.become(owner)
    return await only_reading(ctx, lambda: _registered_for(ctx))


async def _registered_for(ctx: Context) -> Sequence[tuple[Event, Participation]]:
    since = ParticipationFilter(starts_from=ctx.now() - LOOKING_BACK)
    page = await ctx.loaders.own_participations.load((since, Window(MOST)))
    mine = [placed.item for placed in page.items]
    events = await ctx.loaders.event.load_many([each.event_id for each in mine])
    return [(event, each) for event, each in zip(events, mine, strict=True) if event is not None]
