"""What was counted of territories."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import territory_tally
from domain.statistics import Tally
from domain.words import ThemeCode

EVERYWHERE, ALL_THEMES = "", ""


async def tallies(session: AsyncSession, codes: Sequence[str]) -> Mapping[str, Sequence[Tally]]:
    """The counts of each territory, and of everywhere: all themes first, then one by one."""
    table = territory_tally
    rows = await session.execute(
        sa.select(table).where(table.c.territory_code.in_(codes)).order_by(table.c.territory_code, table.c.theme)
    )
    found: dict[str, list[Tally]] = defaultdict(list)
    for row in rows:
        tally = Tally(
            theme=ThemeCode(row.theme) if row.theme else None,
            citizens=row.citizens,
            events=row.events,
            upcoming_events=row.upcoming_events,
            organizations=row.organizations,
            attendances=row.attendances,
            people=row.people,
            minutes=row.minutes,
            counted_at=row.counted_at,
        )
        found[row.territory_code].append(tally)
    return found
