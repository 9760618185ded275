"""Drawing places in the status lists."""

import secrets
from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.queries.badges import entries
from db.tables import badge_status, participation
from domain.badges import LIST_SIZE, StatusEntry, list_to_draw_from
from domain.citizens import Viewer
from domain.ids import ParticipationId
from domain.participations import ParticipationStatus

TRIES = 20
"""A list is half full at most, so that a draw finds a free place every other time, or more often."""


async def drawn(
    session: AsyncSession, asker: Viewer, ids: Sequence[ParticipationId]
) -> Mapping[ParticipationId, StatusEntry]:
    """The places of the asker's attended participations; each that has none yet draws one, at random.

    Safe to be asked by many at once: all get the same. Each statement stands alone.
    """
    found = await entries(session, asker, ids)
    for _ in range(TRIES):
        missing = sorted(set(ids) - found.keys())
        if not missing:
            break
        await _draw(session, asker, missing)
        found |= await entries(session, asker, missing)
    return found


async def _draw(session: AsyncSession, asker: Viewer, missing: Sequence[ParticipationId]) -> None:
    """Draw for those that are attended, unless their number is taken or somebody was faster.

    They are locked meanwhile: whoever withdraws one waits, and then finds the place to revoke, or was first.
    """
    attended = (
        sa.select(participation.c.citizen_id, participation.c.id)
        .where(
            participation.c.citizen_id == asker.citizen_id,
            participation.c.id.in_(missing),
            participation.c.status == ParticipationStatus.ATTENDED,
        )
        .order_by(participation.c.id)
        .with_for_update(read=True)
        .subquery()
    )
    numbers = [secrets.randbelow(LIST_SIZE) for _ in missing]
    drawn = (
        sa.func.unnest(sa.literal(list(missing), sa.ARRAY(sa.Uuid())), sa.literal(numbers, sa.ARRAY(sa.Integer())))
        .table_valued(sa.column("participation_id", sa.Uuid()), sa.column("list_index", sa.Integer()))
        .render_derived(name="drawn")
    )
    rows = sa.select(
        sa.literal(await _current_list(session), sa.Integer()), drawn.c.list_index, attended.c.citizen_id, attended.c.id
    ).join_from(attended, drawn, drawn.c.participation_id == attended.c.id)
    columns = ["list_number", "list_index", "citizen_id", "participation_id"]
    await session.execute(insert(badge_status).from_select(columns, rows).on_conflict_do_nothing())


async def _current_list(session: AsyncSession) -> int:
    newest = sa.select(sa.func.max(badge_status.c.list_number)).scalar_subquery()
    taken = await session.execute(
        sa.select(badge_status.c.list_number, sa.func.count())
        .where(badge_status.c.list_number == newest)
        .group_by(badge_status.c.list_number)
    )
    row = taken.one_or_none()
    return list_to_draw_from(*row) if row else 1
