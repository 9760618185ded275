"""The moderators' queue: what was submitted and waits."""

from db.queries import event_desk as queries
from domain.events import Event
from domain.paging import Page, Window
from domain.permissions import moderator
from resolvers.context import Context


async def waiting(ctx: Context, window: Window) -> Page[Event]:
    """The oldest submission first, without what concerns the moderator who asks."""
    viewer = moderator(ctx.caller)
    async with ctx.reading() as session:
        return await queries.waiting(session, viewer, window)


async def waiting_total(ctx: Context) -> int:
    viewer = moderator(ctx.caller)
    async with ctx.reading() as session:
        return await queries.waiting_total(session, viewer)
