"""Points over time, as the asker may see them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from db.paging import KEY
from db.queries.grouping import by_question
from db.queries.ledger import shown_entries
from db.questions import Select, Source, question
from db.tables import ledger_entry
from domain.citizens import Viewer
from domain.ids import CitizenId
from domain.ledger import LedgerKind
from domain.permissions import Caller, person
from domain.timeline import BucketSums, TimelineInterval


class TimelineOf(NamedTuple):
    """A question: the buckets of a citizen's ledger, in a time zone."""

    citizen_id: CitizenId
    interval: TimelineInterval
    time_zone: str


@question()
def _sums(asker: Caller, interval: TimelineInterval) -> Select:
    asked = sa.bindparam("citizens", type_=sa.ARRAY(KEY))
    zone = sa.bindparam("zone", type_=sa.Text())
    shown = shown_entries(person(asker)).where(ledger_entry.c.citizen_id == sa.any_(asked)).subquery("shown")
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


async def bucket_sums(
    source: Source, asker: Viewer | None, keys: Sequence[TimelineOf]
) -> Mapping[TimelineOf, Sequence[BucketSums]]:
    """What was recorded in each bucket that is not empty; one statement for all citizens asked for alike."""
    found: dict[TimelineOf, list[BucketSums]] = defaultdict(list)
    for (interval, zone), citizens in by_question(keys, lambda key: (key[1:], key.citizen_id)):
        for row in await _sums.ask(source, asker, interval, citizens=citizens, zone=zone):
            sums = BucketSums(row["start"], row["points"], row["participations"], row["redacted"])
            found[TimelineOf(row["citizen_id"], interval, zone)].append(sums)
    return found
