"""Organisations in lists, in the order of their names."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.paging import Order
from db.queries.organizations import read_organization, shown_organizations
from db.queries.word_search import Searchable, page_found, total_found
from db.tables import organization, territory_within
from db.visibility import Condition
from domain.filters import OrganizationFilter
from domain.organizations import Organization
from domain.paging import Page, Window

WORDS = Searchable(organization.c.id, organization.c.words, organization.c.name)
BY_NAME = Order((sa.type_coerce(sa.func.plain_words(organization.c.name), sa.Text), organization.c.id))


async def listed(session: AsyncSession, where: OrganizationFilter, window: Window) -> Page[Organization]:
    def rows(loosely: bool) -> sa.Select[Any]:
        return shown_organizations().where(*_matches(where, loosely=loosely))

    return await page_found(session, rows, BY_NAME, window, read_organization, searches=where.searches)


async def total(session: AsyncSession, where: OrganizationFilter) -> int:
    def rows(loosely: bool) -> sa.Select[Any]:
        return shown_organizations().where(*_matches(where, loosely=loosely))

    return await total_found(session, rows, searches=where.searches)


def _matches(where: OrganizationFilter, *, loosely: bool) -> Iterator[Condition]:
    if where.search is not None and where.searches:
        yield from WORDS.holds(where.search, loosely=loosely)
    if where.kind is not None:
        yield organization.c.kind == where.kind
    if where.territory is not None:
        inside = sa.select(territory_within.c.code).where(territory_within.c.container_code == where.territory)
        yield organization.c.territory_code.in_(inside)
    if where.verified is not None:
        yield organization.c.verified_at.is_not(None) == where.verified
