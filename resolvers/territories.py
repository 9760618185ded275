"""Territories."""

from collections.abc import Mapping, Sequence

from db.queries import reference
from domain.ids import TerritoryCode
from domain.territories import Territory
from resolvers.context import Context


async def territory(ctx: Context, code: TerritoryCode) -> Territory | None:
    return await ctx.loaders.territory.load(code)


async def many(ctx: Context, codes: Sequence[TerritoryCode]) -> Mapping[TerritoryCode, Territory]:
    return await ctx.services.known.territories(ctx.reader, codes)


async def territories(ctx: Context, parent: TerritoryCode | None) -> Sequence[Territory]:
    """Those right below a parent, in French order; the countries where there is no parent."""
    if parent is not None:
        return await ctx.loaders.territories_within.load(parent)
    return await reference.countries(ctx.reader)


async def within(ctx: Context, parents: Sequence[TerritoryCode]) -> list[Sequence[Territory]]:
    """Those right below each parent, in French order."""
    found = await reference.within(ctx.reader, list(set(parents)))
    return [found.get(each, ()) for each in parents]


async def citizen_count(ctx: Context, code: TerritoryCode) -> int:
    """Citizens who live there, what it contains included."""
    return await ctx.loaders.citizens_in.load(code)
