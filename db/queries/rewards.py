"""What a citizen's next award rests on: the skills they held and hold, and the awards that stand."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.queries.awards import current_award
from db.tables import event, ledger_entry, skill_holding
from domain.ids import CitizenId, EventId
from domain.points import EarlierAward, Span
from domain.rewards import Past
from domain.skills import Holding


async def pasts(session: AsyncSession, ids: Sequence[CitizenId]) -> Mapping[CitizenId, Past]:
    """All of it at once, for any number of events to come. Ask the domain first who may know."""
    holdings: dict[CitizenId, list[Holding]] = defaultdict(list)
    held = sa.select(skill_holding).where(skill_holding.c.citizen_id.in_(ids))
    for row in await session.execute(held.order_by(skill_holding.c.acquired_at, skill_holding.c.theme)):
        holdings[row.citizen_id].append(Holding(row.theme, row.acquired_at, row.lost_at))
    awards: dict[CitizenId, dict[EventId, EarlierAward]] = defaultdict(dict)
    award = current_award().where(ledger_entry.c.citizen_id.in_(ids)).subquery("award")
    columns = (event.c.id, event.c.starts_at, event.c.ends_at, event.c.by_verified, event.c.proposer_id)
    given = sa.select(award.c.citizen_id, *columns).join(award, award.c.event_id == event.c.id)
    for row in await session.execute(given):
        counted = None if row.by_verified else row.proposer_id
        awards[row.citizen_id][row.id] = EarlierAward(Span(row.starts_at, row.ends_at), counted)
    return {each: Past(tuple(holdings[each]), awards[each]) for each in ids}
