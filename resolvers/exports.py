"""A copy of everything that is held on a person, for them to take away."""

from collections.abc import Mapping, Sequence
from typing import Any

from db.queries import accounts, exports
from domain.account_changes import RECENT_SIGN_IN, SignInAgain
from domain.permissions import signed_in
from resolvers.context import Context

Export = Mapping[str, Sequence[Mapping[str, Any]]]  # Any: a value a column


async def data_export(ctx: Context) -> Export:
    """Everything held on the viewer, by section. What they said anonymously isn't known to be theirs.

    Raises:
        SignInAgain: the session was opened more than 10 minutes ago.
    """
    viewer = signed_in(ctx.caller)
    now = ctx.now()
    async with ctx.reading() as session:
        open_sessions = await accounts.live_sessions(session, viewer.citizen_id, now=now)
        if not any(s.id == viewer.session_id and now - s.created_at <= RECENT_SIGN_IN for s in open_sessions):
            raise SignInAgain
        return await exports.everything(session, viewer.citizen_id)
