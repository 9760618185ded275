"""Rows of an agenda to import, and what became of them."""

import sqlalchemy as sa

from db.tables import event as event_table
from domain.events import Event, EventStatus
from domain.filters import EventFilter, EventOrder
from domain.imports import ImportedEvent
from domain.paging import Window
from domain.refusals import Refusal
from resolvers import events
from resolvers.context import Context, Services
from resolvers.imports import ImportReport
from tests.factories import Town
from tests.samples import refused


def row(town: Town, external_id: str = "a", *, cancelled: bool = False, **changes: object) -> ImportedEvent:
    """The Barcamp Datajournalisme in a week, in the agenda of somebody else."""
    return ImportedEvent(external_id=external_id, details=town.details(**changes), cancelled=cancelled)


async def found(asker: Context, external_id: str = "a") -> Event | None:
    """An event as somebody sees it, whatever its status."""
    asker.look_again()
    where = EventFilter(external_ids=(external_id,), statuses=tuple(EventStatus))
    page = await events.events(asker, where, order=EventOrder.STARTS_AT_ASC, window=Window(limit=2))
    assert len(page.items) <= 1
    return page.items[0].item if page.items else None


async def kept(services: Services) -> int:
    """How many events there are."""
    async with services.database.reading() as session:
        return await session.scalar(sa.select(sa.func.count()).select_from(event_table)) or 0


def reasons(report: ImportReport) -> dict[str, list[tuple[type[Refusal], tuple[str, ...]]]]:
    """Why rows were refused, by external id."""
    return {each.external_id: refused(each.refusals) for each in report.refused}
