"""Organisations in lists, in the order of their names."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.paging import Order
from db.queries.organizations import OrganizationRow, read_organization, shown_organizations
from db.queries.word_search import Searchable, page_found, total_found
from db.questions import Select, listing
from db.reading import Reader
from db.tables import organization, territory_within
from db.visibility import Condition
from domain.filters import OrganizationFilter
from domain.organizations import Organization
from domain.paging import Page, Window
from domain.permissions import Caller

WORDS = Searchable(organization.c.id, organization.c.words, organization.c.name)
BY_NAME = Order((sa.type_coerce(sa.func.plain_words(organization.c.name), sa.Text), organization.c.id))


async def listed(session: AsyncSession, where: OrganizationFilter, window: Window) -> Page[Organization]:
    def rows(among: Sequence[UUID] | None) -> sa.Select[Any]:
        return shown_organizations().where(*_matches(where, among=among))

    return await page_found(session, WORDS, where.words, rows, order=BY_NAME, window=window, read=read_organization)


@listing(OrganizationRow, order=BY_NAME)
def _all(_: Caller) -> Select:
    return shown_organizations()


async def often_listed(reader: Reader, where: OrganizationFilter, window: Window) -> Page[Organization] | None:
    """The same, where nothing is narrowed down; None where something is."""
    return await _all.page(reader, None, window) if where == OrganizationFilter() else None


async def total(session: AsyncSession, where: OrganizationFilter) -> int:
    def rows(among: Sequence[UUID] | None) -> sa.Select[Any]:
        return shown_organizations().where(*_matches(where, among=among))

    return await total_found(session, WORDS, where.words, rows)


def _matches(where: OrganizationFilter, *, among: Sequence[UUID] | None) -> Iterator[Condition]:
    if where.words is not None:
        yield WORDS.holds(where.words, among=among)
    if where.kind is not None:
        yield organization.c.kind == where.kind
    if where.territory is not None:
        inside = sa.select(territory_within.c.code).where(territory_within.c.container_code == where.territory)
        yield organization.c.territory_code.in_(inside)
    if where.verified is not None:
        yield organization.c.verified_at.is_not(None) == where.verified
