"""Passing on what changed to all processes; whoever watches there looks again."""

from db.writes import announcements as writes
from resolvers.context import Services


async def pass_on(services: Services) -> bool:
    """Pass on what changed, the oldest first; whether there may be more. Several at once do nothing twice."""
    return await writes.pass_on(services.database)
