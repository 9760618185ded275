"""Rows put straight into the tables: for what constraints refuse, and for lists that calls would take long to make."""

from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import SQLModel

from db import models
from db.engine import Database
from domain.accounts import ProfileVisibility
from domain.events import EventFormat, EventStatus
from domain.ledger import LedgerKind
from domain.organizations import OrganizationKind
from domain.participations import ParticipationStatus
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


def event_row(proposer: UUID | None, **changes: Any) -> models.Event:  # Any: a value a column
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
        "proposer_id": proposer,
        "check_in_secret": bytes(32),
        "created_at": START,
        "updated_at": START,
        "published_at": START,
    }
    return models.Event(**usual | changes)


def participation_row(citizen: UUID, event: UUID, **changes: Any) -> models.Participation:  # Any: a value a column
    usual: dict[str, Any] = {
        "citizen_id": citizen,
        "event_id": event,
        "status": ParticipationStatus.REGISTERED,
        "registered_at": START,
        "queued_at": START,
    }
    return models.Participation(**usual | changes)


def entry_row(citizen: UUID, number: int, **changes: Any) -> models.LedgerEntry:  # Any: a value a column
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
