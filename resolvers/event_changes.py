"""What organisers change of an event, and what they tell of it afterwards."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from db.queries import organizations, reference
from db.work import Work
from db.writes import event_life as writes
from db.writes import events as event_writes
from db.writes import participations
from db.writes.outbox import tell
from domain import event_actions, event_life
from domain.event_actions import Standing
from domain.event_changes import TOLD, EventChanges, changed_fields, check_changes, revised, status_on_updating
from domain.events import Event, EventDetails, Outcome, UnknownEvent
from domain.ids import EventId
from domain.notifications import NotificationKind
from domain.participations import ParticipationStatus
from domain.permissions import signed_in
from domain.refusals import Refusal, refuse_if_any
from domain.territories import UnknownTerritory
from resolvers import waiting_list
from resolvers.certainty import certain
from resolvers.context import Context

TAKING_PART = (ParticipationStatus.REGISTERED, ParticipationStatus.WAITLISTED)


async def update_event(ctx: Context, id: EventId, changes: EventChanges) -> Event:
    """Change what is said of an event.

    What a moderator has let through is submitted anew where its points would change; whoever has a seat, or waits
    for one, is told of another time, place or format; seats that are added go to the first in line.
    """
    viewer = signed_in(ctx.caller)
    async with ctx.unit_of_work() as work:
        locked = await event_writes.lock_event(work, id, viewer)
        if locked is None:
            raise UnknownEvent("id")
        found, now = event_writes.in_full(locked), ctx.now()
        event_actions.may_update(Standing(viewer=viewer, event=found, now=now))
        details = revised(found.details, changes)
        if changed_fields(found.details, details):
            await _check(work, found, details, now=now)
            verified = await _verified(work, found)
            status = status_on_updating(found, details, by_verified=verified, now=now)
            await writes.change_details(work, id, details, worth=details.worth(ctx.policies), now=now)
            if status is not found.status:
                await event_writes.change_status(work, id, status, by_verified=verified, now=now)
            await follow_up(ctx, work, found, replace(found, details=details, status=status), now=now)
    return await _again(ctx, id)


async def follow_up(ctx: Context, work: Work, before: Event, after: Event, *, now: datetime) -> None:
    """What a change that is kept brings about for who takes part; the event is locked.

    Args:
        ctx: The request.
        work: The unit of work that changed the event.
        before: The event as it was.
        after: The event as it is now.
        now: The time of the change.
    """
    changed = changed_fields(before.details, after.details)
    if "capacity" in changed:
        await waiting_list.promote(ctx, work, after, now=now)
    if changed & TOLD:
        told = await writes.taking_part(work, after.id, *TAKING_PART)
        await tell(work, told, NotificationKind.EVENT_CHANGED, event_id=after.id, now=now)


async def _check(work: Work, event: Event, details: EventDetails, *, now: datetime) -> None:
    taken = await participations.seats_taken(work, event.id)
    confirmed = await writes.ever_confirmed(work, event.id)
    wrong: list[Refusal] = list(check_changes(event, details, taken=taken, confirmed=confirmed, now=now))
    if details.territory and not await reference.by_code(work, [details.territory]):
        wrong.append(UnknownTerritory("territory"))
    refuse_if_any(wrong)


async def publish_outcome(
    ctx: Context, id: EventId, *, summary: str, decisions: Sequence[str], document_url: str | None
) -> Event:
    """Tell what came of an event, or put right what was told; who attended hears of it the first time."""
    viewer = signed_in(ctx.caller)
    refuse_if_any(event_life.check_outcome(summary, decisions))
    async with ctx.unit_of_work() as work:
        found = await event_writes.lock_event(work, id, viewer)
        if found is None:
            raise UnknownEvent("id")
        now = ctx.now()
        event_actions.may_publish_outcome(Standing(viewer=viewer, event=found, now=now))
        outcome = Outcome(
            summary=summary.strip(),
            decisions=tuple(decision.strip() for decision in decisions),
            document_url=document_url,
            published_at=found.outcome.published_at if found.outcome else now,
        )
        await writes.keep_outcome(work, id, outcome, now=now)
        if found.outcome is None:
            told = await writes.taking_part(work, id, ParticipationStatus.ATTENDED)
            await tell(work, told, NotificationKind.OUTCOME_PUBLISHED, event_id=id, now=now)
    return await _again(ctx, id)


async def _verified(work: Work, event: Event) -> bool:
    of = event.organization_id
    owner = (await organizations.by_id(work, [of])).get(of) if of else None
    return owner is not None and owner.verified


async def _again(ctx: Context, id: EventId) -> Event:
    return certain(await ctx.loaders.event.load(id), "an event that its organiser has just changed")
