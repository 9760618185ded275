"""Domain values to start from: the first policy, and the reference event as its owners would write it."""

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from db.reference.policies import policy_files
from domain.events import Event, EventDetails, EventFormat, EventStatus, Venue
from domain.ids import CitizenId, EventId, OrganizationId
from domain.policy import Policies
from domain.refusals import Refusal
from domain.words import ThemeCode
from tests.clock import START

T = TypeVar("T")
POLICY = next(policy for policy, _ in policy_files() if policy.version == "2026-1")
POLICIES = Policies.of([POLICY])
NATH, SOMEBODY = CitizenId(UUID(int=1)), CitizenId(UUID(int=2))
DEMOTIC = OrganizationId(UUID(int=3))
DETAILS = EventDetails(
    title="Barcamp Datajournalisme",
    description="Une soirée pour apprendre à lire les données publiques, ensemble.",
    format=EventFormat.IN_PERSON,
    starts_at=START,
    ends_at=START + timedelta(hours=4, minutes=30),
    themes=(ThemeCode.PUBLIC_ADMINISTRATION,),
    engagement=3,
    venue=Venue(city="Nantes", postal_code="44000"),
)


def details(**changes: Any) -> EventDetails:  # Any: the fields of EventDetails, by name
    """The Barcamp Datajournalisme, at START; `changes` are fields of EventDetails."""
    return replace(DETAILS, **changes)


def event(
    status: EventStatus = EventStatus.PUBLISHED,
    *,
    proposer: CitizenId | None = SOMEBODY,
    organization: OrganizationId | None = None,
    by_verified: bool = False,
    updated_at: datetime = START - timedelta(days=7),
    **changes: Any,  # Any: the fields of EventDetails, by name
) -> Event:
    """The same as it is kept: proposed by SOMEBODY in their own name, and published, unless told."""
    return Event(
        id=EventId(UUID(int=4)),
        slug="barcamp-datajournalisme",
        details=details(**changes),
        status=status,
        proposer_id=proposer,
        organization_id=organization,
        by_verified=by_verified,
        updated_at=updated_at,
    )


def refused(refusals: Iterable[Refusal]) -> list[tuple[type[Refusal], tuple[str, ...]]]:
    """What was refused, and where in the input."""
    return [(type(refusal), refusal.path) for refusal in refusals]


def as_made(kind: type[T], read: T) -> T:
    """A value of the domain with all that a row says which is read like one: rows are equal to nothing but rows."""
    return kind(**{each.name: getattr(read, each.name) for each in fields(kind)})  # type: ignore[arg-type]
