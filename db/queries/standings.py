"""Where a citizen stands with events besides taking part in them."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import event, organization_member
from db.visibility import Condition
from domain.citizens import Viewer
from domain.ids import EventId


def belonged() -> Condition:
    """Memberships that lay between an event's proposal and its end: they can't take part in it.

    Needs `event` and `organization_member`.
    """
    member = organization_member.c
    return sa.and_(
        member.organization_id == event.c.organization_id,
        member.accepted_at < event.c.ends_at,
        member.left_at.is_(None) | (member.left_at > event.c.created_at),
    )


def their_own(asker: Viewer) -> Condition:
    """The events that the asker proposed, or belonged to the organisation of between proposal and end."""
    member = sa.exists().where(belonged(), organization_member.c.citizen_id == asker.citizen_id)
    return sa.or_(event.c.proposer_id == asker.citizen_id, member.correlate(event))


async def own(session: AsyncSession, asker: Viewer, ids: Sequence[EventId]) -> Mapping[EventId, bool]:
    """Which events are the asker's own."""
    found = await session.scalars(sa.select(event.c.id).where(event.c.id.in_(ids), their_own(asker)))
    return dict.fromkeys(map(EventId, found), True)
