"""What a citizen was told: for them alone."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.paging import Order, Row, count, page
from db.tables import notification
from domain.citizens import Viewer
from domain.ids import NotificationId
from domain.notifications import Notification
from domain.paging import Page, Window

NEWEST = Order((notification.c.created_at, notification.c.id), descending=True)


def read_notification(row: Row) -> Notification:
    return Notification(
        id=row.id,
        citizen_id=row.citizen_id,
        kind=row.kind,
        event_id=row.event_id,
        parameters=row.parameters,
        created_at=row.created_at,
        read_at=row.read_at,
    )


async def by_id(
    session: AsyncSession, asker: Viewer, ids: Sequence[NotificationId]
) -> Mapping[NotificationId, Notification]:
    own = sa.select(notification).where(notification.c.citizen_id == asker.citizen_id, notification.c.id.in_(ids))
    return {row.id: read_notification(row) for row in await session.execute(own)}


async def of_citizen(session: AsyncSession, asker: Viewer, window: Window, *, unread_only: bool) -> Page[Notification]:
    """The asker's own, the newest first."""
    return await page(session, _own(asker, unread_only=unread_only), NEWEST, window, read_notification)


async def total(session: AsyncSession, asker: Viewer, *, unread_only: bool) -> int:
    return await count(session, _own(asker, unread_only=unread_only))


def _own(asker: Viewer, *, unread_only: bool) -> sa.Select[Any]:
    own = sa.select(notification).where(notification.c.citizen_id == asker.citizen_id)
    return own.where(notification.c.read_at.is_(None)) if unread_only else own
