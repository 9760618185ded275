"""Organisations in lists, in the order of their names."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.paging import Order
from db.queries.filters import Filters, codes_within
from db.queries.organizations import OrganizationRow, read_organization, shown_organizations
from db.queries.word_search import Searchable, page_found, total_found
from db.questions import Select, listing
from db.reading import Reader
from db.tables import organization
from db.visibility import Condition
from domain.filters import OrganizationFilter
from domain.organizations import Organization
from domain.paging import Page, Window
from domain.permissions import Caller

WORDS = Searchable(organization.c.id, organization.c.words, organization.c.name)
FILTERS = Filters(
    kind=(sa.Text(), lambda kind: organization.c.kind == kind),
    territory=(sa.Text(), lambda code: organization.c.territory_code.in_(codes_within(code))),
    verified=(sa.Boolean(), lambda verified: organization.c.verified_at.is_not(None) == verified),
)
BY_NAME = Order((sa.type_coerce(sa.func.plain_words(organization.c.name), sa.Text), organization.c.id))


async def listed(session: AsyncSession, where: OrganizationFilter, window: Window) -> Page[Organization]:
    def rows(among: Sequence[UUID] | None) -> sa.Select[Any]:
        return shown_organizations().where(*_matches(where, among=among))

    return await page_found(session, WORDS, where.words, rows, order=BY_NAME, window=window, read=read_organization)


async def total(session: AsyncSession, where: OrganizationFilter) -> int:
    def rows(among: Sequence[UUID] | None) -> sa.Select[Any]:
        return shown_organizations().where(*_matches(where, among=among))

    return await total_found(session, WORDS, where.words, rows)


@listing(OrganizationRow, order=BY_NAME)
def _often(_: Caller, *fields: str) -> Select:
    return shown_organizations().where(*FILTERS.by(fields))


async def often_listed(reader: Reader, where: OrganizationFilter, window: Window) -> Page[Organization] | None:
    """The same, where no words are looked for; None where some are."""
    given = FILTERS.given(where)
    return None if where.words else await _often.page(reader, None, window, *given, values=given)


async def often_total(reader: Reader, where: OrganizationFilter) -> int | None:
    given = FILTERS.given(where)
    return None if where.words else await _often.total(reader, None, *given, values=given)


def _matches(where: OrganizationFilter, *, among: Sequence[UUID] | None) -> Iterator[Condition]:
    if where.words is not None:
        yield WORDS.holds(where.words, among=among)
    yield from FILTERS.of(FILTERS.given(where))
