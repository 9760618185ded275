"""What citizens' ledgers rest on, a range of citizens at a time."""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import Database
from db.queries.awards import SCORED, counting, scored_event, standing_award
from db.queries.ledger import read_entry
from db.tables import account, citizen, citizen_total, event, ledger_entry, participation, skill_holding
from domain.events import EventStatus
from domain.facts import CitizenFacts, Crowd, FactualEvent, KeptEntry, TookPart
from domain.ids import CitizenId, EventId, ParticipationId
from domain.influence import Totals
from domain.participations import ParticipationStatus
from domain.skill_periods import Period

RANGE = 500
"""Citizens at a time: what is held in memory at once."""
STATEMENT = "60s"
"""What one statement may take here: nobody waits for it."""

EVENT_COLUMNS = (*SCORED, "organization_id", "status", "annulled_at", "updated_at")
"""All of an event that ledgers rest on."""


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
    place = participation.c
    places = sa.select(place.citizen_id, place.event_id, place.id, place.status, place.attended_at, place.listed)
    for row in await session.execute(places.where(place.citizen_id.between(first, until))):
        of = TookPart(ParticipationId(row.id), row.status, row.attended_at, row.listed)
        took_part[row.citizen_id][EventId(row.event_id)] = of
    periods: dict[CitizenId, list[Period]] = defaultdict(list)
    held = sa.select(skill_holding).where(skill_holding.c.citizen_id.between(first, until))
    for row in await session.execute(held.order_by(skill_holding.c.acquired_at, skill_holding.c.theme)):
        periods[row.citizen_id].append(
            Period(
                theme=row.theme,
                source=row.source,
                acquired_at=row.acquired_at,
                lost_at=row.lost_at,
                recognized_by=row.recognized_by,
                reason=row.reason,
                told_at=row.told_at,
            )
        )
    crowds = await _crowds(session, first, until)
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
            crowds=crowds[each],
            periods=periods[each],
            totals=totals.get(each),
        )
        for each, has_account in known.items()
    ]


async def _crowds(
    session: AsyncSession, first: CitizenId, until: CitizenId
) -> Mapping[CitizenId, Mapping[EventId, Crowd]]:
    """Who was there at what those citizens organised in their own name, and which took place."""
    award, (counted, erased) = standing_award(), counting(event.c.proposer_id)
    attended = (award.c.citizen_id == participation.c.citizen_id) & (award.c.event_id == event.c.id)
    rows = await session.execute(
        sa.select(event.c.proposer_id, event.c.id, counted.label("counted"), erased.label("erased"))
        .join(participation, participation.c.event_id == event.c.id)
        .join(award, attended)
        .outerjoin(account, account.c.citizen_id == participation.c.citizen_id)
        .where(_organized(first, until))
        .group_by(event.c.proposer_id, event.c.id)
    )
    found: dict[CitizenId, dict[EventId, Crowd]] = defaultdict(dict)
    for row in rows:
        found[row.proposer_id][row.id] = Crowd(row.counted, row.erased)
    return found


def _organized(first: CitizenId, until: CitizenId) -> sa.ColumnElement[bool]:
    own = event.c.organization_id.is_(None) & event.c.proposer_id.between(first, until)
    return own & (event.c.status == EventStatus.COMPLETED) & event.c.annulled_at.is_(None)


async def _events(session: AsyncSession, first: CitizenId, until: CitizenId) -> dict[EventId, FactualEvent]:
    """What those citizens attended and organised, and whatever else their entries name."""
    named = sa.select(ledger_entry.c.event_id).where(
        ledger_entry.c.citizen_id.between(first, until), ledger_entry.c.event_id.is_not(None)
    )
    attended = sa.select(participation.c.event_id).where(
        participation.c.citizen_id.between(first, until), participation.c.status == ParticipationStatus.ATTENDED
    )
    organized = sa.select(event.c.id).where(_organized(first, until))
    columns = sa.select(*(event.c[name] for name in EVENT_COLUMNS))
    return {
        row.id: FactualEvent(
            scored=scored_event(row),
            organizer_id=row.proposer_id if row.organization_id is None else None,
            counted_for_skills=row.organization_id if row.by_verified else row.proposer_id,
            called_off=row.status == EventStatus.CANCELLED or row.annulled_at is not None,
            updated_at=row.updated_at,
        )
        for row in await session.execute(columns.where(event.c.id.in_(named.union(attended, organized))))
    }
