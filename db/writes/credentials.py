"""What proves who somebody is: passwords, addresses, and the links that are mailed to them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any  # a row of any columns

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import account, citizen, email_token
from db.tables import session as sessions
from db.work import Work
from domain.accounts import EmailPurpose
from domain.ids import CitizenId, SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What an account is known by, and what its password is held against."""

    citizen_id: CitizenId
    handle: str
    email: str = field(repr=False)
    email_key: str = field(repr=False)
    email_verified: bool
    linked_by_address: bool
    password_hash: str = field(repr=False)
    suspended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MailedLink:
    """A link that was mailed, and whom it belongs to."""

    citizen_id: CitizenId
    purpose: EmailPurpose
    email: str = field(repr=False)
    used: bool
    expires_at: datetime


async def credentials_of(session: AsyncSession, citizen_id: CitizenId) -> Credentials | None:
    """A citizen's credentials as they stand; None where the account is gone."""
    return await _found(session, _with_handle().where(account.c.citizen_id == citizen_id))


async def owner_of(session: AsyncSession, email_key: str) -> Credentials | None:
    """The credentials of whoever has an address."""
    return await _found(session, _with_handle().where(account.c.email_key == email_key))


async def lock_account(work: Work, citizen_id: CitizenId) -> Credentials | None:
    """Take an account for the rest of the unit of work, before events and totals; None where it is gone."""
    one = _with_handle().where(account.c.citizen_id == citizen_id)
    return await _found(work, one.with_for_update(of=account))


def _with_handle() -> sa.Select[Any]:
    return sa.select(account, citizen.c.handle).join(citizen, citizen.c.id == account.c.citizen_id)


async def _found(session: AsyncSession, query: sa.Select[Any]) -> Credentials | None:
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    return Credentials(
        citizen_id=row.citizen_id,
        handle=row.handle,
        email=row.email,
        email_key=row.email_key,
        email_verified=row.email_verified_at is not None,
        linked_by_address=row.linked_by_address,
        password_hash=row.password_hash,
        suspended=row.suspended_at is not None,
    )


async def issue_link(
    work: Work,
    citizen_id: CitizenId,
    purpose: EmailPurpose,
    *,
    email: str,
    fingerprint: bytes,
    now: datetime,
    until: datetime,
) -> None:
    """Keep a new link; older ones of the same purpose are good no more. The account is locked."""
    await drop_links(work, citizen_id, [purpose])
    values = {
        "citizen_id": citizen_id,
        "purpose": purpose,
        "email": email,
        "fingerprint": fingerprint,
        "issued_at": now,
        "expires_at": until,
    }
    await work.execute(insert(email_token).values(**values))


async def link_of(session: AsyncSession, fingerprint: bytes) -> MailedLink | None:
    """A link by the fingerprint of its secret."""
    row = (await session.execute(sa.select(email_token).where(email_token.c.fingerprint == fingerprint))).one_or_none()
    if row is None:
        return None
    return MailedLink(
        citizen_id=row.citizen_id,
        purpose=row.purpose,
        email=row.email,
        used=row.used_at is not None,
        expires_at=row.expires_at,
    )


async def use_link(work: Work, citizen_id: CitizenId, fingerprint: bytes, *, now: datetime) -> bool:
    """Use a link up; False where it was used, or replaced, in the meantime."""
    this = (email_token.c.citizen_id == citizen_id) & (email_token.c.fingerprint == fingerprint)
    unused = this & email_token.c.used_at.is_(None) & (email_token.c.expires_at > now)
    used = await work.execute(sa.update(email_token).where(unused).values(used_at=now).returning(sa.literal(1)))
    return used.first() is not None


async def drop_links(work: Work, citizen_id: CitizenId, purposes: Sequence[EmailPurpose]) -> None:
    """Make links good no more, used ones forgotten."""
    these = (email_token.c.citizen_id == citizen_id) & email_token.c.purpose.in_(purposes)
    await work.execute(sa.delete(email_token).where(these))


async def mark_verified(work: Work, citizen_id: CitizenId, *, now: datetime) -> None:
    await work.execute(sa.update(account).where(account.c.citizen_id == citizen_id).values(email_verified_at=now))


async def change_email(work: Work, citizen_id: CitizenId, *, email: str, email_key: str, now: datetime) -> bool:
    """Give an account another address, which has been shown to be theirs; False where another account has it."""
    changed = {"email": email, "email_key": email_key, "email_verified_at": now}
    try:
        async with work.begin_nested():
            await work.execute(sa.update(account).where(account.c.citizen_id == citizen_id).values(**changed))
    except IntegrityError:
        return False
    return True


async def end_sessions(work: Work, citizen_id: CitizenId, *, but: SessionId | None = None, now: datetime) -> None:
    """End every session of a citizen, but for one where it is named."""
    these = (sessions.c.citizen_id == citizen_id) & sessions.c.ended_at.is_(None)
    if but is not None:
        these &= sessions.c.id != but
    await work.execute(sa.update(sessions).where(these).values(ended_at=now))


async def accept_charter(work: Work, citizen_id: CitizenId, version: str, *, now: datetime) -> None:
    accepted = {"accepted_charter_version": version, "charter_accepted_at": now}
    await work.execute(sa.update(account).where(account.c.citizen_id == citizen_id).values(**accepted))
