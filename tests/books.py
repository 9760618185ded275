"""Looks into the ledger as it is kept, past every query: do the books balance, and do the facts come to the same?"""

import sqlalchemy as sa

from db.engine import Database
from db.queries import ledger
from db.queries.awards import counted_organizer
from db.queries.events import SECRETS, read_event
from db.rows import value_of
from db.tables import citizen_total, event, ledger_entry, participation
from domain.citizens import Viewer
from domain.ids import CitizenId
from domain.ledger import LedgerEntry
from domain.paging import Window
from domain.policy import Policies
from domain.replay import Assessed, Attended, Replayed, replay


async def assert_balanced(database: Database) -> None:
    """Numbers without a gap, balances that follow, and totals that are the sums: for everybody."""
    entry, running = ledger_entry.c, sa.func.sum(ledger_entry.c.points)
    earned = sa.case((entry.kind == "SELF_ASSESSMENT", 0), else_=entry.points)
    number = sa.func.row_number().over(partition_by=entry.citizen_id, order_by=entry.number)
    entries = sa.select(
        entry.citizen_id,
        (entry.balance == running.over(partition_by=entry.citizen_id, order_by=entry.number)).label("balanced"),
        (entry.number == number).label("counted"),
    )
    sums = sa.select(
        entry.citizen_id,
        sa.func.sum(entry.points).label("points"),
        sa.func.sum(earned).label("earned"),
        sa.func.count().label("entries"),
    ).group_by(entry.citizen_id)
    async with database.reading() as session:
        assert all(row.balanced and row.counted for row in await session.execute(entries))
        summed = {row.citizen_id: (row.points, row.earned, row.entries) for row in await session.execute(sums)}
        totals = {
            row.citizen_id: (row.points, row.earned_points, row.entries)
            for row in await session.execute(sa.select(citizen_total).where(citizen_total.c.entries > 0))
        }
    assert totals == summed


async def entries(database: Database, of: Viewer) -> list[LedgerEntry]:
    """A citizen's whole ledger as they see it, the first entry first."""
    window = Window(1_000)
    found = await ledger.of_citizens(database.reader, of, [(of.citizen_id, window)])
    return [value_of(LedgerEntry, placed.item) for placed in reversed(found[of.citizen_id, window].items)]


async def attendances(database: Database, of: CitizenId) -> list[Attended]:
    """The facts that a citizen's awards rest on, in the order in which they were recorded."""
    facts = (
        sa.select(
            *(column for column in event.c if column.name not in SECRETS),
            counted_organizer().label("organizer"),
            participation.c.attended_at,
        )
        .join(participation, participation.c.event_id == event.c.id)
        .join(ledger_entry, ledger_entry.c.participation_id == participation.c.id)
        .where(participation.c.citizen_id == of, participation.c.status == "ATTENDED")
        .order_by(ledger_entry.c.number)
    )
    async with database.reading() as session:
        return [
            Attended(event=read_event(row).scored(), organizer=row.organizer, recorded_at=row.attended_at)
            for row in await session.execute(facts)
        ]


async def assert_replayed(
    database: Database, of: Viewer, *, policies: Policies, level: int | None = None
) -> list[LedgerEntry]:
    """The facts of a citizen who only took part come to their ledger, entry by entry. The ledger comes back."""
    kept = await entries(database, of)
    facts = await attendances(database, of.citizen_id)
    assessed = [] if level is None else [Assessed(level=level, recorded_at=kept[0].occurred_at)]
    again = replay([*assessed, *facts], policies=policies)
    assert [told(each) for each in kept] == [retold(each) for each in again]
    return kept


def told(entry: LedgerEntry) -> tuple[object, ...]:
    """All that an entry says and a replay does, to be compared."""
    return (
        entry.number,
        entry.kind,
        entry.event_id,
        entry.occurred_at,
        entry.base_points,
        entry.multiplier,
        entry.points,
        entry.balance,
        entry.theme,
        entry.computation,
        entry.policy_version,
    )


def retold(entry: Replayed) -> tuple[object, ...]:
    """The same of a replayed one."""
    award = entry.numbered.award
    return (
        entry.numbered.number,
        entry.kind,
        entry.event_id,
        entry.occurred_at,
        award.base_points,
        award.multiplier,
        award.points,
        entry.numbered.balance,
        award.skill_theme,
        award.computation,
        award.policy_version,
    )
