"""Who is asking."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.api_tokens import TokenScope
from influents.operations.refusing import BadRequest
from resolvers import accounts, identities, partners
from resolvers.context import Context

MAXIMUM_BODY = 256 * 1024
MAXIMUM_IMPORT = 2 * 1024 * 1024
"""What a request may have by a token that brings events in."""


@dataclass(frozen=True, slots=True)
class Caller:
    """What is known of a caller before anything of their request's body is read.

    Attributes:
        maximum_body: How many bytes a request of theirs may have.
    """

    maximum_body: int = MAXIMUM_BODY


async def authenticate(ctx: Context, headers: Mapping[str, str]) -> Caller:
    """Make `ctx` theirs who send these headers (by their names in lower case), or nobody's where they name none.

    Raises:
        BadRequest: they name somebody in a way that doesn't hold.
    """
    authorization = headers.get("authorization")
    if authorization is None:
        return Caller()
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not await _known(ctx, token.strip()):
        raise _not_known()
    imports = ctx.partner is not None and TokenScope.EVENTS_WRITE in ctx.partner.scopes
    return Caller(maximum_body=MAXIMUM_IMPORT if imports else MAXIMUM_BODY)


async def _known(ctx: Context, token: str) -> bool:
    """Whether a token stands for somebody: a partner's system, or a person by ours or by an outside issuer's."""
    if partners.is_api_token(token):
        return await partners.authenticate(ctx, token)
    return await accounts.authenticate(ctx, token) or await identities.authenticate(ctx, token)


def _not_known() -> BadRequest:
    return BadRequest(
        401,
        "UNAUTHENTICATED",
        "The token is not good, or no longer: refresh it, sign in, or make another.",
        headers={"WWW-Authenticate": "Bearer"},
    )
