"""Organisations: made and verified."""

from datetime import datetime

import sqlalchemy as sa

from db import models
from db.tables import organization
from db.work import Work
from db.writes.slugs import free_slug
from domain.ids import CitizenId, OrganizationId
from domain.organizations import MemberRole, OrganizationDetails


async def add_organization(
    work: Work, details: OrganizationDetails, *, slug: str, owner: CitizenId | None, now: datetime
) -> OrganizationId:
    """A new organisation, with its first owner."""
    added = models.Organization(
        slug=await free_slug(work, organization, slug),
        name=details.name,
        kind=details.kind,
        description=details.description,
        website_url=details.website_url,
        territory_code=details.territory,
        created_at=now,
    )
    work.add(added)
    await work.flush()
    if owner is not None:
        work.add(
            models.OrganizationMember(
                organization_id=added.id, citizen_id=owner, role=MemberRole.OWNER, invited_at=now, accepted_at=now
            )
        )
        await work.flush()
    return OrganizationId(added.id)


async def verify(work: Work, slug: str, *, now: datetime) -> OrganizationId | None:
    """Give an organisation the mark; None where there is none of that slug. Twice is as good as once."""
    verified = (
        sa.update(organization)
        .where(organization.c.slug == slug)
        .values(verified_at=sa.func.coalesce(organization.c.verified_at, now))
        .returning(organization.c.id)
    )
    row = (await work.execute(verified)).one_or_none()
    return None if row is None else OrganizationId(row.id)
