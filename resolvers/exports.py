"""A copy of everything that is held on a person, for them to take away."""

from collections.abc import Mapping, Sequence
from typing import Any

from db.queries import exports
from domain.permissions import signed_in
from resolvers.context import Context
from resolvers.recency import check_recent

Export = Mapping[str, Sequence[Mapping[str, Any]]]  # Any: a value a column


async def data_export(ctx: Context) -> Export:
    """Everything held on the viewer, by section. What they said anonymously isn't known to be theirs.

    Raises:
        SignInAgain: the session was opened more than 10 minutes ago.
    """
    viewer = signed_in(ctx.caller)
    async with ctx.reading() as session:
        await check_recent(session, viewer, now=ctx.now())
        return await exports.everything(session, viewer.citizen_id)
