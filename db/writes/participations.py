"""Seats, places in line, and attendance."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from db.engine import Database
from db.models.columns import new_key
from db.queries.participations import ParticipationRow, shown_participations
from db.reading import Reader
from db.statements import Statement
from db.tables import event, participation
from db.versions import as_it_was_read
from db.work import Work
from domain.ids import CitizenId, EventId
from domain.participations import AttendanceEvidence, Participation, ParticipationStatus

_NO_AWARD = (sa.literal(0).label("points_awarded"), sa.null().label("ledger_entry_id"))
_FIND = Statement(
    shown_participations(
        participation.c.citizen_id == sa.bindparam("citizen"), participation.c.event_id == sa.bindparam("event")
    ),
    ParticipationRow,
)
_SEAT = {
    **{
        name: sa.bindparam(name, type_=participation.c[name].type)
        for name in ("citizen_id", "id", "event_id", "status", "registered_at", "queued_at")
    },
    "listed": sa.true(),
    "answered": sa.false(),
    "revision": sa.literal(0),
}


def _added(*, at_once: bool) -> Statement[Participation]:
    """A participation; `at_once`, only of an event that is as it was read, and that nobody is changing."""
    row = sa.select(*_SEAT.values())
    if at_once:
        its = sa.select(event.c.id).where(event.c.id == _SEAT["event_id"])
        row = row.select_from(as_it_was_read(its, event, "event_version", shared=True))
    added = insert(participation).from_select(list(_SEAT), row, include_defaults=False)
    once = added.on_conflict_do_nothing(constraint="participation_once")
    return Statement(once.returning(*participation.c, *_NO_AWARD), ParticipationRow)


_ADD, _ADD_AT_ONCE = _added(at_once=False), _added(at_once=True)
_CHANGED = (
    sa.update(participation)
    .where(participation.c.citizen_id == sa.bindparam("its_citizen"), participation.c.id == sa.bindparam("its_id"))
    .returning(*participation.c, *_NO_AWARD)
)
_BACK = Statement(_CHANGED, ParticipationRow, columns=("status", "registered_at", "queued_at", "withdrawn_at"))
_ATTENDED = Statement(_CHANGED, ParticipationRow, columns=("status", "attended_at", "evidence"))


async def seats_taken(work: Work, event_id: EventId) -> int:
    """Who is registered or attended. Right as long as the event is locked."""
    seated = (ParticipationStatus.REGISTERED, ParticipationStatus.ATTENDED)
    counted = sa.select(sa.func.count()).where(participation.c.event_id == event_id, participation.c.status.in_(seated))
    return await work.scalar(counted) or 0


async def find(source: Work | Reader, citizen_id: CitizenId, event_id: EventId) -> Participation | None:
    """A citizen's participation in an event, with what it brought."""
    found = await source.rows(_FIND, {"citizen": citizen_id, "event": event_id})
    return found[0] if found else None


async def known(work: Work, of: Participation) -> Participation:
    """A participation that is there, with what it brought."""
    [found] = await work.rows(_FIND, {"citizen": of.citizen_id, "event": of.event_id})
    return found


async def add_participation(
    work: Work, citizen_id: CitizenId, event_id: EventId, status: ParticipationStatus, *, now: datetime
) -> Participation | None:
    """A participation of one who has none in the event; None where they have one meanwhile."""
    return await work.row(_ADD, _seat(citizen_id, event_id, status, now=now))


async def add_at_once(
    database: Database,
    citizen_id: CitizenId,
    event_id: EventId,
    status: ParticipationStatus,
    *,
    version: int,
    now: datetime,
) -> Participation | None:
    """The same as a unit of work by itself; None where the event isn't of that `version` any more, too."""
    values = _seat(citizen_id, event_id, status, now=now)
    return await database.at_once(_ADD_AT_ONCE, {**values, "event_version": version})


def _seat(
    citizen_id: CitizenId, event_id: EventId, status: ParticipationStatus, *, now: datetime
) -> dict[str, Any]:  # Any: what columns hold
    row = {"citizen_id": citizen_id, "id": new_key(), "event_id": event_id, "status": status}
    return {**row, "registered_at": now, "queued_at": now}


async def come_back(work: Work, of: Participation, status: ParticipationStatus, *, now: datetime) -> Participation:
    """Register again after cancelling: last in line."""
    values = {"its_citizen": of.citizen_id, "its_id": of.id, "status": status, "registered_at": now, "queued_at": now}
    [back] = await work.rows(_BACK, {**values, "withdrawn_at": None})
    return back


async def withdraw(work: Work, of: Participation, *, now: datetime) -> None:
    """Give up a seat, or a place in line."""
    await _change(work, of, status=ParticipationStatus.CANCELLED, withdrawn_at=now)


async def mark_attended(work: Work, of: Participation, *, evidence: AttendanceEvidence, now: datetime) -> Participation:
    """Establish that somebody was there. What it brings isn't known yet."""
    values = {"its_citizen": of.citizen_id, "its_id": of.id, "status": ParticipationStatus.ATTENDED}
    [attended] = await work.rows(_ATTENDED, {**values, "attended_at": now, "evidence": evidence})
    return attended


async def mark_absent(work: Work, of: Participation) -> None:
    """A no-show, whatever was confirmed before."""
    await _change(work, of, status=ParticipationStatus.NO_SHOW, attended_at=None, evidence=None)


async def list_on_profile(work: Work, citizen_id: CitizenId, event_id: EventId, *, listed: bool) -> bool:
    """Show a participation on its citizen's profile, or hide it; whether there is one."""
    this = (participation.c.citizen_id == citizen_id) & (participation.c.event_id == event_id)
    changed = sa.update(participation).where(this).values(listed=listed).returning(participation.c.id)
    return await work.scalar(changed) is not None


async def move_up(work: Work, event_id: EventId, seats: int | None) -> list[CitizenId]:
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


async def close_open(work: Work, event_id: EventId) -> None:
    """When an event is completed, who didn't come is a no-show, and who still waits waits no more."""
    status = participation.c.status
    closed = sa.case((status == ParticipationStatus.REGISTERED, "NO_SHOW"), else_="CANCELLED")
    still_open = status.in_([ParticipationStatus.REGISTERED, ParticipationStatus.WAITLISTED])
    await work.execute(
        sa.update(participation).where(participation.c.event_id == event_id, still_open).values(status=closed)
    )


async def _change(work: Work, of: Participation, **values: object) -> None:
    this = (participation.c.citizen_id == of.citizen_id) & (participation.c.id == of.id)
    await work.execute(sa.update(participation).where(this).values(**values))
