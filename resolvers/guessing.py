"""Slowing down whoever guesses: each try counts for its account, for the caller's address, and for both together."""

from domain.guessing import Tries
from domain.refusals import RateLimited
from resolvers.context import Context


async def count_try(ctx: Context, tries: Tries, *, account: str) -> None:
    """Count one more try, before anything is looked at: of several at once, too, no more than there may be get through.

    Raises:
        RateLimited: there were too many, right or wrong.
    """
    seconds = int(tries.within.total_seconds())
    waits = [
        await ctx.services.counter.add(key, most=most, seconds=seconds) for key, most in _keys(ctx, tries, account)
    ]
    if wait := max((each for each in waits if each is not None), default=None):
        raise RateLimited(wait)


async def forget_tries(ctx: Context, tries: Tries, *, account: str) -> None:
    """The right one was given: what was tried for this account from this address counts no more."""
    key, most = next(iter(_keys(ctx, tries, account)))
    await ctx.services.counter.forget(key, most=most, seconds=int(tries.within.total_seconds()))


def _keys(ctx: Context, tries: Tries, account: str) -> list[tuple[str, int]]:
    """Under which keys a try counts, and how many there may be; nobody's own guesses lock somebody else out."""
    address = ctx.address or "nowhere"
    keys = [(f"{tries.name}:{account}@{address}", tries.from_one_place), (f"{tries.name}:{account}", tries.for_account)]
    if ctx.address is not None:
        keys.append((f"{tries.name}@{address}", tries.from_address))
    return keys
