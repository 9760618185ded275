"""What changed is passed on to every process that listens. Of several who do so at once, each takes rows of its own."""

import sqlalchemy as sa

from db.tables import announcement
from db.work import Work
from domain.announcements import Announcement, written

CHANNEL = "influents"
"""The one that processes listen on."""


async def pass_on(work: Work, *, limit: int) -> int:
    """Take the oldest announcements, and tell them to all who listen once this unit of work is kept; how many."""
    row = announcement.c
    oldest = (
        sa.select(row.id)
        .order_by(row.announced_at, row.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("oldest")
    )
    taken = (
        await work.execute(
            sa.delete(announcement)
            .where(row.id.in_(sa.select(oldest.c.id)))
            .returning(row.topic, row.subject, row.event_id, row.announced_at)
        )
    ).all()
    in_order = sorted(taken, key=lambda each: each.announced_at)
    messages = list(written(Announcement(each.topic, each.subject, each.event_id) for each in in_order))
    if messages:
        told = sa.func.unnest(sa.cast(messages, sa.ARRAY(sa.Text))).column_valued("message")
        await work.execute(sa.select(sa.func.count(sa.cast(sa.func.pg_notify(CHANNEL, told), sa.Text))))
    return len(taken)
