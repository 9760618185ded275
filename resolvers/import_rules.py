"""What an agenda may make of an event (product.md, section 4). Pure: the time is an argument, and all ids are there."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from domain import event_life, fields
from domain.event_life import EventNotInThatState
from domain.events import Event, EventCounts, EventDetails, EventStatus, check_dates_ahead
from domain.imports import ImportedEvent
from domain.participations import EventIsOver
from domain.refusals import Refusal, RefusalCode

CALLED_OFF = "Annulé, ou reporté sans date, d’après l’agenda de l’organisateur."
"""The reason that is shown: agendas say that, and no more."""

_WEIGHTY = {
    "engagement": "engagement",
    "starts_at": "startsAt",
    "ends_at": "endsAt",
    "effort_minutes": "effortMinutes",
    "themes": "themes",
    "format": "format",
}
"""What the points of an event rest on, and what clients call it."""

_S = EventStatus


class AttendanceAlreadyConfirmed(Refusal):
    """What points rest on can't change any more once an attendance is confirmed."""

    code = RefusalCode.CONFLICT


def status_on_arrival(event: ImportedEvent, *, verified: bool, now: datetime) -> EventStatus:
    """What is over comes in as COMPLETED: nobody took part through Influents."""
    if event.cancelled:
        return _S.CANCELLED
    if event.details.ends_at <= now:
        return _S.COMPLETED
    return event_life.status_on_submitting(_S.DRAFT, by_verified=verified)


def same(here: Event, event: ImportedEvent) -> bool:
    """Whether the agenda says nothing new."""
    return not (_calls_off(here, event) or _revives(here, event)) and _merged(here, event) == here.details


def objections(
    here: Event, event: ImportedEvent, counts: EventCounts, *, verified: bool, now: datetime
) -> Iterator[Refusal]:
    """Why an event can't become what its agenda says now.

    Args:
        here: The event as it is kept.
        event: What the agenda says of it.
        counts: Who takes part in it.
        verified: Whether its organisation is.
        now: The time of the import.
    """
    details = _merged(here, event)
    weighty = _weighty(here, event)
    if counts.attended:
        yield from (AttendanceAlreadyConfirmed(field) for field in weighty)
    seated = counts.registered + counts.attended
    yield from fields.number(details.capacity, "capacity", minimum=seated, maximum=1_000_000)
    if _revives(here, event):
        yield EventNotInThatState("cancelled", status=here.status.value)
    elif _calls_off(here, event):
        yield from _why_not_called_off(here, counts, now=now)
    if here.status is _S.COMPLETED and details.ends_at > now:
        yield EventNotInThatState("endsAt", status=here.status.value)
    # Who registered may still be confirmed: what a moderator saw is what they are awarded for.
    took_registrations = here.published_at is not None and here.published_at < here.details.ends_at
    if here.status is _S.COMPLETED and weighty and took_registrations and not verified:
        yield EventNotInThatState(weighty[0], status=here.status.value)
    if _submitted_anew(here, event, verified=verified):
        yield from check_dates_ahead(details, now=now)


def changed(here: Event, event: ImportedEvent, *, verified: bool, now: datetime) -> Event:
    """An event as its agenda says now; a published one that is over is left for whoever completes it."""
    after = replace(here, details=_merged(here, event), updated_at=now)
    if _calls_off(here, event):
        return replace(after, status=_S.CANCELLED, cancellation_reason=CALLED_OFF)
    if _submitted_anew(here, event, verified=verified):
        return replace(after, status=_S.SUBMITTED, by_verified=False)
    return after


def _merged(here: Event, event: ImportedEvent) -> EventDetails:
    """What the agenda says; and what agendas don't know, as its organisers wrote it here."""
    capacity = here.details.capacity if event.details.capacity is None else event.details.capacity
    return replace(event.details, capacity=capacity, sought_talents=here.details.sought_talents)


def _weighty(here: Event, event: ImportedEvent) -> list[str]:
    """The fields that points rest on and that are to change."""
    old, new = here.details, event.details
    return [field for name, field in _WEIGHTY.items() if getattr(old, name) != getattr(new, name)]


def _calls_off(here: Event, event: ImportedEvent) -> bool:
    return event.cancelled and here.status not in (_S.CANCELLED, _S.REJECTED)


def _revives(here: Event, event: ImportedEvent) -> bool:
    return here.status is _S.CANCELLED and not event.cancelled


def _why_not_called_off(here: Event, counts: EventCounts, *, now: datetime) -> Iterator[Refusal]:
    """Organisers cancel until the end; afterwards it is for moderators to annul."""
    if here.status is _S.COMPLETED:
        yield EventNotInThatState("cancelled", status=here.status.value)
    elif here.details.ends_at <= now:
        yield EventIsOver("cancelled")
    elif counts.attended:
        yield AttendanceAlreadyConfirmed("cancelled")


def _submitted_anew(here: Event, event: ImportedEvent, *, verified: bool) -> bool:
    """An unverified organisation's published event, where what its points rest on changes."""
    return here.status is _S.PUBLISHED and not verified and not event.cancelled and bool(_weighty(here, event))
