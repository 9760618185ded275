"""Events that wait for somebody: for a moderator, or to be completed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.paging import Order, count, page
from db.queries.events import read_event, shown_events
from db.queries.standings import their_own
from db.tables import event
from domain.citizens import Viewer
from domain.events import Event, EventStatus
from domain.ids import EventId
from domain.paging import Page, Window

OLDEST_SUBMITTED = Order((event.c.submitted_at, event.c.id))


async def waiting(session: AsyncSession, moderator: Viewer, window: Window) -> Page[Event]:
    """What a moderator may review, the oldest submission first: nothing that concerns them."""
    return await page(session, _waiting(moderator), OLDEST_SUBMITTED, window, read_event)


async def waiting_total(session: AsyncSession, moderator: Viewer) -> int:
    return await count(session, _waiting(moderator))


def _waiting(moderator: Viewer) -> sa.Select[Any]:
    concerned = sa.or_(event.c.organization_id.in_(list(moderator.organizations)), their_own(moderator))
    return shown_events(moderator).where(event.c.status == EventStatus.SUBMITTED, concerned.is_not(True))


async def left_open(session: AsyncSession, *, ended_before: datetime, limit: int) -> Sequence[EventId]:
    """Published events that ended by then and were not completed, the one that ended first first."""
    found = await session.scalars(
        sa.select(event.c.id)
        .where(event.c.status == EventStatus.PUBLISHED, event.c.ends_at <= ended_before)
        .order_by(event.c.ends_at, event.c.id)
        .limit(limit)
    )
    return [EventId(each) for each in found]
