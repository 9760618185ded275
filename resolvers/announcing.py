"""Passing on what changed to all processes; whoever watches there looks again."""

from db.writes import announcements as writes
from resolvers.context import Services

AT_ONCE = 1_000


async def pass_on(services: Services) -> bool:
    """Pass on what changed, the oldest first; whether there may be more. Several at once do nothing twice."""
    async with services.database.unit_of_work() as work:
        return await writes.pass_on(work, limit=AT_ONCE) == AT_ONCE
