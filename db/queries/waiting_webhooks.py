"""What waits for webhooks, for operators."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import webhook, webhook_delivery
from domain.deliveries import Waiting

TOPIC = "webhook"
"""What operators see them under, beside the topics of the outbox."""


async def waiting(session: AsyncSession, *, now: datetime) -> Waiting | None:
    """How much waits for webhooks that aren't disabled, and for how long the oldest has been due; None for nothing."""
    row, hook = webhook_delivery.c, webhook.c
    due = sa.func.coalesce(row.due_at, row.created_at)
    counted = (
        sa.select(sa.func.count().label("number"), sa.func.min(due).label("due_at"))
        .join(webhook, hook.id == row.webhook_id)
        .where(row.done_at.is_(None), hook.disabled_at.is_(None), hook.deleted_at.is_(None))
    )
    found = (await session.execute(counted)).one()
    return Waiting(TOPIC, found.number, max(now - found.due_at, timedelta())) if found.number else None
