"""What feeds of events ask besides the events."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import event


async def last_change(session: AsyncSession) -> datetime | None:
    """When an event was changed last that is shown, or was until then: what leaves a list changes it too."""
    changed: datetime | None = await session.scalar(
        sa.select(event.c.updated_at)
        .where(event.c.published_at.is_not(None))
        .order_by(event.c.updated_at.desc(), event.c.id.desc())
        .limit(1)
    )
    return changed
