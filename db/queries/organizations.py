"""Organisations: public, all of them."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.paging import Row
from db.tables import organization
from domain.ids import OrganizationId
from domain.organizations import Organization


def shown_organizations() -> sa.Select[Any]:
    return sa.select(*(column for column in organization.c if column.name != "words"))


def read_organization(row: Row) -> Organization:
    return Organization(
        id=row.id,
        slug=row.slug,
        name=row.name,
        kind=row.kind,
        description=row.description,
        website_url=row.website_url,
        logo_url=row.logo_url,
        territory=row.territory_code,
        verified=row.verified_at is not None,
    )


async def by_id(session: AsyncSession, ids: Sequence[OrganizationId]) -> Mapping[OrganizationId, Organization]:
    rows = await session.execute(shown_organizations().where(organization.c.id.in_(ids)))
    return {row.id: read_organization(row) for row in rows}


async def by_slug(session: AsyncSession, slugs: Sequence[str]) -> Mapping[str, Organization]:
    rows = await session.execute(shown_organizations().where(organization.c.slug.in_(slugs)))
    return {row.slug: read_organization(row) for row in rows}
