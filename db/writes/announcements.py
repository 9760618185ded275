"""What changed is passed on to every process that listens. Of several who do so at once, each takes rows of its own."""

from typing import Any

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from db.engine import Database
from db.statements import Statement
from db.tables import announcement
from domain.announcements import Topic

CHANNEL = "influents"
"""The one that processes listen on."""
LONGEST = 7_900
"""Bytes in one message at most: what carries them between processes takes 8,000."""
AT_ONCE = LONGEST // max(len(f"{topic} {'subject':32} {'event':32}\n") for topic in Topic)
"""As many as one message holds, however long each is."""


def _taken() -> sa.CTE:
    """By where they lie: what is looked for otherwise is all that was ever there since the table was cleared up."""
    row = announcement.c
    lies: sa.ColumnClause[Any] = sa.literal_column("ctid")  # Any: a place, which SQLAlchemy has no type for
    oldest = (
        sa.select(lies)
        .select_from(announcement)
        .order_by(row.announced_at, row.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
        .correlate(None)
        .scalar_subquery()
    )
    taken = sa.delete(announcement).where(lies == sa.any_(sa.func.array(oldest)))
    return taken.returning(row.topic, row.subject, row.event_id, row.announced_at).cte("taken")


def _passed_on() -> sa.Select[Any, str]:
    """Takes and tells: nothing is lost on the way. Any: how many, which the database answers as a decimal."""
    taken = _taken().c
    subject, event = (sa.func.replace(sa.cast(each, sa.Text), "-", "") for each in (taken.subject, taken.event_id))
    line = sa.func.concat_ws(" ", taken.topic, subject, event).label("line")  # as `domain.announcements.read` reads it
    times, first = sa.func.count().label("times"), sa.func.min(taken.announced_at).label("first")
    lines = sa.select(line, times, first).group_by(line).subquery("lines").c
    message = sa.func.string_agg(lines.line, aggregate_order_by(sa.literal("\n"), lines.first))
    told = sa.cast(sa.func.pg_notify(CHANNEL, message), sa.Text)
    return sa.select(sa.func.sum(lines.times).label("number"), told).having(sa.func.count() > 0)


_PASS_ON = Statement(_passed_on(), asyncpg.Record)


async def pass_on(database: Database) -> bool:
    """Take the oldest announcements, and tell them to all who listen, each once; whether there may be more.

    It is one statement, and with that a unit of work by itself.
    """
    taken = await database.at_once(_PASS_ON, {})
    return taken is not None and taken["number"] == AT_ONCE
