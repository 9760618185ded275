"""Who belongs to organisations, and their tokens. Ask the domain first who may know."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.paging import Row
from db.tables import api_token, organization_member, skill_holding
from domain.api_tokens import ApiToken, ApiTokenId, TokenScope
from domain.citizens import Viewer
from domain.ids import CitizenId, OrganizationId
from domain.membership import Membership

member = organization_member
IN_OR_INVITED = member.c.left_at.is_(None) | (member.c.invited_at > member.c.left_at)


def read_membership(row: Row) -> Membership:
    return Membership(
        citizen_id=row.citizen_id,
        organization_id=row.organization_id,
        role=row.role,
        invited_at=row.invited_at,
        accepted_at=row.accepted_at,
        left_at=row.left_at,
    )


def read_token(row: Row) -> ApiToken:
    return ApiToken(
        id=row.id,
        organization_id=row.organization_id,
        name=row.name,
        scopes=tuple(map(TokenScope, row.scopes)),
        created_at=row.created_at,
        last_used_at=row.last_used_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )


async def of_organizations(
    session: AsyncSession, ids: Sequence[OrganizationId]
) -> Mapping[OrganizationId, Sequence[Membership]]:
    """Who is in or invited, owners first, then by when they came."""
    here = sa.select(member).where(member.c.organization_id.in_(ids), IN_OR_INVITED)
    found: dict[OrganizationId, list[Membership]] = defaultdict(list)
    for row in await session.execute(here.order_by(member.c.role.desc(), member.c.invited_at, member.c.citizen_id)):
        found[row.organization_id].append(read_membership(row))
    return found


async def of_viewer(session: AsyncSession, asker: Viewer) -> Sequence[Membership]:
    """The asker's organisations, and the invitations they have not answered."""
    own = sa.select(member).where(member.c.citizen_id == asker.citizen_id, IN_OR_INVITED)
    rows = await session.execute(own.order_by(member.c.invited_at, member.c.organization_id))
    return [read_membership(row) for row in rows]


async def tokens(session: AsyncSession, ids: Sequence[OrganizationId]) -> Mapping[OrganizationId, Sequence[ApiToken]]:
    """Every token of organisations, the newest first."""
    found: dict[OrganizationId, list[ApiToken]] = defaultdict(list)
    theirs = sa.select(api_token).where(api_token.c.organization_id.in_(ids))
    for row in await session.execute(theirs.order_by(api_token.c.created_at.desc(), api_token.c.id)):
        found[row.organization_id].append(read_token(row))
    return found


async def token(session: AsyncSession, id: ApiTokenId) -> ApiToken | None:
    row = (await session.execute(sa.select(api_token).where(api_token.c.id == id))).one_or_none()
    return None if row is None else read_token(row)


async def recognized_since(session: AsyncSession, organization: OrganizationId, since: datetime) -> int:
    """How many skills an organisation has recognised since then, revoked ones included."""
    counted = sa.select(sa.func.count()).where(
        skill_holding.c.recognized_by == organization, skill_holding.c.acquired_at > since
    )
    return await session.scalar(counted) or 0


async def place(session: AsyncSession, organization: OrganizationId, citizen: CitizenId) -> Membership | None:
    """The place that a citizen has, or had, in an organisation."""
    row = (
        await session.execute(
            sa.select(member).where(member.c.organization_id == organization, member.c.citizen_id == citizen)
        )
    ).one_or_none()
    return None if row is None else read_membership(row)
