"""Partners' systems: whom a token acts for, read afresh for each request."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.places import here
from db.tables import account, api_token, organization, organization_member
from domain.api_tokens import Partner, TokenScope
from domain.organizations import MemberRole


@dataclass(frozen=True, slots=True)
class PresentedApiToken:
    """A token that is good now, and when it was last seen."""

    partner: Partner
    last_used_at: datetime | None


async def presented(session: AsyncSession, fingerprint: bytes, *, now: datetime) -> PresentedApiToken | None:
    """A token by its fingerprint, in one statement, so that its end counts at once.

    None where it is unknown, revoked or expired, and where its organisation has no owner who may act: the last one was
    suspended, or has left.
    """
    member = organization_member
    charters = (
        sa.select(sa.func.array_agg(account.c.accepted_charter_version))
        .join(member, member.c.citizen_id == account.c.citizen_id)
        .where(
            member.c.organization_id == api_token.c.organization_id,
            member.c.role == MemberRole.OWNER,
            member.c.accepted_at.is_not(None),
            member.c.left_at.is_(None),
            account.c.suspended_at.is_(None),
        )
        .scalar_subquery()
    )
    row = (
        await session.execute(
            sa.select(api_token, organization.c.verified_at, charters.label("charters"), here().label("as_of"))
            .join(organization, organization.c.id == api_token.c.organization_id)
            .where(
                api_token.c.fingerprint == fingerprint,
                api_token.c.revoked_at.is_(None),
                api_token.c.expires_at.is_(None) | (api_token.c.expires_at > now),
            )
        )
    ).one_or_none()
    if row is None or not row.charters:
        return None
    partner = Partner(
        token_id=row.id,
        organization_id=row.organization_id,
        scopes=frozenset(map(TokenScope, row.scopes)),
        verified=row.verified_at is not None,
        charters=frozenset(row.charters),
        as_of=row.as_of,
    )
    return PresentedApiToken(partner, row.last_used_at)
