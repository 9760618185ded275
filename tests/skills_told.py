"""Skills since when others are told of them, what that rests on, and whether it is right."""

from dataclasses import dataclass
from datetime import datetime
from itertools import count
from uuid import UUID

import sqlalchemy as sa

from db.engine import Database
from db.models import LedgerEntry, SkillHolding
from db.tables import participation, skill_holding
from db.work import Work
from domain.ids import CitizenId
from domain.participations import AttendanceEvidence, ParticipationStatus
from domain.skills import SkillSource
from domain.words import ThemeCode
from tests.clock import START
from tests.rows import citizen_row, entry_row, event_row, keep, participation_row

CULTURE = ThemeCode.CULTURE
WRONG = sa.text("""
    SELECT count(*) FROM skill_holding skill WHERE told_at IS DISTINCT FROM CASE WHEN EXISTS (
        SELECT FROM ledger_entry entry
        JOIN participation ON participation.citizen_id = entry.citizen_id AND participation.id = entry.participation_id
        WHERE entry.citizen_id = skill.citizen_id AND entry.occurred_at = skill.acquired_at AND NOT participation.listed
    ) THEN date_trunc('month', acquired_at, 'Europe/Paris') ELSE acquired_at END
""")
"""Skills of which something else is kept than what the rule says."""
DATED = sa.select(skill_holding.c.told_at == skill_holding.c.acquired_at)
NUMBERS = count(1)
"""Of entries."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """A citizen, and where they were."""

    id: CitizenId
    places: list[UUID]


async def somebody(database: Database, *listed: bool) -> Somebody:
    """Somebody who was at so many events, and which of these they list."""
    row = citizen_row()
    await keep(database, row)
    events = [event_row(row.id) for _ in listed]
    await keep(database, *events)
    there = {"status": ParticipationStatus.ATTENDED, "attended_at": START, "evidence": AttendanceEvidence.ORGANIZER}
    places = [
        participation_row(row.id, event.id, listed=each, **there) for event, each in zip(events, listed, strict=True)
    ]
    await keep(database, *places)
    return Somebody(CitizenId(row.id), [each.id for each in places])


def award(of: Somebody, place: int, at: datetime) -> LedgerEntry:
    """What they are given for having been somewhere."""
    return entry_row(of.id, next(NUMBERS), participation_id=of.places[place], occurred_at=at)


async def list_on_profile(work: Work, place: UUID, *, listed: bool) -> None:
    await work.execute(sa.update(participation).where(participation.c.id == place).values(listed=listed))


def recognized(of: Somebody, at: datetime, *, told_at: datetime | None = None) -> SkillHolding:
    """A skill that an organisation gave them."""
    source = SkillSource.RECOGNITION
    return SkillHolding(citizen_id=of.id, theme=CULTURE, source=source, acquired_at=at, told_at=told_at)


async def dated(database: Database) -> bool:
    """Whether the day of the one skill that there is is told; it is what the rule says."""
    async with database.reading() as session:
        assert await session.scalar(WRONG) == 0
        return bool((await session.scalars(DATED)).one())
