"""What citizens' ledgers rest on, a range of citizens at a time."""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import Database
from db.queries.ledger import read_entry
from db.tables import account, citizen, citizen_total, event, ledger_entry, participation, skill_holding
from domain.audit import AuditedEvent, CitizenFacts, KeptEntry, TookPart
from domain.events import EventStatus
from domain.ids import CitizenId, EventId, ParticipationId
from domain.influence import Totals
from domain.participations import ParticipationStatus
from domain.points import ScoredEvent, Span
from domain.skills import Holding
from domain.words import ThemeCode

RANGE = 500
"""Citizens at a time: what is held in memory at once."""
STATEMENT = "60s"
"""What one statement may take here: nobody waits for it."""


@asynccontextmanager
async def snapshot(database: Database) -> AsyncIterator[AsyncSession]:
    """One consistent view of everything, that nothing can be written in."""
    reading = database.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    async with AsyncSession(reading) as session, session.begin():
        await session.execute(sa.text(f"SET LOCAL statement_timeout = '{STATEMENT}'"))
        yield session


async def citizens(session: AsyncSession) -> int:
    """How many there are, those whose account is gone included."""
    return await session.scalar(sa.select(sa.func.count()).select_from(citizen)) or 0


async def facts_after(session: AsyncSession, last: CitizenId | None) -> Sequence[CitizenFacts]:
    """The facts of the next range of citizens in the order of their ids; none where `last` was the last."""
    beyond = sa.true() if last is None else citizen.c.id > last
    found = sa.select(citizen.c.id, account.c.citizen_id.is_not(None).label("known"))
    found = found.outerjoin(account, account.c.citizen_id == citizen.c.id).where(beyond)
    known = {
        CitizenId(row.id): bool(row.known) for row in await session.execute(found.order_by(citizen.c.id).limit(RANGE))
    }
    if not known:
        return ()
    first, until = min(known), max(known)
    return await _facts(session, known, first, until)


async def _facts(
    session: AsyncSession, known: dict[CitizenId, bool], first: CitizenId, until: CitizenId
) -> Sequence[CitizenFacts]:
    entries: dict[CitizenId, list[KeptEntry]] = defaultdict(list)
    whole = sa.select(ledger_entry, sa.null().label("event_title"), sa.false().label("redacted"))
    whole = whole.where(ledger_entry.c.citizen_id.between(first, until))
    for row in await session.execute(whole.order_by(ledger_entry.c.citizen_id, ledger_entry.c.number)):
        entries[row.citizen_id].append(KeptEntry(read_entry(row), row.attempt))
    took_part: dict[CitizenId, dict[EventId, TookPart]] = defaultdict(dict)
    places = sa.select(
        participation.c.citizen_id, participation.c.event_id, participation.c.id, participation.c.status
    ).where(participation.c.citizen_id.between(first, until))
    for row in await session.execute(places):
        took_part[row.citizen_id][EventId(row.event_id)] = TookPart(ParticipationId(row.id), row.status)
    holdings: dict[CitizenId, list[Holding]] = defaultdict(list)
    for row in await session.execute(sa.select(skill_holding).where(skill_holding.c.citizen_id.between(first, until))):
        holdings[row.citizen_id].append(Holding(row.theme, row.acquired_at, row.lost_at))
    sums = sa.select(citizen_total).where(citizen_total.c.citizen_id.between(first, until))
    totals = {row.citizen_id: Totals(row.points, row.earned_points, row.entries) for row in await session.execute(sums)}
    events = await _events(session, first, until)
    return [
        CitizenFacts(
            citizen_id=each,
            has_account=has_account,
            entries=entries[each],
            participations=took_part[each],
            events=events,
            holdings=holdings[each],
            totals=totals.get(each),
        )
        for each, has_account in known.items()
    ]


async def _events(session: AsyncSession, first: CitizenId, until: CitizenId) -> dict[EventId, AuditedEvent]:
    """What those citizens attended, and whatever else their entries name."""
    named = sa.select(ledger_entry.c.event_id).where(
        ledger_entry.c.citizen_id.between(first, until), ledger_entry.c.event_id.is_not(None)
    )
    attended = sa.select(participation.c.event_id).where(
        participation.c.citizen_id.between(first, until), participation.c.status == ParticipationStatus.ATTENDED
    )
    columns = sa.select(
        event.c.id,
        event.c.starts_at,
        event.c.ends_at,
        event.c.effort_minutes,
        event.c.engagement,
        event.c.themes,
        event.c.by_verified,
        event.c.proposer_id,
        event.c.organization_id,
        event.c.status,
        event.c.annulled_at,
        event.c.updated_at,
    )
    return {
        row.id: AuditedEvent(
            scored=ScoredEvent(
                id=row.id,
                span=Span(row.starts_at, row.ends_at),
                effort_minutes=row.effort_minutes,
                engagement=row.engagement,
                themes=tuple(map(ThemeCode, row.themes)),
                counted_organizer=None if row.by_verified else row.proposer_id,
            ),
            organizer_id=row.proposer_id if row.organization_id is None else None,
            called_off=row.status == EventStatus.CANCELLED or row.annulled_at is not None,
            updated_at=row.updated_at,
        )
        for row in await session.execute(columns.where(event.c.id.in_(named.union(attended))))
    }
