"""Deliveries to webhooks: taken, told what they say, settled. Who sends them is the worker's to know."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from db.queries import webhooks as queries
from db.work import Work
from db.writes import webhook_deliveries as writes
from db.writes.outbox import tell
from domain.events import Event
from domain.ids import CitizenId, ParticipationId
from domain.notifications import NotificationKind
from domain.participations import ParticipationStatus
from domain.webhooks import (
    AfterFailure,
    DueDelivery,
    WebhookAttempt,
    WebhookDeliveryState,
    WebhookTopic,
    after_failure,
)
from resolvers.context import Services

GONE = 410
OF_PARTICIPATIONS = {
    WebhookTopic.REGISTRATION_MADE,
    WebhookTopic.REGISTRATION_CANCELLED,
    WebhookTopic.ATTENDANCE_CONFIRMED,
    WebhookTopic.ATTENDANCE_WITHDRAWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a message says, as it is when it is sent, and as its organisation sees it.

    Attributes:
        event: The event behind it; None for a ping.
        status: Where the citizen stands with the event, where it is about one.
        citizen_id: Who it is; None where they hide, or have left.
        rating: What an answer that was signed gave.
    """

    event: Event | None = None
    status: ParticipationStatus | None = None
    citizen_id: CitizenId | None = None
    rating: int | None = None


async def take(services: Services, *, limit: int) -> Sequence[DueDelivery]:
    """What is due, ours for the time of a lease."""
    async with services.database.unit_of_work() as work:
        return await writes.take(work, now=services.clock(), limit=limit)


async def told(services: Services, due: DueDelivery) -> Told | None:
    """What a message says; None where there is nothing to tell any more."""
    if due.topic is WebhookTopic.PING:
        return Told()
    async with services.database.reading() as session:
        return await _told(session, due)


async def _told(session: AsyncSession, due: DueDelivery) -> Told | None:
    event = await queries.told_event(session, due.organization_id, due.event_id) if due.event_id else None
    if event is None:
        return None
    if due.topic in OF_PARTICIPATIONS:
        standing = await queries.told_participation(session, ParticipationId(due.subject))
        return None if standing is None else Told(event=event, status=standing[0], citizen_id=standing[1])
    if due.topic is WebhookTopic.FEEDBACK_RECEIVED:
        rating = await queries.told_rating(session, due.subject)
        return None if rating is None else Told(event=event, rating=rating)
    return Told(event=event)


async def obsolete(services: Services, due: DueDelivery) -> None:
    """There is nothing to tell any more."""
    async with services.database.unit_of_work() as work:
        await writes.settle(work, due, WebhookDeliveryState.OBSOLETE, now=services.clock())


async def delivered(services: Services, due: DueDelivery, attempt: WebhookAttempt) -> None:
    """It has arrived."""
    async with services.database.unit_of_work() as work:
        await writes.succeeded(work, due)
        await writes.settle(work, due, WebhookDeliveryState.DELIVERED, now=services.clock())
        await writes.note(work, due, attempt)


async def failed(
    services: Services, due: DueDelivery, attempt: WebhookAttempt, *, asked: timedelta
) -> AfterFailure | None:
    """It has not: put off, or given up; the webhook may rest or end. None where there is no such webhook any more.

    The owners are told of a webhook that ends. `asked` is for how long the receiver asked to be left alone.
    """
    now = services.clock()
    async with services.database.unit_of_work() as work:
        counted = await writes.failed(work, due, now=now)
        if counted is None:
            return None
        in_a_row, since = counted
        after = after_failure(
            attempts=due.attempts,
            in_a_row=in_a_row,
            failing_since=since,
            gone=attempt.status == GONE,
            now=now,
            luck=random.random(),  # noqa: S311 - no secret
            asked=asked,
        )
        if await writes.rest_or_end(work, due, after, now=now):
            await _tell_owners(work, services, due)
        if after.again_at is None:
            await writes.settle(work, due, WebhookDeliveryState.GIVEN_UP, now=now)
        else:
            await writes.put_off(work, due, until=after.again_at)
        await writes.note(work, due, attempt)
    return after


async def _tell_owners(work: Work, services: Services, due: DueDelivery) -> None:
    owners = await writes.owners(work, due.organization_id)
    kind = NotificationKind.WEBHOOK_DISABLED
    await tell(work, owners, kind, now=services.clock(), organization=str(due.organization_id))
