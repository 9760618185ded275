"""What waits in the outbox."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import outbox_message
from domain.deliveries import Waiting

row = outbox_message.c


async def waiting(session: AsyncSession, *, now: datetime) -> Sequence[Waiting]:
    """What is still to be delivered, by topic."""
    found = await session.execute(
        sa.select(row.topic, sa.func.count().label("number"), sa.func.min(row.due_at).label("due_at"))
        .where(row.done_at.is_(None))
        .group_by(row.topic)
        .order_by(row.topic)
    )
    return [Waiting(each.topic, each.number, max(now - each.due_at, timedelta())) for each in found]
