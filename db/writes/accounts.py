"""Accounts and sessions: made, renewed, ended."""

import hashlib
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db import models
from db.models.columns import new_key
from db.tables import account, citizen, citizen_total, refresh_token, retired_handle, used_assessment
from db.tables import session as sessions
from db.work import Work
from domain.accounts import ProfileVisibility, SignUp
from domain.ids import CitizenId, SessionId
from domain.policy import PARIS


async def taken(session: AsyncSession, *, email_key: str, handle: str) -> tuple[bool, bool]:
    """Whether an address has an owner, and whether a handle has, or had, one."""
    email = sa.exists().where(account.c.email_key == email_key)
    named = sa.exists().where(citizen.c.handle == handle)
    row = (await session.execute(sa.select(email, named | _retired(handle)))).one()
    return row[0], row[1]


async def retired(work: Work, handle: str) -> bool:
    """Whether a handle was that of somebody who is gone."""
    return bool(await work.scalar(sa.select(_retired(handle))))


def _retired(handle: str) -> sa.Exists:
    return sa.exists().where(retired_handle.c.fingerprint == handle_fingerprint(handle))


def handle_fingerprint(handle: str) -> bytes:
    """What is kept of a handle whose owner is gone: its SHA-256."""
    return hashlib.sha256(handle.encode()).digest()


async def add_citizen(work: Work, sign_up: SignUp, *, now: datetime) -> CitizenId | None:
    """A new citizen with an empty ledger, or None where the handle has just been taken."""
    values: dict[str, Any] = {
        "id": new_key(),
        "handle": sign_up.handle,
        "visibility": sign_up.visibility,
        "discoverable": sign_up.discoverable,
        "adult": sign_up.at_least_eighteen,
        "member_since": now.astimezone(PARIS).date(),
        "full_name": sign_up.full_name,
        "territory_code": sign_up.territory,
    }
    if not await _insert_unless_taken(work, citizen, values):
        return None
    await work.execute(sa.insert(citizen_total).values(citizen_id=values["id"], points=0, earned_points=0, entries=0))
    return CitizenId(values["id"])


async def add_account(
    work: Work, citizen_id: CitizenId, sign_up: SignUp, *, email_key: str, password_hash: str, now: datetime
) -> bool:
    """The account of a new citizen; False where the address has just been taken."""
    public = sign_up.visibility is ProfileVisibility.PUBLIC
    values = {
        "citizen_id": citizen_id,
        "email": sign_up.email.strip(),
        "email_key": email_key,
        "password_hash": password_hash,
        "locale": sign_up.locale,
        "email_notifications": True,
        "moderator": False,
        "accepted_charter_version": sign_up.charter_version,
        "charter_accepted_at": now,
        "public_since": now if public else None,
        "public_charter_version": sign_up.charter_version if public else None,
    }
    return await _insert_unless_taken(work, account, values)


async def use_assessment(work: Work, fingerprint: bytes, *, expires_at: datetime) -> bool:
    """Mark a self-assessment as used; False where it was."""
    values = {"fingerprint": fingerprint, "expires_at": expires_at}
    return await _insert_unless_taken(work, used_assessment, values)


async def forget_expired_assessments(work: Work, *, now: datetime) -> None:
    """What could not be used any more anyway need not be remembered."""
    await work.execute(sa.delete(used_assessment).where(used_assessment.c.expires_at <= now))


async def open_session(
    work: Work,
    citizen_id: CitizenId,
    *,
    fingerprint: bytes,
    now: datetime,
    until: datetime,
    user_agent: str | None,
) -> SessionId:
    """A new session, with its first refresh token."""
    opened = models.Session(
        citizen_id=citizen_id, created_at=now, last_used_at=now, expires_at=until, user_agent=user_agent
    )
    work.add(opened)
    await work.flush()
    session_id = SessionId(opened.id)
    await add_refresh_token(work, citizen_id, session_id, fingerprint=fingerprint, now=now)
    return session_id


async def add_refresh_token(
    work: Work, citizen_id: CitizenId, session_id: SessionId, *, fingerprint: bytes, now: datetime
) -> None:
    work.add(models.RefreshToken(citizen_id=citizen_id, session_id=session_id, fingerprint=fingerprint, issued_at=now))
    await work.flush()


async def rotate(
    work: Work,
    citizen_id: CitizenId,
    session_id: SessionId,
    *,
    used: bytes,
    fingerprint: bytes,
    now: datetime,
    until: datetime,
) -> None:
    """Use one refresh token up, give out the next, and keep the session going."""
    token = refresh_token
    await work.execute(
        sa.update(token).where(token.c.citizen_id == citizen_id, token.c.fingerprint == used).values(used_at=now)
    )
    await add_refresh_token(work, citizen_id, session_id, fingerprint=fingerprint, now=now)
    this = (sessions.c.citizen_id == citizen_id) & (sessions.c.id == session_id)
    await work.execute(sa.update(sessions).where(this).values(last_used_at=now, expires_at=until))


async def end_session(work: Work, citizen_id: CitizenId, session_id: SessionId, *, now: datetime) -> bool:
    """End a session: its tokens stop working at once. False where there is none that lasts."""
    this = (sessions.c.citizen_id == citizen_id) & (sessions.c.id == session_id) & sessions.c.ended_at.is_(None)
    ended = await work.execute(sa.update(sessions).where(this).values(ended_at=now).returning(sessions.c.id))
    return ended.first() is not None


async def change_password_hash(work: Work, citizen_id: CitizenId, password_hash: str) -> None:
    await work.execute(sa.update(account).where(account.c.citizen_id == citizen_id).values(password_hash=password_hash))


async def grant_moderator(work: Work, email_key: str) -> CitizenId | None:
    """Make the owner of an address a moderator; None where nobody has it."""
    granted = sa.update(account).where(account.c.email_key == email_key).values(moderator=True)
    row = (await work.execute(granted.returning(account.c.citizen_id))).one_or_none()
    return None if row is None else CitizenId(row.citizen_id)


async def _insert_unless_taken(work: Work, table: sa.Table, values: dict[str, Any]) -> bool:
    """Add a row; False where a unique constraint says that there is one."""
    added = await work.execute(insert(table).values(**values).on_conflict_do_nothing().returning(sa.literal(1)))
    return added.first() is not None
