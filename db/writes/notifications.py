"""Notifications, once read."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from db.tables import notification
from db.work import Work
from domain.ids import CitizenId, NotificationId


async def known(work: Work, citizen_id: CitizenId, ids: Sequence[NotificationId]) -> set[NotificationId]:
    """Which of these are the citizen's own."""
    own = sa.select(notification.c.id).where(notification.c.citizen_id == citizen_id, notification.c.id.in_(ids))
    return set((await work.execute(own)).scalars())


async def mark_read(work: Work, citizen_id: CitizenId, ids: Sequence[NotificationId] | None, *, now: datetime) -> None:
    """Mark some, or all that were told until now, as read. What was read stays read when it was."""
    of_citizen = (notification.c.citizen_id == citizen_id) & notification.c.read_at.is_(None)
    which = notification.c.created_at <= now if ids is None else notification.c.id.in_(ids)
    await work.execute(sa.update(notification).where(of_citizen, which).values(read_at=now))
