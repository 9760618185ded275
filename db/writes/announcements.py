"""What changed is passed on to every process that listens. Of several who do so at once, each takes rows of its own."""

from operator import itemgetter
from typing import Any

import asyncpg
import sqlalchemy as sa

from db.statements import Statement
from db.tables import announcement
from db.work import Work
from domain.announcements import Announcement, Topic, written

CHANNEL = "influents"
"""The one that processes listen on."""


def _take() -> sa.ClauseElement:
    """By where they lie: what is looked for otherwise is all that was ever there since the table was cleared up."""
    row = announcement.c
    lies: sa.ColumnClause[Any] = sa.literal_column("ctid")  # Any: a place, which SQLAlchemy has no type for
    oldest = (
        sa.select(lies)
        .select_from(announcement)
        .order_by(row.announced_at, row.id)
        .limit(sa.bindparam("most", type_=sa.Integer()))
        .with_for_update(skip_locked=True)
        .correlate(None)
        .scalar_subquery()
    )
    taken = sa.delete(announcement).where(lies == sa.any_(sa.func.array(oldest)))
    return taken.returning(row.topic, row.subject, row.event_id, row.announced_at)


def _tell() -> sa.Select[tuple[int]]:
    told = sa.func.unnest(sa.bindparam("messages", type_=sa.ARRAY(sa.Text()))).column_valued("message")
    return sa.select(sa.func.count(sa.cast(sa.func.pg_notify(CHANNEL, told), sa.Text)))


_TAKE, _TELL = Statement(_take(), asyncpg.Record), Statement(_tell(), asyncpg.Record)


async def pass_on(work: Work, *, limit: int) -> int:
    """Take the oldest announcements, and tell them to all who listen once this unit of work is kept; how many."""
    taken = await work.rows(_TAKE, {"most": limit})
    in_order = sorted(taken, key=itemgetter("announced_at"))
    messages = list(written(Announcement(Topic(each["topic"]), each["subject"], each["event_id"]) for each in in_order))
    if messages:
        await work.run(_TELL, {"messages": messages})
    return len(taken)
