"""Organisations: public, all of them."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from db.paging import KEY, Row
from db.questions import Select, Source, question
from db.rows import Composed, read_as
from db.tables import organization
from domain.ids import OrganizationId
from domain.organizations import Organization
from domain.permissions import Caller


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


OrganizationRow = read_as(
    Organization,
    territory="territory_code",
    verified=Composed(lambda at: at is not None, "verified_at"),
    verified_at="verified_at",
    territory_code="territory_code",
)


@question(OrganizationRow, read_organization)
def _by_id(_: Caller) -> Select:
    return shown_organizations().where(organization.c.id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(KEY))))


@question(OrganizationRow, read_organization)
def _by_slug(_: Caller) -> Select:
    return shown_organizations().where(organization.c.slug == sa.any_(sa.bindparam("slugs", type_=sa.ARRAY(sa.Text()))))


async def by_id(source: Source, ids: Sequence[OrganizationId]) -> Mapping[OrganizationId, Organization]:
    return {each.id: each for each in await _by_id.ask(source, None, ids=ids)}


async def by_slug(source: Source, slugs: Sequence[str]) -> Mapping[str, Organization]:
    return {each.slug: each for each in await _by_slug.ask(source, None, slugs=slugs)}
