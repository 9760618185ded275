"""Whom a mail is for. What these answer goes into letters, and nowhere else."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import account, citizen, email_token, organization_member
from domain.citizens import Viewer
from domain.ids import CitizenId, OrganizationId, SessionId
from domain.letters import Reader
from domain.organizations import MemberRole

NO_SESSION = SessionId(UUID(int=0))


class Known(NamedTuple):
    """Somebody who can be written to, and what they may see: a letter tells no more."""

    reader: Reader
    viewer: Viewer


async def reader(session: AsyncSession, citizen_id: CitizenId) -> Known | None:
    """Who a citizen is to write to; None where they are gone, or suspended."""
    member = organization_member
    belongs = (
        sa.select(sa.func.json_object_agg(member.c.organization_id, member.c.role))
        .where(member.c.citizen_id == citizen_id, member.c.accepted_at.is_not(None), member.c.left_at.is_(None))
        .scalar_subquery()
    )
    found = (
        await session.execute(
            sa.select(account, citizen.c.handle, citizen.c.full_name, belongs.label("organizations"))
            .join(citizen, citizen.c.id == account.c.citizen_id)
            .where(account.c.citizen_id == citizen_id, account.c.suspended_at.is_(None))
        )
    ).one_or_none()
    if found is None:
        return None
    organizations = {OrganizationId(UUID(key)): MemberRole(role) for key, role in (found.organizations or {}).items()}
    return Known(
        Reader(
            email=found.email,
            name=found.full_name or found.handle,
            locale=found.locale,
            verified=found.email_verified_at is not None,
            wants_notifications=found.email_notifications,
        ),
        Viewer(
            citizen_id=citizen_id,
            session_id=NO_SESSION,
            locale=found.locale,
            moderator=found.moderator,
            organizations=organizations,
        ),
    )


async def proved_by(session: AsyncSession, citizen_id: CitizenId, fingerprint: bytes, *, now: datetime) -> str | None:
    """The address that a token proves; None where it is no longer good."""
    token = email_token.c
    return await session.scalar(
        sa.select(token.email).where(
            token.citizen_id == citizen_id,
            token.fingerprint == fingerprint,
            token.used_at.is_(None),
            token.expires_at > now,
        )
    )


async def with_accounts(session: AsyncSession, citizens: Collection[CitizenId]) -> set[CitizenId]:
    """Which of these have an account."""
    found = sa.select(account.c.citizen_id).where(account.c.citizen_id.in_(citizens))
    return set((await session.execute(found)).scalars())
