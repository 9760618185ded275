"""What a landing page tells: counted from time to time, since it would take too long to count for each visitor."""

from collections.abc import Sequence
from datetime import timedelta

from db.queries.statistics import EVERYWHERE
from db.writes import statistics as writes
from domain.ids import TerritoryCode
from domain.statistics import Statistics, Tally, statistics
from resolvers.context import Context, Services

FRESH = timedelta(minutes=5)
"""How old counts are when it is worth counting again."""


async def of_territory(ctx: Context, code: TerritoryCode | None) -> tuple[Statistics, Sequence[Statistics]]:
    """Of a territory with what it contains, or of everywhere: all themes together, and each."""
    found = [statistics(tally) for tally in await ctx.loaders.tallies.load(code or EVERYWHERE)]
    whole = next((each for each in found if each.theme is None), statistics(Tally()))
    return whole, [each for each in found if each.theme is not None]


async def count(services: Services) -> bool:
    """Count anew, unless another process is at it or has just done it; whether it was done."""
    async with services.database.unit_of_work() as work:
        return await writes.count_territories(work, now=services.clock(), unless_within=FRESH)
