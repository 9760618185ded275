"""Deliveries: taken from the outbox, written as letters, settled. Who carries the letters is the worker's to know."""

import random
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from db.queries import events, mails, notifications, organizations, outbox, waiting_webhooks
from db.queries.mails import Known
from db.writes import deliveries as writes
from db.writes.outbox import MAIL, NOTIFICATION
from domain.deliveries import Delivery, Waiting, next_attempt
from domain.ids import CitizenId, NotificationId
from domain.letters import Letter, account_letter, notification_letter
from domain.mails import Mail
from resolvers.context import Services
from resolvers.tokens import fingerprint

TOPICS = (MAIL, NOTIFICATION)
"""What is delivered here. The rest of the outbox is left to who knows it."""


async def take(services: Services, *, limit: int) -> Sequence[Delivery]:
    """What is due, ours for the time of a lease."""
    async with services.database.unit_of_work() as work:
        return await writes.take(work, TOPICS, now=services.clock(), limit=limit)


async def waiting(services: Services) -> Sequence[Waiting]:
    """What is still to be delivered, by topic, webhooks among it."""
    now = services.clock()
    async with services.database.reading() as session:
        told = await waiting_webhooks.waiting(session, now=now)
        return [*await outbox.waiting(session, now=now), *([told] if told else [])]


async def letter(services: Services, delivery: Delivery) -> Letter | None:
    """What to write to whom; None where nobody is to be written to: they are gone, or don't want it."""
    if delivery.citizen_id is None:
        return None
    async with services.database.reading() as session:
        known = await mails.reader(session, delivery.citizen_id)
        if known is None:
            return None
        if delivery.topic == NOTIFICATION:
            return await _notified(session, known, delivery)
        mail = Mail.of(delivery.payload)
        if mail.token is None:
            return account_letter(mail, known.reader, to=known.reader.email)
        to = await mails.proved_by(session, delivery.citizen_id, fingerprint(mail.token), now=services.clock())
        return None if to is None else account_letter(mail, known.reader, to=to)


async def _notified(session: AsyncSession, known: Known, delivery: Delivery) -> Letter | None:
    """A notification as its reader may see it now."""
    key = NotificationId(UUID(str(delivery.payload.get("notification"))))
    found = (await notifications.by_id(session, known.viewer, [key])).get(key)
    if found is None:
        return None
    event_id, organization_id = found.event_id, found.organization_id
    event = (await events.by_id(session, known.viewer, [event_id])).get(event_id) if event_id else None
    organization = (
        (await organizations.by_id(session, [organization_id])).get(organization_id) if organization_id else None
    )
    return notification_letter(
        found,
        known.reader,
        event=event.details.title if event else None,
        event_slug=event.slug if event else None,
        organization=organization.name if organization else None,
    )


async def delivered(services: Services, delivery: Delivery) -> None:
    """It has left, or nobody is waiting for it."""
    async with services.database.unit_of_work() as work:
        await writes.settle(work, delivery, now=services.clock())


async def failed(services: Services, delivery: Delivery, *, error: str, for_good: bool = False) -> bool:
    """It could not be delivered: put off, or given up after too many attempts. Answers whether it was given up.

    Args:
        services: What the process has.
        delivery: What failed.
        error: Why, in words that name nobody.
        for_good: Whether trying again can't help.
    """
    now = services.clock()
    until = None if for_good else next_attempt(delivery.attempts, now=now, luck=random.random())  # noqa: S311 - no secret
    async with services.database.unit_of_work() as work:
        if until is None:
            await writes.settle(work, delivery, now=now, gave_up=error)
        else:
            await writes.put_off(work, delivery, until=until, error=error)
    return until is None


async def still_here(services: Services, citizens: Collection[CitizenId]) -> set[CitizenId]:
    """Which of these have an account."""
    async with services.database.reading() as session:
        return await mails.with_accounts(session, citizens)
