"""Rows put straight into the tables: for what constraints refuse, and for lists that calls would take long to make."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import SQLModel

from db import models
from db.engine import Database
from db.rows import value_of
from domain.accounts import ProfileVisibility
from domain.citizens import Viewer
from domain.events import EventFormat, EventStatus
from domain.ids import CitizenId, EventId, LedgerEntryId, OrganizationId, ParticipationId, SessionId, SkillId
from domain.ledger import LedgerKind
from domain.organizations import MemberRole, OrganizationKind
from domain.participations import AttendanceEvidence, Participation, ParticipationStatus
from domain.skills import SkillSource
from domain.words import Locale, ThemeCode
from tests.clock import START

_numbers = count(1)


def citizen_row(**changes: Any) -> models.Citizen:  # Any: a value a column
    usual: dict[str, Any] = {
        "handle": f"row-{next(_numbers)}",
        "visibility": ProfileVisibility.PSEUDONYMOUS,
        "member_since": START.date(),
    }
    return models.Citizen(**usual | changes)


def organization_row(**changes: Any) -> models.Organization:  # Any: a value a column
    number = next(_numbers)
    usual: dict[str, Any] = {
        "slug": f"row-{number}",
        "name": f"Association {number}",
        "kind": OrganizationKind.ASSOCIATION,
        "created_at": START,
    }
    return models.Organization(**usual | changes)


def event_row(proposer: UUID, /, **changes: Any) -> models.Event:  # Any: a value a column
    usual: dict[str, Any] = {
        "slug": f"row-{next(_numbers)}",
        "title": "Barcamp",
        "description": "Une soirée.",
        "status": EventStatus.PUBLISHED,
        "format": EventFormat.ONLINE,
        "starts_at": START,
        "ends_at": START + timedelta(hours=2),
        "time_zone": "Europe/Paris",
        "themes": ["CULTURE"],
        "engagement": 3,
        "worth": 90,
        "proposer_id": proposer,
        "check_in_secret": bytes(32),
        "created_at": START,
        "updated_at": START,
        "published_at": START,
    }
    return models.Event(**usual | changes)


def participation_row(citizen: UUID, event: UUID, /, **changes: Any) -> models.Participation:  # Any: a value a column
    usual: dict[str, Any] = {
        "citizen_id": citizen,
        "event_id": event,
        "status": ParticipationStatus.REGISTERED,
        "registered_at": START,
        "queued_at": START,
    }
    return models.Participation(**usual | changes)


def entry_row(citizen: UUID, number: int, /, **changes: Any) -> models.LedgerEntry:  # Any: a value a column
    usual: dict[str, Any] = {
        "citizen_id": citizen,
        "number": number,
        "kind": LedgerKind.PARTICIPATION,
        "occurred_at": START,
        "base_points": 200,
        "multiplier": Decimal(1),
        "points": 200,
        "balance": 200 * number,
        "event_id": uuid4(),
        "policy_version": "2026-1",
    }
    return models.LedgerEntry(**usual | changes)


async def keep(database: Database, *rows: SQLModel) -> None:
    """Add rows, all in one transaction."""
    async with database.unit_of_work() as work:
        work.add_all(rows)


def viewer(citizen: UUID, *, moderator: bool = False, member_of: UUID | None = None) -> Viewer:
    organizations = {} if member_of is None else {OrganizationId(member_of): MemberRole.MANAGER}
    return Viewer(
        citizen_id=CitizenId(citizen),
        session_id=SessionId(uuid4()),
        locale=Locale.FR,
        moderator=moderator,
        organizations=organizations,
    )


@dataclass(frozen=True)
class Active:
    """A citizen who attended two events, one of them not listed, and organised a third; registered for a fourth."""

    id: CitizenId
    handle: str
    listed: ParticipationId
    unlisted: ParticipationId
    registered: ParticipationId
    attended: EventId
    attended_quietly: EventId
    organized: EventId
    entry: LedgerEntryId
    quiet_entry: LedgerEntryId
    skill: SkillId
    myself: Viewer


async def active(database: Database, visibility: ProfileVisibility, *, quietly_at: datetime = START) -> Active:
    row = citizen_row(
        visibility=visibility,
        full_name="Nathan Berto",
        bio="Bonjour.",
        avatar_url="https://example.org/nath.png",
        links=[{"label": "Carnet", "url": "https://example.org/carnet"}],
        talents=["droit"],
        territory_code="FR-44",
    )
    organizer = citizen_row()
    await keep(database, row, organizer)
    first, quiet, own, coming = (
        event_row(organizer.id, themes=["CULTURE"]),
        event_row(organizer.id, themes=["ECONOMY"]),
        event_row(row.id),
        event_row(organizer.id),
    )
    await keep(database, first, quiet, own, coming)
    there = {"status": ParticipationStatus.ATTENDED, "evidence": AttendanceEvidence.ORGANIZER}
    listed = participation_row(row.id, first.id, attended_at=START, **there)
    unlisted = participation_row(row.id, quiet.id, attended_at=quietly_at, listed=False, **there)
    registered = participation_row(row.id, coming.id)
    await keep(database, listed, unlisted, registered)
    entry = entry_row(row.id, 1, event_id=first.id, participation_id=listed.id)
    quiet_entry = entry_row(
        row.id,
        2,
        event_id=quiet.id,
        participation_id=unlisted.id,
        occurred_at=quietly_at,
        points=150,
        balance=350,
        theme=ThemeCode.CULTURE,
        stars=4,
        minutes=270,
        repeats=3,
        reason="Rien.",
    )
    skill = models.SkillHolding(
        citizen_id=row.id, theme=ThemeCode.CULTURE, source=SkillSource.REPEATED_CONTRIBUTION, acquired_at=START
    )
    await keep(
        database,
        entry,
        quiet_entry,
        skill,
        models.CitizenTotal(citizen_id=row.id, points=350, earned_points=350, entries=2),
    )
    return Active(
        CitizenId(row.id),
        row.handle,
        ParticipationId(listed.id),
        ParticipationId(unlisted.id),
        ParticipationId(registered.id),
        EventId(first.id),
        EventId(quiet.id),
        EventId(own.id),
        LedgerEntryId(entry.id),
        LedgerEntryId(quiet_entry.id),
        SkillId(skill.id),
        viewer(row.id),
    )


def by_value(found: Participation | None) -> Participation | None:
    """What is read like a participation as one that can be compared."""
    return None if found is None else value_of(Participation, found)
