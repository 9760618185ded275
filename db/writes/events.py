"""Events: written down, and moved on in their life."""

from dataclasses import dataclass
from datetime import datetime
from secrets import token_bytes
from typing import Any

import sqlalchemy as sa

from db import models
from db.queries.events import SECRETS, EventRow, read_event
from db.questions import Select, question
from db.rows import value_of
from db.tables import event
from db.visibility import event_visible
from db.work import Work
from db.writes.slugs import free_slug
from domain.events import Event, EventDetails, EventStatus
from domain.ids import CitizenId, EventId, OrganizationId
from domain.permissions import Caller


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """An event to be added; `slug` is what it would like to be called."""

    details: EventDetails
    worth: int
    slug: str
    status: EventStatus
    proposer_id: CitizenId | None
    organization_id: OrganizationId | None
    by_verified: bool
    external_id: str | None = None


async def add_event(work: Work, new: NewEvent, *, now: datetime) -> EventId:
    """A new event. Its check-in codes are made from 32 random bytes that no client ever sees."""
    added = models.Event(
        slug=await free_slug(work, event, new.slug),
        status=new.status,
        proposer_id=new.proposer_id,
        organization_id=new.organization_id,
        by_verified=new.by_verified,
        external_id=new.external_id,
        check_in_secret=token_bytes(32),
        created_at=now,
        updated_at=now,
        published_at=now if new.status in (EventStatus.PUBLISHED, EventStatus.COMPLETED) else None,
        submitted_at=now if new.status is EventStatus.SUBMITTED else None,
        **columns_of(new.details, worth=new.worth),
    )
    work.add(added)
    await work.flush()
    return EventId(added.id)


def columns_of(details: EventDetails, *, worth: int) -> dict[str, Any]:  # Any: a value a column
    """What organisers write, as the columns of an event, and the points that it comes to."""
    venue = details.venue
    return {
        "title": details.title,
        "description": details.description,
        "how_to_take_part": details.how_to_take_part,
        "format": details.format,
        "starts_at": details.starts_at,
        "ends_at": details.ends_at,
        "time_zone": details.time_zone,
        "effort_minutes": details.effort_minutes,
        "venue_name": venue and venue.name,
        "venue_address": venue and venue.address,
        "venue_postal_code": venue and venue.postal_code,
        "venue_city": venue and venue.city,
        "latitude": venue and venue.latitude,
        "longitude": venue and venue.longitude,
        "territory_code": details.territory,
        "website_url": details.website_url,
        "image_url": details.image_url,
        "themes": [theme.value for theme in details.themes],
        "engagement": details.engagement,
        "capacity": details.capacity,
        "sought_talents": list(details.sought_talents),
        "worth": worth,
    }


@question(EventRow, read_event)
def _locked(asker: Caller, shared: bool) -> Select:
    return locked_event(asker, shared=shared)


def seen_event(asker: Caller) -> Select:
    """An event that the asker may see."""
    columns = (column for column in event.c if column.name not in SECRETS)
    return sa.select(*columns).where(event.c.id == sa.bindparam("event_id"), event_visible(asker))


def locked_event(asker: Caller, *, shared: bool) -> Select:
    """The same, kept from changing by others; by all of them, or those that don't share it."""
    return seen_event(asker).with_for_update(read=shared)


async def lock_event(work: Work, event_id: EventId, asker: Caller, *, shared: bool = False) -> Event | None:
    """An event the asker may see, kept from changing until the unit of work ends.

    Seats are given one by one; `shared` is for what many may do at once, like giving feedback.
    """
    found = await _locked.ask(work, asker, shared, event_id=event_id)
    return found[0] if found else None


def in_full(locked: Event) -> Event:
    """What was locked as a value of which parts can be replaced. What it is worth may change with them."""
    return value_of(Event, locked, details=value_of(EventDetails, locked.details), kept_worth=None)


async def change_status(
    work: Work,
    event_id: EventId,
    status: EventStatus,
    *,
    by_verified: bool | None = None,
    rejection_reason: str | None = None,
    now: datetime,
) -> None:
    """Move an event on; the first time it is published is kept, why it was rejected until it moves on again."""
    values: dict[str, Any] = {"status": status, "rejection_reason": rejection_reason, "updated_at": now}
    if status is EventStatus.PUBLISHED:
        values["published_at"] = sa.func.coalesce(event.c.published_at, now)
    if status is EventStatus.SUBMITTED:
        values["submitted_at"] = now
    if by_verified is not None:
        values["by_verified"] = by_verified
    await work.execute(sa.update(event).where(event.c.id == event_id).values(**values))
