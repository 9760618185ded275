"""What an organisation has brought about, from the facts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.queries.awards import current_award
from db.tables import event, event_rating, participation
from domain.events import EventStatus
from domain.feedback import FEWEST
from domain.ids import OrganizationId
from domain.impact import ImpactSums
from domain.participations import ParticipationStatus


class ImpactOf(NamedTuple):
    """A question: what an organisation brought about by events that began in a span."""

    organization_id: OrganizationId
    starts_from: datetime | None = None
    starts_before: datetime | None = None


async def impacts(session: AsyncSession, keys: Sequence[ImpactOf]) -> Mapping[ImpactOf, ImpactSums]:
    """One statement for all organisations that are asked for the same span."""
    found: dict[ImpactOf, ImpactSums] = {}
    for span in {key[1:] for key in keys}:
        asked = [key.organization_id for key in keys if key[1:] == span]
        for row in await session.execute(_sums(asked, *span)):
            sums = ImpactSums(
                row.events, row.participants, row.newcomers, row.minutes, row.points, row.ratings, row.answers
            )
            found[ImpactOf(row.organization_id, *span)] = sums
    return found


def _sums(
    organizations: Sequence[OrganizationId], starts_from: datetime | None, starts_before: datetime | None
) -> sa.Select[tuple[object, ...]]:
    held = event.c.status == EventStatus.COMPLETED
    if starts_from is not None:
        held &= event.c.starts_at >= starts_from
    if starts_before is not None:
        held &= event.c.starts_at < starts_before
    took_place = sa.select(event.c.id, event.c.organization_id).where(event.c.organization_id.in_(organizations), held)
    events = took_place.cte("took_place")
    award = current_award().subquery("award")
    attended = participation.c.status == ParticipationStatus.ATTENDED
    earlier = participation.alias("earlier")
    before = sa.exists().where(
        earlier.c.citizen_id == participation.c.citizen_id,
        earlier.c.status == ParticipationStatus.ATTENDED,
        earlier.c.attended_at < participation.c.attended_at,
    )
    came = (
        sa.select(
            events.c.organization_id,
            sa.func.count(sa.distinct(participation.c.citizen_id)).label("participants"),
            sa.func.count(sa.distinct(participation.c.citizen_id)).filter(sa.not_(before)).label("newcomers"),
            sa.func.coalesce(sa.func.sum(award.c.minutes), 0).label("minutes"),
            sa.func.coalesce(sa.func.sum(award.c.points), 0).label("points"),
        )
        .join(participation, (participation.c.event_id == events.c.id) & attended)
        .outerjoin(
            award,
            (award.c.citizen_id == participation.c.citizen_id) & (award.c.participation_id == participation.c.id),
        )
        .group_by(events.c.organization_id)
        .cte("came")
    )
    # Only of events that tell their own summary: else two spans that differ by one event tell what one person said.
    said = (
        sa.select(
            events.c.organization_id,
            sa.func.sum(event_rating.c.stars).label("ratings"),
            sa.func.sum(event_rating.c.answers).label("answers"),
        )
        .join(event_rating, (event_rating.c.event_id == events.c.id) & (event_rating.c.answers >= FEWEST))
        .group_by(events.c.organization_id)
        .cte("said")
    )
    none = sa.literal(0)
    return (
        sa.select(
            events.c.organization_id,
            sa.func.count().label("events"),
            sa.func.coalesce(sa.func.max(came.c.participants), none).label("participants"),
            sa.func.coalesce(sa.func.max(came.c.newcomers), none).label("newcomers"),
            sa.func.coalesce(sa.func.max(came.c.minutes), none).label("minutes"),
            sa.func.coalesce(sa.func.max(came.c.points), none).label("points"),
            sa.func.coalesce(sa.func.max(said.c.ratings), none).label("ratings"),
            sa.func.coalesce(sa.func.max(said.c.answers), none).label("answers"),
        )
        .outerjoin(came, came.c.organization_id == events.c.organization_id)
        .outerjoin(said, said.c.organization_id == events.c.organization_id)
        .group_by(events.c.organization_id)
    )
