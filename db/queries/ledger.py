"""The ledger as the asker may see it: what a citizen doesn't list shows to others as points alone."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from db.narrowing import Shown
from db.paging import KEY, Order, Ownership, Row
from db.queries.grouping import by_question
from db.questions import Select, Source, listing, question
from db.reading import Reader
from db.rows import Composed, read_as
from db.tables import citizen, event, ledger_entry, participation
from db.visibility import citizen_visible
from domain.citizens import Viewer
from domain.ids import CitizenId, LedgerEntryId
from domain.ledger import LedgerEntry
from domain.paging import Page, Window
from domain.permissions import Caller, person
from domain.points import Computation

NEWEST = Order((ledger_entry.c.number,), descending=True)
BY_CITIZEN: Ownership[CitizenId] = Ownership(KEY, lambda citizen_id: ledger_entry.c.citizen_id == citizen_id)
COMPUTED = tuple(field.name for field in fields(Computation))
ALWAYS_SHOWN = ("id", "citizen_id", "number", "kind", "points", "balance", "policy_version", "reverses_id")
FIRST_OF_MONTH = sa.func.date_trunc("month", ledger_entry.c.occurred_at, "Europe/Paris")


def shown_entries(asker: Viewer | None) -> sa.Select[Any]:
    """Entries of citizens the asker may see; `redacted` where the participation behind isn't listed and not theirs."""
    others = sa.true() if asker is None else ledger_entry.c.citizen_id != asker.citizen_id
    hidden = sa.and_(others, participation.c.listed.is_(False))
    instead = {"base_points": ledger_entry.c.points, "multiplier": Decimal(1), "occurred_at": FIRST_OF_MONTH}
    columns = [
        column
        if column.name in ALWAYS_SHOWN
        else sa.case((hidden, instead.get(column.name, sa.null())), else_=column).label(column.name)
        for column in ledger_entry.c
    ]
    return (
        sa.select(
            *columns,
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
        base_points=row.base_points,
        multiplier=row.multiplier,
        points=row.points,
        balance=row.balance,
        event_id=row.event_id,
        participation_id=row.participation_id,
        theme=row.theme,
        computation=_computation(row.redacted, *(getattr(row, name) for name in COMPUTED)),
        reverses_id=row.reverses_id,
        policy_version=row.policy_version,
        event_title=row.event_title,
        redacted=row.redacted,
    )


def _computation(redacted: bool, *computed: Any) -> Computation | None:
    return None if redacted else Computation(**dict(zip(COMPUTED, computed, strict=True)))


LedgerRow = read_as(LedgerEntry, computation=Composed(_computation, "redacted", *COMPUTED))


@question(LedgerRow, read_entry)
def _by_id(asker: Caller) -> Select:
    return shown_entries(person(asker)).where(ledger_entry.c.id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(KEY))))


async def by_id(
    source: Source, asker: Viewer | None, ids: Sequence[LedgerEntryId], shown: Shown = None
) -> Mapping[LedgerEntryId, LedgerEntry]:
    return {each.id: each for each in await _by_id.ask(source, asker, ids=ids, shown=shown)}


@listing(LedgerRow, owned=BY_CITIZEN, order=NEWEST)
def _of_citizens(asker: Caller) -> Select:
    return shown_entries(person(asker))


async def of_citizens(
    reader: Reader, asker: Viewer | None, keys: Sequence[tuple[CitizenId, Window]]
) -> Mapping[tuple[CitizenId, Window], Page[LedgerEntry]]:
    """Ledgers, the newest entry first."""
    found: dict[tuple[CitizenId, Window], Page[LedgerEntry]] = {}
    for window, citizens in by_question(keys, lambda key: (key[1], key[0])):
        pages = await _of_citizens.pages(reader, asker, citizens, window)
        found |= {(citizen_id, window): page for citizen_id, page in pages.items()}
    return found


async def totals_of_citizens(reader: Reader, asker: Viewer | None, ids: Sequence[CitizenId]) -> Mapping[CitizenId, int]:
    return await _of_citizens.totals(reader, asker, ids)
