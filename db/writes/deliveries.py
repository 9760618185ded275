"""The outbox's rows, taken under a lease and settled. Of several takers at once, each gets rows of its own."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db.tables import outbox_message
from db.work import Work
from domain.deliveries import LEASE, Delivery
from domain.ids import DeliveryId

row = outbox_message.c


async def take(work: Work, topics: Collection[str], *, now: datetime, limit: int) -> Sequence[Delivery]:
    """What of these topics is due and nobody's: ours until the lease is over. Whoever dies leaves it to others."""
    free = row.leased_until.is_(None) | (row.leased_until <= now)
    due = (
        sa.select(row.id)
        .where(row.done_at.is_(None), row.due_at <= now, free, row.topic.in_(topics))
        .order_by(row.due_at, row.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")  # looked for once: as a subquery it could be again, with other rows
    )
    taken = await work.execute(
        sa.update(outbox_message)
        .where(row.id.in_(sa.select(due.c.id)))
        .values(leased_until=now + LEASE, attempts=row.attempts + 1)
        .returning(row.id, row.topic, row.citizen_id, row.payload, row.created_at, row.attempts)
    )
    return [
        Delivery(
            id=DeliveryId(each.id),
            topic=each.topic,
            citizen_id=each.citizen_id,
            payload=each.payload,
            created_at=each.created_at,
            attempts=each.attempts,
        )
        for each in sorted(taken, key=lambda each: each.id)
    ]


async def settle(work: Work, delivery: Delivery, *, now: datetime, gave_up: str | None = None) -> None:
    """It was delivered, or nobody wants it, or it is given up for a reason. Nothing is kept of what it held."""
    await _change(
        work,
        delivery,
        done_at=now,
        gave_up=gave_up is not None,
        last_error=gave_up,
        leased_until=None,
        payload={},
        citizen_id=None,
    )


async def put_off(work: Work, delivery: Delivery, *, until: datetime, error: str) -> None:
    """It failed: to be tried again. Somebody else who has taken it meanwhile isn't disturbed."""
    await _change(work, delivery, row.attempts == delivery.attempts, due_at=until, leased_until=None, last_error=error)


async def _change(
    work: Work,
    delivery: Delivery,
    *conditions: sa.ColumnElement[bool],
    **values: Any,  # Any: a value a column
) -> None:
    this = sa.and_(row.id == delivery.id, row.done_at.is_(None), *conditions)
    await work.execute(sa.update(outbox_message).where(this).values(**values))
