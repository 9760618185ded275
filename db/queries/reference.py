"""Territories and policies."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.paging import Row
from db.questions import Select, Source, question
from db.rows import read_as
from db.tables import citizen, scoring_policy, territory, territory_within
from domain.ids import TerritoryCode
from domain.permissions import Caller
from domain.policy import Policies, policy_from
from domain.territories import Territory


async def policies(session: AsyncSession) -> Policies:
    """Every policy there is."""
    rows = await session.execute(sa.select(scoring_policy.c.document))
    return Policies.of(policy_from(row.document) for row in rows)


def _named() -> sa.Select[Any]:
    return sa.select(territory.c.code, territory.c.name, territory.c.parent_code)


def _territory(row: Row) -> Territory:
    return Territory(row.code, row.name, row.parent_code)


CODES = sa.bindparam("codes", type_=sa.ARRAY(sa.Text()))
TerritoryRow = read_as(Territory)


@question(TerritoryRow, _territory)
def _by_code(_: Caller) -> Select:
    return _named().where(territory.c.code == sa.any_(CODES))


@question(TerritoryRow, _territory)
def _all(_: Caller) -> Select:
    return _named().order_by(sa.func.plain_words(territory.c.name), territory.c.name)


@question()
def _citizens_in(_: Caller) -> Select:
    container = territory_within.c.container_code
    counted = sa.select(container, sa.func.count().label("citizens"))
    living = counted.join(citizen, citizen.c.territory_code == territory_within.c.code)
    return living.where(container == sa.any_(CODES)).group_by(container)


async def by_code(source: Source, codes: Sequence[TerritoryCode]) -> Mapping[TerritoryCode, Territory]:
    return {each.code: each for each in await _by_code.ask(source, None, codes=codes)}


async def by_parent(source: Source) -> Mapping[TerritoryCode | None, Sequence[Territory]]:
    """All territories by the one that they lie right below, in French order; by None the countries."""
    found: dict[TerritoryCode | None, list[Territory]] = defaultdict(list)
    for each in await _all.ask(source, None):
        found[each.parent_code].append(each)
    return dict(found)


async def citizen_counts(source: Source, codes: Sequence[TerritoryCode]) -> Mapping[TerritoryCode, int]:
    """How many citizens live in each, what it contains included. A true count: hidden ones too."""
    return {each["container_code"]: each["citizens"] for each in await _citizens_in.ask(source, None, codes=codes)}
