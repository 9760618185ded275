"""Everything that is held on a person, for that person alone."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.personal import HELD, Held
from db.tables import event
from domain.ids import CitizenId

Rows = Sequence[Mapping[str, Any]]  # Any: a value a column


async def everything(session: AsyncSession, citizen_id: CitizenId) -> dict[str, Rows]:
    """What each table holds on a citizen, by the name of its section, without secrets.

    `eventsNamed` says what the events are that the rest names by their ids.
    """
    found: dict[str, Rows] = {}
    for held in HELD:
        if held.section is not None:
            rows = await session.execute(_of(held, citizen_id))
            found[held.section] = [dict(row) for row in rows.mappings()]
    named = {row["event_id"] for rows in found.values() for row in rows if row.get("event_id") is not None}
    about = sa.select(event.c.id, event.c.slug, event.c.title, event.c.starts_at).where(event.c.id.in_(named))
    events = await session.execute(about.order_by(event.c.starts_at, event.c.id))
    found["eventsNamed"] = [dict(row) for row in events.mappings()]
    return found


def _of(held: Held, citizen_id: CitizenId) -> sa.Select[Any]:
    hidden = {held.owner.name, *held.secret} - {"id"}
    shown = [column for column in held.table.c if column.name not in hidden]
    return sa.select(*shown).where(held.owner == citizen_id).order_by(*held.table.primary_key.columns)
