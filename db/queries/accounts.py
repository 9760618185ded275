"""Who is asking: accounts and sessions. What these answer is for their owner alone."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.places import here
from db.questions import Fields, Select, question
from db.reading import Reader
from db.tables import account, citizen, organization_member, outside_identity, refresh_token
from db.tables import session as sessions
from domain.citizens import NO_SESSION, Account, SignedInSession, Viewer
from domain.ids import CitizenId, OrganizationId, SessionId
from domain.organizations import MemberRole
from domain.permissions import Caller
from domain.words import Locale


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a password is held against."""

    citizen_id: CitizenId
    password_hash: str = field(repr=False)
    suspended: bool = False


@dataclass(frozen=True, slots=True)
class PresentedToken:
    """A refresh token that is known: its session, whether it was used, and whether the session still stands."""

    citizen_id: CitizenId
    session_id: SessionId
    used: bool
    alive: bool
    moderator: bool = False


@question()
def _by_session(_: Caller) -> Select:
    rows = viewers().join(sessions, sessions.c.citizen_id == account.c.citizen_id)
    theirs = (account.c.citizen_id == sa.bindparam("citizen")) & (sessions.c.id == sa.bindparam("its_session"))
    return rows.where(theirs, sessions.c.ended_at.is_(None), sessions.c.expires_at > sa.bindparam("now"))


@question()
def _by_identity(_: Caller) -> Select:
    issuer, subject = outside_identity.c.issuer, outside_identity.c.subject
    return _with_identity().where(issuer == sa.bindparam("its_issuer"), subject == sa.bindparam("its_subject"))


@question()
def _by_issuer(_: Caller) -> Select:
    issuer, citizen_id = outside_identity.c.issuer, outside_identity.c.citizen_id
    return _with_identity().where(issuer == sa.bindparam("its_issuer"), citizen_id == sa.bindparam("citizen"))


def _with_identity() -> Select:
    return viewers().join(outside_identity, outside_identity.c.citizen_id == account.c.citizen_id)


async def viewer(reader: Reader, citizen_id: CitizenId, session_id: SessionId, *, now: datetime) -> Viewer | None:
    """Who an access token stands for, while its session does: one statement, so that its end counts at once."""
    found = await _by_session.ask(reader, None, citizen=citizen_id, its_session=session_id, now=now)
    return read_viewer(found[0], session_id=session_id) if found else None


async def vouched_for(reader: Reader, issuer: str, subject: str) -> Viewer | None:
    """Whom an outside identity is linked to: one statement, so that unlinking counts at once."""
    found = await _by_identity.ask(reader, None, its_issuer=issuer, its_subject=subject)
    return read_viewer(found[0], issuer=issuer) if found else None


async def still_vouched_for(reader: Reader, citizen_id: CitizenId, issuer: str) -> Viewer | None:
    """A citizen who is known by their identity at an issuer, while it is linked."""
    found = await _by_issuer.ask(reader, None, its_issuer=issuer, citizen=citizen_id)
    return read_viewer(found[0], issuer=issuer) if found else None


def viewers() -> Select:
    """Whoever isn't suspended, with what decisions about them rest on."""
    member = organization_member
    belongs = (
        sa.select(sa.func.json_object_agg(member.c.organization_id, member.c.role))
        .where(
            member.c.citizen_id == account.c.citizen_id, member.c.accepted_at.is_not(None), member.c.left_at.is_(None)
        )
        .correlate(account)
        .scalar_subquery()
    )
    return (
        sa.select(
            account.c.citizen_id,
            account.c.locale,
            account.c.moderator,
            account.c.accepted_charter_version,
            citizen.c.adult,
            belongs.label("organizations"),
            here().label("as_of"),
        )
        .join(citizen, citizen.c.id == account.c.citizen_id)
        .where(account.c.suspended_at.is_(None))
    )


def read_viewer(row: Fields, *, session_id: SessionId = NO_SESSION, issuer: str | None = None) -> Viewer:
    belongs = json.loads(row["organizations"]) if row["organizations"] else {}
    return Viewer(
        citizen_id=row["citizen_id"],
        session_id=session_id,
        issuer=issuer,
        locale=Locale(row["locale"]),
        adult=row["adult"],
        accepted_charter_version=row["accepted_charter_version"],
        moderator=row["moderator"],
        organizations={OrganizationId(UUID(key)): MemberRole(role) for key, role in belongs.items()},
        as_of=row["as_of"],
    )


async def account_of(session: AsyncSession, citizen_id: CitizenId) -> Account | None:
    found = (
        await session.execute(
            sa.select(account, citizen.c.full_name, citizen.c.visibility, citizen.c.discoverable)
            .join(citizen, citizen.c.id == account.c.citizen_id)
            .where(account.c.citizen_id == citizen_id)
        )
    ).one_or_none()
    if found is None:
        return None
    return Account(
        citizen_id=found.citizen_id,
        email=found.email,
        email_verified=found.email_verified_at is not None,
        full_name=found.full_name,
        locale=found.locale,
        visibility=found.visibility,
        discoverable=found.discoverable,
        email_notifications=found.email_notifications,
        moderator=found.moderator,
        accepted_charter_version=found.accepted_charter_version,
    )


async def credentials(session: AsyncSession, email_key: str) -> Credentials | None:
    row = (
        await session.execute(
            sa.select(account.c.citizen_id, account.c.password_hash, account.c.suspended_at).where(
                account.c.email_key == email_key
            )
        )
    ).one_or_none()
    return None if row is None else Credentials(row.citizen_id, row.password_hash, row.suspended_at is not None)


async def moderates(session: AsyncSession, citizen_id: CitizenId) -> bool:
    return bool(await session.scalar(sa.select(account.c.moderator).where(account.c.citizen_id == citizen_id)))


async def presented(session: AsyncSession, fingerprint: bytes, *, now: datetime) -> PresentedToken | None:
    """A refresh token by its fingerprint. Its session is locked: of two who present it at once, one is first."""
    row = (
        await session.execute(
            sa.select(refresh_token, sessions.c.ended_at, sessions.c.expires_at, account.c.moderator)
            .join(
                sessions,
                (sessions.c.citizen_id == refresh_token.c.citizen_id) & (sessions.c.id == refresh_token.c.session_id),
            )
            .join(account, account.c.citizen_id == sessions.c.citizen_id)
            .where(refresh_token.c.fingerprint == fingerprint)
            .with_for_update(of=[refresh_token, sessions])
        )
    ).one_or_none()
    if row is None:
        return None
    alive = row.ended_at is None and row.expires_at > now
    used = row.used_at is not None
    return PresentedToken(row.citizen_id, row.session_id, used=used, alive=alive, moderator=row.moderator)


async def live_sessions(session: AsyncSession, citizen_id: CitizenId, *, now: datetime) -> Sequence[SignedInSession]:
    """Where a citizen is signed in, the last used first."""
    rows = await session.execute(
        sa.select(sessions)
        .where(sessions.c.citizen_id == citizen_id, sessions.c.ended_at.is_(None), sessions.c.expires_at > now)
        .order_by(sessions.c.last_used_at.desc(), sessions.c.id)
    )
    return [
        SignedInSession(id=r.id, created_at=r.created_at, last_used_at=r.last_used_at, user_agent=r.user_agent)
        for r in rows
    ]
