"""How events end: completed, cancelled while there is time, or annulled afterwards."""

from datetime import datetime

from db.queries import event_desk, standings
from db.work import Work
from db.writes import event_life as writes
from db.writes import events as event_writes
from db.writes import outbox, participations
from domain import event_actions, event_life
from domain.event_actions import Standing
from domain.events import Event, UnknownEvent
from domain.ids import EventId
from domain.notifications import NotificationKind
from domain.participations import ParticipationStatus
from domain.permissions import moderator, signed_in
from domain.refusals import refuse_if_any
from domain.words import tidy
from resolvers import awards
from resolvers.certainty import certain
from resolvers.context import Context

BATCH = 100


async def complete(ctx: Context, work: Work, event: Event, *, now: datetime) -> None:
    """Close an event that is locked: who was registered and didn't come is a no-show, who waited waits no more."""
    status = event_life.status_on_completing(event, now=now)
    await participations.close_open(work, event.id)
    await event_writes.change_status(work, event.id, status, now=now)
    await awards.reconsider_event(ctx, work, event, now=now)


async def complete_overdue(ctx: Context) -> int:
    """Complete what its organisers have left open for a week after its end; for the worker. How many they were.

    Each event is a unit of work of its own: who does the same elsewhere finds it done.

    Raises:
        ExceptionGroup: some couldn't be completed. The others are.
    """
    completed, failures = 0, list[Exception]()
    ended_before = ctx.now() - event_life.LEFT_OPEN
    while True:
        async with ctx.reading() as session:
            batch = await event_desk.left_open(session, ended_before=ended_before, limit=BATCH)
        for each in batch:
            try:
                completed += await _complete_if_overdue(ctx, each)
            except Exception as failure:  # noqa: BLE001 - one event's trouble must not keep the others open
                failures.append(failure)
        if failures:
            raise ExceptionGroup("events that were not completed", failures)
        if len(batch) < BATCH:
            return completed


async def _complete_if_overdue(ctx: Context, id: EventId) -> bool:
    async with ctx.unit_of_work() as work:
        found = await event_writes.lock_event(work, id, None)
        if found is None or not event_life.overdue(found, now=ctx.now()):
            return False
        await complete(ctx, work, found, now=ctx.now())
        return True


async def cancel_event(ctx: Context, id: EventId, *, reason: str) -> Event:
    """Call an event off until its end, for a reason that is shown; whoever had a place in it is told."""
    viewer = signed_in(ctx.caller)
    refuse_if_any(event_life.check_reason(reason))
    async with ctx.unit_of_work() as work:
        found = await event_writes.lock_event(work, id, viewer)
        if found is None:
            raise UnknownEvent("id")
        now = ctx.now()
        event_actions.may_cancel(Standing(viewer=viewer, event=found, now=now))
        await call_off(ctx, work, found, reason=reason, annulled=False, now=now)
    return await _again(ctx, id)


async def annul_event(ctx: Context, id: EventId, *, reason: str) -> Event:
    """Say of a completed event that it didn't take place: every award is reversed. For moderators."""
    viewer = moderator(ctx.caller)
    refuse_if_any(event_life.check_reason(reason))
    async with ctx.unit_of_work() as work:
        found = await event_writes.lock_event(work, id, viewer)
        if found is None:
            raise UnknownEvent("id")
        now = ctx.now()
        own = await standings.own(work, viewer, [id])
        event_actions.may_annul(Standing(viewer=viewer, event=found, now=now, own=id in own))
        await call_off(ctx, work, found, reason=reason, annulled=True, now=now)
    return await _again(ctx, id)


async def call_off(
    ctx: Context, work: Work, event: Event, *, reason: str | None, annulled: bool, now: datetime
) -> None:
    """Cancel or annul an event that is locked, take its awards back, and tell whoever had a place in it.

    There is no reason to show where its organiser's account is gone.
    """
    concerned = [status for status in ParticipationStatus if status is not ParticipationStatus.CANCELLED]
    told = await writes.taking_part(work, event.id, *concerned)
    await writes.call_off(work, event.id, reason=tidy(reason), annulled=annulled, now=now)
    await awards.take_back_all(ctx, work, event, now=now)
    await outbox.tell(work, told, NotificationKind.EVENT_CANCELLED, event_id=event.id, now=now)


async def _again(ctx: Context, id: EventId) -> Event:
    return certain(await ctx.loaders.event.load(id), "an event that has just been called off")
