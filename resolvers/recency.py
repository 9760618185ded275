"""Whether somebody signed in a short while ago: for what a stolen session must not take away."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from db.queries import accounts
from domain.account_changes import RECENT_SIGN_IN, SignInAgain
from domain.citizens import Viewer


async def check_recent(session: AsyncSession, viewer: Viewer, *, now: datetime) -> None:
    """Whether the viewer's session was opened within the last 10 minutes.

    Raises:
        SignInAgain: it is older, or they are known by another issuer's token.
    """
    open_sessions = await accounts.live_sessions(session, viewer.citizen_id, now=now)
    if not any(each.id == viewer.session_id and now - each.created_at <= RECENT_SIGN_IN for each in open_sessions):
        raise SignInAgain
