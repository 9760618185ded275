"""Webhooks of organisations, their deliveries, and what a message may say. Ask the domain first who may know."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.paging import KEY, Order, Ownership, Row, counts, pages
from db.queries.events import SECRETS, read_event
from db.tables import citizen, event, feedback, participation, webhook, webhook_attempt, webhook_delivery
from domain.accounts import ProfileVisibility
from domain.events import Event
from domain.ids import CitizenId, EventId, OrganizationId, ParticipationId
from domain.paging import Page, Window
from domain.participations import ParticipationStatus
from domain.webhooks import Webhook, WebhookAttempt, WebhookDelivery, WebhookDeliveryId, WebhookId, WebhookTopic

hook, delivery, attempt = webhook.c, webhook_delivery.c, webhook_attempt.c

NEWEST = Order((delivery.created_at, delivery.id), descending=True)
BY_WEBHOOK: Ownership[WebhookId] = Ownership(KEY, lambda key: delivery.webhook_id == key)
EXISTS = hook.deleted_at.is_(None)


def read_webhook(row: Row) -> Webhook:
    return Webhook(
        id=row.id,
        organization_id=row.organization_id,
        url=row.url,
        topics=tuple(map(WebhookTopic, row.topics)),
        created_at=row.created_at,
        failing_since=row.failing_since,
        disabled_at=row.disabled_at,
        disabled_because=row.disabled_because,
        previous_until=row.previous_until,
    )


async def of_organizations(
    session: AsyncSession, ids: Sequence[OrganizationId]
) -> Mapping[OrganizationId, Sequence[Webhook]]:
    """The webhooks of organisations, the newest first."""
    found: dict[OrganizationId, list[Webhook]] = defaultdict(list)
    theirs = sa.select(webhook).where(hook.organization_id.in_(ids), EXISTS)
    for row in await session.execute(theirs.order_by(hook.created_at.desc(), hook.id)):
        found[row.organization_id].append(read_webhook(row))
    return found


async def by_id(session: AsyncSession, id: WebhookId) -> Webhook | None:
    row = (await session.execute(sa.select(webhook).where(hook.id == id, EXISTS))).one_or_none()
    return None if row is None else read_webhook(row)


async def delivery_by_id(session: AsyncSession, id: WebhookDeliveryId) -> WebhookDelivery | None:
    row = (await session.execute(_deliveries().where(delivery.id == id))).one_or_none()
    return None if row is None else _read_delivery(row)


async def deliveries(
    session: AsyncSession, keys: Sequence[tuple[WebhookId, Window]]
) -> Mapping[tuple[WebhookId, Window], Page[WebhookDelivery]]:
    """The deliveries of webhooks, the newest first."""
    found: dict[tuple[WebhookId, Window], Page[WebhookDelivery]] = {}
    for window in {window for _, window in keys}:
        ids = [key for key, asked in keys if asked == window]
        answer = await pages(
            session, _deliveries(), owned=BY_WEBHOOK, keys=ids, order=NEWEST, window=window, read=_read_delivery
        )
        found |= {(key, window): one for key, one in answer.items()}
    return found


async def delivery_totals(session: AsyncSession, keys: Sequence[WebhookId]) -> Mapping[WebhookId, int]:
    """How many deliveries of webhooks there are."""
    return await counts(session, _deliveries(), owned=BY_WEBHOOK, keys=keys)


async def attempts(
    session: AsyncSession, ids: Sequence[WebhookDeliveryId]
) -> Mapping[WebhookDeliveryId, Sequence[WebhookAttempt]]:
    """The attempts of deliveries, the first one first."""
    found: dict[WebhookDeliveryId, list[WebhookAttempt]] = defaultdict(list)
    made = sa.select(webhook_attempt).where(attempt.delivery_id.in_(ids))
    for row in await session.execute(made.order_by(attempt.delivery_id, attempt.number)):
        tried = WebhookAttempt(
            number=row.number, at=row.at, milliseconds=row.milliseconds, status=row.status, failure=row.failure
        )
        found[row.delivery_id].append(tried)
    return found


async def told_event(session: AsyncSession, organization: OrganizationId, id: EventId) -> Event | None:
    """An event of an organisation's own, in whatever state it is."""
    columns = (column for column in event.c if column.name not in SECRETS)
    this = sa.select(*columns).where(event.c.id == id, event.c.organization_id == organization)
    row = (await session.execute(this)).one_or_none()
    return None if row is None else read_event(row)


async def told_participation(
    session: AsyncSession, id: ParticipationId
) -> tuple[ParticipationStatus, CitizenId | None] | None:
    """Where somebody stands with an event, and who it is, unless they hide or have left."""
    shown = sa.case((citizen.c.visibility != ProfileVisibility.HIDDEN, citizen.c.id))
    this = (
        sa.select(participation.c.status, shown.label("citizen_id"))
        .join(citizen, citizen.c.id == participation.c.citizen_id)
        .where(participation.c.id == id)
    )
    row = (await session.execute(this)).one_or_none()
    return None if row is None else (row.status, row.citizen_id)


async def told_rating(session: AsyncSession, id: UUID) -> int | None:
    """The rating of an answer that was signed."""
    signed = sa.select(feedback.c.rating).where(feedback.c.id == id, feedback.c.author_id.is_not(None))
    return await session.scalar(signed)


def _deliveries() -> sa.Select[Any]:
    existing = sa.select(webhook_delivery, hook.organization_id).join(webhook, hook.id == delivery.webhook_id)
    return existing.where(EXISTS)


def _read_delivery(row: Row) -> WebhookDelivery:
    return WebhookDelivery(
        id=row.id,
        webhook_id=row.webhook_id,
        organization_id=row.organization_id,
        topic=row.topic,
        subject=row.subject,
        event_id=row.event_id,
        created_at=row.created_at,
        state=row.state,
        due_at=row.due_at,
        done_at=row.done_at,
    )
