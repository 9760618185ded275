"""Points over time, as the asker may see them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.queries.ledger import shown_entries
from db.tables import ledger_entry
from domain.citizens import Viewer
from domain.ids import CitizenId
from domain.ledger import LedgerKind
from domain.timeline import BucketSums, TimelineInterval


class TimelineOf(NamedTuple):
    """A question: the buckets of a citizen's ledger, in a time zone."""

    citizen_id: CitizenId
    interval: TimelineInterval
    time_zone: str


async def bucket_sums(
    session: AsyncSession, asker: Viewer | None, keys: Sequence[TimelineOf]
) -> Mapping[TimelineOf, Sequence[BucketSums]]:
    """What was recorded in each bucket that is not empty; one statement for all citizens asked for alike."""
    found: dict[TimelineOf, list[BucketSums]] = defaultdict(list)
    for interval, zone in {key[1:] for key in keys}:
        asked = [key.citizen_id for key in keys if key[1:] == (interval, zone)]
        for row in await session.execute(_sums(asker, asked, interval, zone)):
            sums = BucketSums(row.start, row.points, row.participations, row.redacted)
            found[TimelineOf(row.citizen_id, interval, zone)].append(sums)
    return found


def _sums(
    asker: Viewer | None, citizens: Sequence[CitizenId], interval: TimelineInterval, zone: str
) -> sa.Select[tuple[object, ...]]:
    shown = shown_entries(asker).where(ledger_entry.c.citizen_id.in_(citizens)).subquery("shown")
    reversal = ledger_entry.alias("reversal")
    stands = ~sa.exists().where(reversal.c.citizen_id == shown.c.citizen_id, reversal.c.reverses_id == shown.c.id)
    # What is withheld has the first of its month in Paris, whatever the zone: another would tell which day it was.
    local = sa.func.timezone(sa.case((shown.c.redacted, "Europe/Paris"), else_=zone), shown.c.occurred_at)
    start = sa.cast(sa.func.date_trunc(interval.value.lower(), local), sa.Date).label("start")
    came = (shown.c.kind == LedgerKind.PARTICIPATION) & sa.not_(shown.c.redacted) & stands
    return (
        sa.select(
            shown.c.citizen_id,
            start,
            shown.c.redacted,
            sa.func.sum(shown.c.points).label("points"),
            sa.func.count().filter(came).label("participations"),
        )
        .group_by(shown.c.citizen_id, start, shown.c.redacted)
        .order_by(shown.c.citizen_id, start)
    )
