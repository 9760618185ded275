"""Which credentials hold no longer, and what their citizens are called."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import badge_status, citizen
from domain.badges import StatusEntry
from domain.citizens import Viewer
from domain.ids import CitizenId, ParticipationId

status = badge_status


async def entries(
    session: AsyncSession, asker: Viewer, ids: Sequence[ParticipationId]
) -> dict[ParticipationId, StatusEntry]:
    """The places that the asker's participations have in the status lists, where they have one."""
    theirs = (status.c.citizen_id == asker.citizen_id) & status.c.participation_id.in_(ids)
    rows = await session.execute(
        sa.select(status.c.participation_id, status.c.list_number, status.c.list_index).where(theirs)
    )
    return {row.participation_id: StatusEntry(row.list_number, row.list_index) for row in rows}


async def revoked(session: AsyncSession, list_number: int) -> Sequence[int] | None:
    """The revoked places of a status list; None where there is no such list."""
    of_list = sa.select(status.c.list_index).where(status.c.list_number == list_number)
    found = (await session.scalars(of_list.where(status.c.revoked).order_by(status.c.list_index))).all()
    if found or await session.scalar(sa.select(sa.exists(of_list))):
        return found
    return None


async def own_names(session: AsyncSession, asker: Viewer, citizens: Sequence[CitizenId]) -> Mapping[CitizenId, str]:
    """The asker's full name, whatever their profile shows of it; of nobody else."""
    named = sa.select(citizen.c.id, citizen.c.full_name).where(
        citizen.c.id == asker.citizen_id, citizen.c.id.in_(citizens), citizen.c.full_name.is_not(None)
    )
    return {row.id: row.full_name for row in await session.execute(named)}
