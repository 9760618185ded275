"""Who is asking."""

from collections.abc import Mapping
from dataclasses import dataclass

from influents.operations.refusing import BadRequest
from resolvers import accounts
from resolvers.context import Context

MAXIMUM_BODY = 256 * 1024


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
    if scheme.lower() != "bearer" or not await accounts.authenticate(ctx, token.strip()):
        raise _not_known()
    return Caller()


def _not_known() -> BadRequest:
    return BadRequest(
        401,
        "UNAUTHENTICATED",
        "The access token is no longer good: refresh it, or sign in.",
        headers={"WWW-Authenticate": "Bearer"},
    )
