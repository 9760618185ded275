"""Notifications: shown to whom they are for, and marked as read."""

from collections.abc import Sequence

from db.queries import notifications as queries
from db.writes import notifications as writes
from domain.ids import NotificationId
from domain.notifications import Notification, UnknownNotification, told
from domain.paging import Page, Window
from domain.permissions import signed_in
from domain.refusals import refuse_if_any
from domain.words import Sentence
from resolvers.context import Context


async def notification(ctx: Context, id: NotificationId) -> Notification | None:
    """One of the viewer's own."""
    return await ctx.loaders.notification.load(id)


async def notifications(ctx: Context, window: Window, *, unread_only: bool) -> Page[Notification]:
    """The viewer's own, the newest first."""
    viewer = signed_in(ctx.caller)
    async with ctx.reading() as session:
        return await queries.of_citizen(session, viewer, window, unread_only=unread_only)


async def notification_total(ctx: Context, *, unread_only: bool) -> int:
    viewer = signed_in(ctx.caller)
    async with ctx.reading() as session:
        return await queries.total(session, viewer, unread_only=unread_only)


async def message(ctx: Context, of: Notification) -> Sentence:
    """What it tells. An event that its reader may no longer see isn't named."""
    event = await ctx.loaders.event.load(of.event_id) if of.event_id else None
    organization = await ctx.loaders.organization.load(of.organization_id) if of.organization_id else None
    return told(
        of,
        event=event.details.title if event else None,
        organization=organization.name if organization else None,
    )


async def mark_notifications_read(ctx: Context, ids: Sequence[NotificationId] | None) -> None:
    """Mark some of the viewer's own, or all, as read. Again is fine; somebody else's is refused, and all of it then."""
    viewer = signed_in(ctx.caller)
    async with ctx.unit_of_work() as work:
        if ids is not None:
            own = await writes.known(work, viewer.citizen_id, ids)
            refuse_if_any(UnknownNotification("ids", str(at)) for at, each in enumerate(ids) if each not in own)
        await writes.mark_read(work, viewer.citizen_id, ids, now=ctx.now())
