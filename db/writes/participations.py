"""Seats, places in line, and attendance."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db import models
from db.queries.participations import read_participation, shown_participations
from db.tables import participation
from domain.ids import CitizenId, EventId
from domain.participations import AttendanceEvidence, Participation, ParticipationStatus


async def seats_taken(work: AsyncSession, event_id: EventId) -> int:
    """Who is registered or attended. Right as long as the event is locked."""
    seated = (ParticipationStatus.REGISTERED, ParticipationStatus.ATTENDED)
    counted = sa.select(sa.func.count()).where(participation.c.event_id == event_id, participation.c.status.in_(seated))
    return await work.scalar(counted) or 0


async def find(work: AsyncSession, citizen_id: CitizenId, event_id: EventId) -> Participation | None:
    """A citizen's participation in an event."""
    row = (
        await work.execute(
            shown_participations(participation.c.citizen_id == citizen_id, participation.c.event_id == event_id)
        )
    ).one_or_none()
    return None if row is None else read_participation(row)


async def add_participation(
    work: AsyncSession, citizen_id: CitizenId, event_id: EventId, status: ParticipationStatus, *, now: datetime
) -> None:
    work.add(
        models.Participation(citizen_id=citizen_id, event_id=event_id, status=status, registered_at=now, queued_at=now)
    )
    await work.flush()


async def come_back(work: AsyncSession, of: Participation, status: ParticipationStatus, *, now: datetime) -> None:
    """Register again after cancelling: last in line."""
    await _change(work, of, status=status, registered_at=now, queued_at=now, withdrawn_at=None)


async def withdraw(work: AsyncSession, of: Participation, *, now: datetime) -> None:
    """Give up a seat, or a place in line."""
    await _change(work, of, status=ParticipationStatus.CANCELLED, withdrawn_at=now)


async def mark_attended(work: AsyncSession, of: Participation, *, evidence: AttendanceEvidence, now: datetime) -> None:
    await _change(work, of, status=ParticipationStatus.ATTENDED, attended_at=now, evidence=evidence)


async def mark_absent(work: AsyncSession, of: Participation) -> None:
    """A no-show, whatever was confirmed before."""
    await _change(work, of, status=ParticipationStatus.NO_SHOW, attended_at=None, evidence=None)


async def list_on_profile(work: AsyncSession, citizen_id: CitizenId, event_id: EventId, *, listed: bool) -> bool:
    """Show a participation on its citizen's profile, or hide it; whether there is one."""
    this = (participation.c.citizen_id == citizen_id) & (participation.c.event_id == event_id)
    changed = sa.update(participation).where(this).values(listed=listed).returning(participation.c.id)
    return await work.scalar(changed) is not None


async def move_up(work: AsyncSession, event_id: EventId, seats: int | None) -> list[CitizenId]:
    """Give so many seats to the first in line, to all of them where there is no limit; who got one, in order."""
    waiting = (participation.c.event_id == event_id) & (participation.c.status == ParticipationStatus.WAITLISTED)
    line = sa.select(participation.c.citizen_id).where(waiting)
    first = (await work.execute(line.order_by(participation.c.queued_at, participation.c.id).limit(seats))).scalars()
    moved = list(first)
    if moved:
        seated = {"status": ParticipationStatus.REGISTERED}
        await work.execute(
            sa.update(participation).where(waiting, participation.c.citizen_id.in_(moved)).values(**seated)
        )
    return moved


async def close_open(work: AsyncSession, event_id: EventId) -> None:
    """When an event is completed, who didn't come is a no-show, and who still waits waits no more."""
    status = participation.c.status
    closed = sa.case((status == ParticipationStatus.REGISTERED, "NO_SHOW"), else_="CANCELLED")
    still_open = status.in_([ParticipationStatus.REGISTERED, ParticipationStatus.WAITLISTED])
    await work.execute(
        sa.update(participation).where(participation.c.event_id == event_id, still_open).values(status=closed)
    )


async def _change(work: AsyncSession, of: Participation, **values: object) -> None:
    this = (participation.c.citizen_id == of.citizen_id) & (participation.c.id == of.id)
    await work.execute(sa.update(participation).where(this).values(**values))
