"""Citizens' own calendars: given an address, given another, taken away."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from db.tables import calendar_feed
from db.work import Work
from domain.ids import CitizenId


async def renew(work: Work, citizen_id: CitizenId, *, fingerprint: bytes, now: datetime) -> None:
    """Another address in the place of the one there was, or a first."""
    values = {"fingerprint": fingerprint, "renewed_at": now}
    added = insert(calendar_feed).values(citizen_id=citizen_id, **values)
    await work.execute(added.on_conflict_do_update(index_elements=["citizen_id"], set_=values))


async def end(work: Work, citizen_id: CitizenId) -> None:
    """No address leads there any more."""
    await work.execute(sa.delete(calendar_feed).where(calendar_feed.c.citizen_id == citizen_id))
