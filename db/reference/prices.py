"""What events are worth, kept beside them for lists that go by it."""

from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import event, scoring_policy
from domain.points import Span, event_points
from domain.policy import Policies, policy_from

BATCH = 1_000


async def price_events(connection: AsyncConnection, *, begins: date) -> None:
    """Reckon anew what events are worth that begin on a day or later: those that a new policy is for."""
    rows = await connection.execute(sa.select(scoring_policy.c.document))
    policies = Policies.of(policy_from(row.document) for row in rows)
    # A day early: a policy's day begins in Paris.
    since = datetime.combine(begins, time(), UTC) - timedelta(days=1)
    columns = (
        event.c.id,
        event.c.starts_at,
        event.c.ends_at,
        event.c.effort_minutes,
        event.c.engagement,
        event.c.worth,
    )
    concerned = sa.select(*columns).where(event.c.starts_at >= since).order_by(event.c.id).limit(BATCH)
    found = (await connection.execute(concerned)).all()
    while found:
        for row in found:
            worth = event_points(
                Span(row.starts_at, row.ends_at),
                effort_minutes=row.effort_minutes,
                engagement=row.engagement,
                policy=policies.in_force_at(row.starts_at),
            )
            if worth != row.worth:
                await connection.execute(sa.update(event).where(event.c.id == row.id).values(worth=worth))
        found = (await connection.execute(concerned.where(event.c.id > found[-1].id))).all()
