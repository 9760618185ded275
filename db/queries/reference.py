"""Territories and policies."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.paging import Row
from db.tables import citizen, scoring_policy, territory, territory_within
from domain.ids import TerritoryCode
from domain.policy import Policies, policy_from
from domain.territories import Territory


async def policies(session: AsyncSession) -> Policies:
    """Every policy there is."""
    rows = await session.execute(sa.select(scoring_policy.c.document))
    return Policies.of(policy_from(row.document) for row in rows)


async def by_code(session: AsyncSession, codes: Sequence[TerritoryCode]) -> Mapping[TerritoryCode, Territory]:
    rows = await session.execute(_named().where(territory.c.code.in_(codes)))
    return {row.code: _territory(row) for row in rows}


async def within(
    session: AsyncSession, parents: Sequence[TerritoryCode]
) -> Mapping[TerritoryCode, Sequence[Territory]]:
    """The territories right below each parent, in French order."""
    found: dict[TerritoryCode, list[Territory]] = defaultdict(list)
    for row in await session.execute(_in_french_order().where(territory.c.parent_code.in_(parents))):
        found[row.parent_code].append(_territory(row))
    return found


async def countries(session: AsyncSession) -> Sequence[Territory]:
    """The territories that lie in no other, in French order."""
    rows = await session.execute(_in_french_order().where(territory.c.parent_code.is_(None)))
    return [_territory(row) for row in rows]


async def citizen_counts(session: AsyncSession, codes: Sequence[TerritoryCode]) -> Mapping[TerritoryCode, int]:
    """How many citizens live in each, what it contains included. A true count: hidden ones too."""
    inside = territory_within
    counted = (
        sa.select(inside.c.container_code, sa.func.count().label("citizens"))
        .join(citizen, citizen.c.territory_code == inside.c.code)
        .where(inside.c.container_code.in_(codes))
        .group_by(inside.c.container_code)
    )
    return {row.container_code: row.citizens for row in await session.execute(counted)}


def _named() -> sa.Select[Any]:
    return sa.select(territory.c.code, territory.c.name, territory.c.parent_code)


def _in_french_order() -> sa.Select[Any]:
    return _named().order_by(sa.func.plain_words(territory.c.name), territory.c.name)


def _territory(row: Row) -> Territory:
    return Territory(row.code, row.name, row.parent_code)
