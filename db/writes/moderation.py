"""Reports and suspensions."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from db.models.columns import new_key
from db.queries.reports import COLUMNS, read_report
from db.tables import account, citizen, report
from db.tables import session as sessions
from db.work import Work
from domain.ids import CitizenId
from domain.moderation import Report, ReportId, SubjectKind


async def add_report(
    work: Work, reporter: CitizenId, kind: SubjectKind, subject: UUID, reason: str, *, now: datetime
) -> ReportId:
    """A report; who has one of the same subject waiting changes that one instead."""
    fresh = insert(report).values(
        id=new_key(), reporter_id=reporter, subject_kind=kind, subject_id=subject, reason=reason, created_at=now
    )
    kept = fresh.on_conflict_do_update(
        index_elements=["reporter_id", "subject_id"],
        index_where=report.c.resolved_at.is_(None),
        set_={"reason": reason},
    )
    return ReportId((await work.execute(kept.returning(report.c.id))).scalar_one())


async def keep_here(work: Work, citizen_id: CitizenId) -> None:
    """Let a citizen not be erased before the unit of work ends; where they are being erased, wait until they are."""
    await work.execute(
        sa.select(citizen.c.id).where(citizen.c.id == citizen_id).with_for_update(read=True, key_share=True)
    )


async def lock_report(work: Work, id: ReportId) -> Report | None:
    """A report, kept from being answered twice."""
    row = (await work.execute(sa.select(*COLUMNS).where(report.c.id == id).with_for_update())).one_or_none()
    return None if row is None else read_report(row)


async def resolve(work: Work, id: ReportId, resolution: str, *, now: datetime) -> None:
    await work.execute(sa.update(report).where(report.c.id == id).values(resolution=resolution, resolved_at=now))


async def suspend(work: Work, citizen_id: CitizenId, reason: str | None, *, now: datetime | None) -> bool:
    """Suspend an account from `now` on, or no longer where that is None; False where there is no account.

    Its sessions end at once.
    """
    changed = await work.execute(
        sa.update(account)
        .where(account.c.citizen_id == citizen_id)
        .values(suspended_at=now, suspension_reason=reason)
        .returning(account.c.citizen_id)
    )
    if changed.first() is None:
        return False
    if now is not None:
        theirs = (sessions.c.citizen_id == citizen_id) & sessions.c.ended_at.is_(None)
        await work.execute(sa.update(sessions).where(theirs).values(ended_at=now))
    return True
