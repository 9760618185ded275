"""Changing an event: what may change when, and what a change brings about (product.md, section 4)."""

from collections.abc import Iterator
from dataclasses import fields as fields_of
from dataclasses import replace
from datetime import datetime
from typing import Any, TypedDict

from domain import event_life
from domain.event_life import EventAction, EventNotInThatState
from domain.events import (
    Event,
    EventDetails,
    EventFormat,
    EventStatus,
    StartsInThePast,
    Venue,
    check_dates_ahead,
    check_details,
    located,
)
from domain.fields import Required
from domain.ids import TerritoryCode
from domain.refusals import Refusal, RefusalCode, refuse_if_any
from domain.words import ThemeCode

WEIGHTY = frozenset({"engagement", "starts_at", "ends_at", "effort_minutes", "themes", "format"})
"""What points rest on: a moderator has seen it, and it can't change any more once it has earned somebody points."""

WORDS = frozenset({"title", "description", "how_to_take_part", "website_url", "image_url"})
"""What can be put better when all is over."""

TOLD = frozenset({"starts_at", "ends_at", "format", "venue"})
"""What whoever has a seat, or waits for one, has to know."""

_NEEDED = ("title", "description", "format", "starts_at", "ends_at", "engagement")
_AS_AT_FIRST: dict[str, object] = {"themes": (), "sought_talents": (), "time_zone": "Europe/Paris"}
"""What null makes of a field that always has a value; no themes at all are refused like everywhere."""


class EventChanges(TypedDict, total=False):
    """What is to change: a field that isn't there stays as it is, None clears it."""

    title: str | None
    description: str | None
    how_to_take_part: str | None
    format: EventFormat | None
    starts_at: datetime | None
    ends_at: datetime | None
    time_zone: str | None
    effort_minutes: int | None
    venue: Venue | None
    territory: TerritoryCode | None
    website_url: str | None
    image_url: str | None
    themes: tuple[ThemeCode, ...] | None
    engagement: int | None
    capacity: int | None
    sought_talents: tuple[str, ...] | None


class AttendanceAlreadyConfirmed(Refusal):
    """What points rest on can't change any more once an attendance was confirmed."""

    code = RefusalCode.CONFLICT


class SeatsAreTaken(Refusal):
    """`taken` seats are: the capacity can't go below."""

    code = RefusalCode.OUT_OF_RANGE


def revised(details: EventDetails, changes: EventChanges) -> EventDetails:
    """The details with the changes made.

    A venue that moves takes the territory along, where that was its venue's and none is given.

    Raises:
        Refusals: something is cleared that every event needs.
    """
    refuse_if_any(Required(_path(name)) for name in _NEEDED if name in changes and changes.get(name) is None)
    values: dict[str, Any] = {  # Any: a value a field
        name: _AS_AT_FIRST.get(name) if value is None else value for name, value in changes.items()
    }
    its_venues = located(replace(details, territory=None)).territory == details.territory
    if "venue" in changes and "territory" not in changes and its_venues:
        values["territory"] = None
    return located(replace(details, **values))


def changed_fields(old: EventDetails, new: EventDetails) -> frozenset[str]:
    """The names of the fields that differ; themes are the same in any order."""
    names = (field.name for field in fields_of(EventDetails))
    differing = {name for name in names if getattr(old, name) != getattr(new, name)}
    return frozenset(differing - ({"themes"} if set(old.themes) == set(new.themes) else set()))


def check_changes(event: Event, new: EventDetails, *, taken: int, confirmed: bool, now: datetime) -> Iterator[Refusal]:
    """Why an event can't become `new`, each at its field.

    Args:
        event: As it is kept.
        new: What it would be.
        taken: How many are registered or attended.
        confirmed: Whether anybody's attendance was ever confirmed.
        now: The time of the call.
    """
    changed = changed_fields(event.details, new)
    if event.status is EventStatus.COMPLETED:
        yield from (EventNotInThatState(_path(name), status=event.status.value) for name in sorted(changed - WORDS))
    elif confirmed:
        yield from (AttendanceAlreadyConfirmed(_path(name)) for name in sorted(changed & WEIGHTY))
    yield from check_details(new)
    if new.capacity is not None and "capacity" in changed and new.capacity < taken:
        yield SeatsAreTaken("capacity", taken=taken)
    if event.status in (EventStatus.SUBMITTED, EventStatus.PUBLISHED):
        yield from _dates_that_have_passed(new, changed, now=now)


def status_on_updating(event: Event, new: EventDetails, *, by_verified: bool, now: datetime) -> EventStatus:
    """Where a change leads: what a moderator has let through is submitted anew where its points would change.

    Raises:
        EventNotInThatState: the event can't be changed at all.
        Refusals: it would have to be submitted anew, and has begun.
    """
    anew = bool(changed_fields(event.details, new) & WEIGHTY) and not by_verified
    if event.status is EventStatus.PUBLISHED and anew:
        refuse_if_any(check_dates_ahead(new, now=now))
        return event_life.after(EventAction.UPDATE, event.status, EventStatus.SUBMITTED)
    return event_life.after(EventAction.UPDATE, event.status, event.status)


def _dates_that_have_passed(new: EventDetails, changed: frozenset[str], *, now: datetime) -> Iterator[Refusal]:
    """A time that changes lies ahead: nothing is moved into the past."""
    if "starts_at" in changed and new.starts_at <= now:
        yield StartsInThePast("startsAt")
    if "ends_at" in changed and new.ends_at <= now:
        yield StartsInThePast("endsAt")


def _path(name: str) -> str:
    """A field as clients write it."""
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)
