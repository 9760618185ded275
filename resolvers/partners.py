"""Partners' systems: known by the tokens of their organisations."""

from db.queries import partners as queries
from db.writes import members as writes
from domain.api_tokens import SECRET_PREFIX, seen_anew
from resolvers.context import Context
from resolvers.tokens import fingerprint


def is_api_token(token: str) -> bool:
    """Whether it looks like a token of an organisation, rather than like an access token of a person."""
    return token.startswith(SECRET_PREFIX)


async def authenticate(ctx: Context, secret: str) -> bool:
    """Make the system that a token stands for the one who asks; False where it stands for none that may."""
    now = ctx.now()
    async with ctx.reading() as session:
        found = await queries.presented(session, fingerprint(secret), now=now)
    if found is None:
        return False
    ctx.become_partner(found.partner)
    if seen_anew(found.last_used_at, now=now):
        async with ctx.unit_of_work() as work:
            await writes.mark_seen(work, found.partner.token_id, now=now)
    return True
