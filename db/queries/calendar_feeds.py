"""Citizens' own calendars: whose an address is, and whether there is one."""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.queries.accounts import read_viewer, viewers
from db.questions import Select, question
from db.reading import Reader
from db.tables import account, calendar_feed
from domain.calendar_feeds import CalendarFeed
from domain.citizens import Viewer
from domain.ids import CitizenId
from domain.permissions import Caller


@question()
def _owner(_: Caller) -> Select:
    rows = viewers().join(calendar_feed, calendar_feed.c.citizen_id == account.c.citizen_id)
    return rows.where(calendar_feed.c.fingerprint == sa.bindparam("its_fingerprint"))


async def owner(reader: Reader, fingerprint: bytes) -> Viewer | None:
    """Whose calendar an address is, unless they are suspended: one statement, so that its end counts at once."""
    found = await _owner.ask(reader, None, its_fingerprint=fingerprint)
    return read_viewer(found[0]) if found else None


async def of_citizen(session: AsyncSession, citizen_id: CitizenId) -> CalendarFeed | None:
    """That a citizen has a calendar, and since when at its address."""
    found = sa.select(calendar_feed.c.renewed_at).where(calendar_feed.c.citizen_id == citizen_id)
    renewed_at = await session.scalar(found)
    return None if renewed_at is None else CalendarFeed(renewed_at)
