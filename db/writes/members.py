"""Members, tokens and recognised skills: added, changed, taken out."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from db import models
from db.models.columns import new_key
from db.queries.members import read_membership
from db.queries.organizations import read_organization, shown_organizations
from db.tables import api_token, organization, organization_member, skill_holding
from db.work import Work
from domain.api_tokens import ApiTokenId, TokenScope
from domain.ids import CitizenId, OrganizationId, SkillId
from domain.membership import Membership
from domain.organizations import MemberRole, Organization
from domain.skills import SkillSource
from domain.words import ThemeCode

member = organization_member


async def lock_organization(work: Work, id: OrganizationId) -> Organization | None:
    """An organisation, kept from changing until the unit of work ends: members change one after the other."""
    row = (await work.execute(shown_organizations().where(organization.c.id == id).with_for_update())).one_or_none()
    return None if row is None else read_organization(row)


async def places(work: Work, id: OrganizationId) -> dict[CitizenId, Membership]:
    """Everybody who has or had a place in an organisation."""
    rows = await work.execute(sa.select(member).where(member.c.organization_id == id))
    return {row.citizen_id: read_membership(row) for row in rows}


async def invite(
    work: Work, organization_id: OrganizationId, citizen_id: CitizenId, role: MemberRole, *, now: datetime
) -> None:
    """Invite somebody; one who was invited before, or left, is invited afresh."""
    fresh: dict[str, Any] = {"role": role, "invited_at": now}
    row = insert(member).values(organization_id=organization_id, citizen_id=citizen_id, **fresh)
    await work.execute(row.on_conflict_do_update(index_elements=["organization_id", "citizen_id"], set_=fresh))


async def accept(work: Work, of: Membership, *, now: datetime) -> None:
    await _change(work, of, accepted_at=of.accepted_at or now, left_at=None)


async def decline(work: Work, of: Membership) -> None:
    """Forget an invitation, but not that somebody was in before."""
    if of.left_at is not None:
        await _change(work, of, invited_at=of.left_at)
    else:
        await work.execute(sa.delete(member).where(_this(of)))


async def change_role(work: Work, of: Membership, role: MemberRole) -> None:
    await _change(work, of, role=role)


async def leave(work: Work, of: Membership, *, now: datetime) -> None:
    """Take somebody out: that they were in is kept, since it matters for a year."""
    await _change(work, of, left_at=now)


async def change_organization(work: Work, id: OrganizationId, **values: object) -> None:
    await work.execute(sa.update(organization).where(organization.c.id == id).values(**values))


async def add_token(
    work: Work,
    organization_id: OrganizationId,
    *,
    name: str,
    scopes: tuple[TokenScope, ...],
    fingerprint: bytes,
    expires_at: datetime | None,
    created_by: CitizenId,
    now: datetime,
) -> ApiTokenId:
    added = models.ApiToken(
        organization_id=organization_id,
        created_by=created_by,
        name=name,
        fingerprint=fingerprint,
        scopes=[scope.value for scope in scopes],
        created_at=now,
        expires_at=expires_at,
    )
    work.add(added)
    await work.flush()
    return ApiTokenId(added.id)


async def revoke_token(work: Work, id: ApiTokenId, *, now: datetime) -> None:
    """It stops working at once. Twice is as good as once."""
    revoked = sa.func.coalesce(api_token.c.revoked_at, now)
    await work.execute(sa.update(api_token).where(api_token.c.id == id).values(revoked_at=revoked))


async def mark_seen(work: Work, id: ApiTokenId, *, now: datetime) -> None:
    """Write down that a token was used; a use that is older than what stands there changes nothing."""
    older = api_token.c.last_used_at.is_(None) | (api_token.c.last_used_at < now)
    await work.execute(sa.update(api_token).where(api_token.c.id == id, older).values(last_used_at=now))


async def recognize(
    work: Work,
    citizen_id: CitizenId,
    theme: ThemeCode,
    *,
    by: OrganizationId,
    reason: str,
    now: datetime,
) -> SkillId | None:
    """Begin a period of holding by recognition; None where the skill has just been gained."""
    key = new_key()
    row = insert(skill_holding).values(
        id=key,
        citizen_id=citizen_id,
        theme=theme,
        source=SkillSource.RECOGNITION,
        acquired_at=now,
        recognized_by=by,
        reason=reason,
    )
    added = await work.execute(row.on_conflict_do_nothing().returning(skill_holding.c.id))
    return SkillId(key) if added.first() is not None else None


async def revoke_skill(work: Work, citizen_id: CitizenId, id: SkillId, *, now: datetime) -> None:
    """End a period of holding."""
    this = (skill_holding.c.citizen_id == citizen_id) & (skill_holding.c.id == id) & skill_holding.c.lost_at.is_(None)
    await work.execute(sa.update(skill_holding).where(this).values(lost_at=now))


def _this(of: Membership) -> sa.ColumnElement[bool]:
    return (member.c.organization_id == of.organization_id) & (member.c.citizen_id == of.citizen_id)


async def _change(work: Work, of: Membership, **values: object) -> None:
    await work.execute(sa.update(member).where(_this(of)).values(**values))
