"""What feeds of events tell besides the events."""

from datetime import datetime

from db.queries import feeds as queries
from resolvers.context import Context


async def last_change(ctx: Context) -> datetime | None:
    """When something changed last that a list of events may show, or showed until then."""
    async with ctx.reading() as session:
        return await queries.last_change(session)
