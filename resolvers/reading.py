"""Reading where it is cheapest: from a replica, as long as it has all that who asks may know of."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from resolvers.context import Context
from resolvers.failures import lost

T = TypeVar("T")


async def only_reading(ctx: Context, ask: Callable[[], Awaitable[T]]) -> T:
    """What `ask` comes to, which changes nothing. Where the replica fails in the middle, the database itself is asked.

    Args:
        ctx: Somebody's request: they are known already, by what the database itself said.
        ask: What is asked; a second time, where the replica fails.
    """
    if not await ctx.read_elsewhere():
        return await ask()
    try:
        return await ask()
    except Exception as wrong:
        if not lost(wrong):
            raise
    ctx.read_here(replica_failed=True)
    return await ask()
