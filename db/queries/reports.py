"""Reports, for moderators."""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.paging import Order, Row, count, page
from db.tables import report
from domain.moderation import Report, ReportId
from domain.paging import Page, Window

OLDEST = Order((report.c.created_at, report.c.id))
COLUMNS = tuple(column for column in report.c if column.name != "reporter_id")
"""Who reported is answered to nobody."""


def read_report(row: Row) -> Report:
    return Report(
        id=row.id,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        reason=row.reason,
        created_at=row.created_at,
        resolved_at=row.resolved_at,
        resolution=row.resolution,
    )


def _which(*, open_: bool) -> sa.Select[Row]:
    resolved = report.c.resolved_at
    return sa.select(*COLUMNS).where(resolved.is_(None) if open_ else resolved.is_not(None))


async def listed(session: AsyncSession, *, open_: bool, window: Window) -> Page[Report]:
    """The one that waits for longest first."""
    return await page(session, _which(open_=open_), OLDEST, window, read_report)


async def total(session: AsyncSession, *, open_: bool) -> int:
    return await count(session, _which(open_=open_))


async def by_id(session: AsyncSession, id: ReportId) -> Report | None:
    row = (await session.execute(sa.select(*COLUMNS).where(report.c.id == id))).one_or_none()
    return None if row is None else read_report(row)
