"""The ledger as the asker may see it: what a citizen doesn't list shows to others as points alone."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.paging import KEY, Order, Ownership, Row, counts, pages
from db.tables import citizen, event, ledger_entry, participation
from db.visibility import citizen_visible
from domain.citizens import Viewer
from domain.ids import CitizenId, LedgerEntryId
from domain.ledger import LedgerEntry
from domain.paging import Page, Window
from domain.points import Computation

NEWEST = Order((ledger_entry.c.number,), descending=True)
BY_CITIZEN: Ownership[CitizenId] = Ownership(KEY, lambda citizen_id: ledger_entry.c.citizen_id == citizen_id)
ALWAYS_SHOWN = ("id", "citizen_id", "number", "kind", "points", "balance", "policy_version", "reverses_id")
FIRST_OF_MONTH = sa.func.date_trunc("month", ledger_entry.c.occurred_at, "Europe/Paris")


def shown_entries(asker: Viewer | None) -> sa.Select[Any]:
    """Entries of citizens the asker may see; `redacted` where the participation behind isn't listed and not theirs."""
    others = sa.true() if asker is None else ledger_entry.c.citizen_id != asker.citizen_id
    hidden = sa.and_(others, participation.c.listed.is_(False))
    columns = [
        column if column.name in ALWAYS_SHOWN else sa.case((hidden, sa.null()), else_=column).label(column.name)
        for column in ledger_entry.c
        if column.name != "occurred_at"
    ]
    return (
        sa.select(
            *columns,
            sa.case((hidden, FIRST_OF_MONTH), else_=ledger_entry.c.occurred_at).label("occurred_at"),
            sa.case((hidden, sa.null()), else_=event.c.title).label("event_title"),
            sa.func.coalesce(hidden, sa.false()).label("redacted"),
        )
        .join(citizen, citizen.c.id == ledger_entry.c.citizen_id)
        .outerjoin(
            participation,
            (participation.c.citizen_id == ledger_entry.c.citizen_id)
            & (participation.c.id == ledger_entry.c.participation_id),
        )
        .outerjoin(event, event.c.id == ledger_entry.c.event_id)
        .where(citizen_visible(asker))
    )


def read_entry(row: Row) -> LedgerEntry:
    return LedgerEntry(
        id=row.id,
        citizen_id=row.citizen_id,
        number=row.number,
        kind=row.kind,
        occurred_at=row.occurred_at,
        base_points=row.points if row.redacted else row.base_points,
        multiplier=Decimal(1) if row.redacted else row.multiplier,
        points=row.points,
        balance=row.balance,
        event_id=row.event_id,
        participation_id=row.participation_id,
        theme=row.theme,
        computation=None if row.redacted else _computation(row),
        reverses_id=row.reverses_id,
        policy_version=row.policy_version,
        event_title=row.event_title,
        redacted=row.redacted,
    )


def _computation(row: Row) -> Computation:
    return Computation(
        stars=row.stars,
        minutes=row.minutes,
        skill_factor=row.skill_factor,
        repeat_factor=row.repeat_factor,
        repeats=row.repeats,
        overlapping=row.overlapping,
        reason=row.reason,
    )


async def by_id(
    session: AsyncSession, asker: Viewer | None, ids: Sequence[LedgerEntryId]
) -> Mapping[LedgerEntryId, LedgerEntry]:
    rows = await session.execute(shown_entries(asker).where(ledger_entry.c.id.in_(ids)))
    return {row.id: read_entry(row) for row in rows}


async def of_citizens(
    session: AsyncSession, asker: Viewer | None, keys: Sequence[tuple[CitizenId, Window]]
) -> Mapping[tuple[CitizenId, Window], Page[LedgerEntry]]:
    """Ledgers, the newest entry first."""
    found: dict[tuple[CitizenId, Window], Page[LedgerEntry]] = {}
    for window in {window for _, window in keys}:
        answer = await pages(
            session,
            shown_entries(asker),
            owned=BY_CITIZEN,
            keys=[citizen_id for citizen_id, asked in keys if asked == window],
            order=NEWEST,
            window=window,
            read=read_entry,
        )
        found |= {(citizen_id, window): page for citizen_id, page in answer.items()}
    return found


async def totals_of_citizens(
    session: AsyncSession, asker: Viewer | None, ids: Sequence[CitizenId]
) -> Mapping[CitizenId, int]:
    return await counts(session, shown_entries(asker), owned=BY_CITIZEN, keys=ids)
