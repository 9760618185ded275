"""Where a citizen stands with events besides taking part in them."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import event, organization_member
from domain.citizens import Viewer
from domain.ids import EventId


async def own(session: AsyncSession, asker: Viewer, ids: Sequence[EventId]) -> Mapping[EventId, bool]:
    """Which events the asker proposed, or belonged to the organisation of between proposal and end."""
    member = organization_member.c
    belonged = sa.exists().where(
        member.organization_id == event.c.organization_id,
        member.citizen_id == asker.citizen_id,
        member.accepted_at < event.c.ends_at,
        member.left_at.is_(None) | (member.left_at > event.c.created_at),
    )
    theirs = sa.or_(event.c.proposer_id == asker.citizen_id, belonged)
    found = await session.scalars(sa.select(event.c.id).where(event.c.id.in_(ids), theirs))
    return dict.fromkeys(map(EventId, found), True)
