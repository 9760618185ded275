"""Territories."""

from collections.abc import Mapping, Sequence

from domain.ids import TerritoryCode
from domain.territories import Territory
from resolvers.context import Context


async def territory(ctx: Context, code: TerritoryCode) -> Territory | None:
    return await ctx.loaders.territory.load(code)


async def many(ctx: Context, codes: Sequence[TerritoryCode]) -> Mapping[TerritoryCode, Territory]:
    return await ctx.services.known.territories(ctx.lasting, codes)


async def territories(ctx: Context, parent: TerritoryCode | None) -> Sequence[Territory]:
    """Those right below a parent, in French order; the countries where there is no parent."""
    return (await _below(ctx)).get(parent, ())


async def within(ctx: Context, parents: Sequence[TerritoryCode]) -> list[Sequence[Territory]]:
    """Those right below each parent, in French order."""
    found = await _below(ctx)
    return [found.get(each, ()) for each in parents]


async def _below(ctx: Context) -> Mapping[TerritoryCode | None, Sequence[Territory]]:
    return await ctx.services.known.territories_below(ctx.lasting)


async def citizen_count(ctx: Context, code: TerritoryCode) -> int:
    """Citizens who live there, what it contains included."""
    return await ctx.loaders.citizens_in.load(code)
