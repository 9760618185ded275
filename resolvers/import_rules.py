"""What an agenda may make of an event (product.md, section 4). Pure: the time is an argument."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from domain import event_changes, event_life
from domain.event_life import EventNotInThatState
from domain.events import Event, EventDetails, EventStatus
from domain.imports import ImportedEvent
from domain.refusals import Refusal, refuse_if_any

CALLED_OFF = "Annulé, ou reporté sans date, d’après l’agenda de l’organisateur."
"""The reason that is shown: agendas say that, and no more."""

_S = EventStatus


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


def changed(here: Event, event: ImportedEvent, *, taken: int, confirmed: bool, verified: bool, now: datetime) -> Event:
    """An event as its agenda says now; a published one that is over is left for whoever completes it.

    Args:
        here: The event as it is kept.
        event: What the agenda says of it, which follows the rules of every event.
        taken: How many are registered or attended.
        confirmed: Whether anybody's attendance was ever confirmed.
        verified: Whether its organisation is.
        now: The time of the import.

    Raises:
        Refusal, Refusals: why it can't become that: the rules that its organisers follow, and what comes of an agenda.
    """
    details = _merged(here, event)
    refuse_if_any(_wrong(here, event, details, taken=taken, confirmed=confirmed, now=now))
    after = replace(here, details=details, updated_at=now)
    if _calls_off(here, event):
        return replace(after, status=_S.CANCELLED, cancellation_reason=CALLED_OFF)
    if here.status is _S.CANCELLED:
        return after
    status = event_changes.status_on_updating(here, details, by_verified=verified, now=now)
    return after if status is here.status else replace(after, status=status, by_verified=verified)


def _wrong(
    here: Event, event: ImportedEvent, details: EventDetails, *, taken: int, confirmed: bool, now: datetime
) -> Iterator[Refusal]:
    if here.status is not _S.COMPLETED or _was_open(here):
        yield from event_changes.check_changes(here, details, taken=taken, confirmed=confirmed, now=now)
    elif details.ends_at > now:
        yield EventNotInThatState("endsAt", status=here.status.value)
    if _revives(here, event):
        yield EventNotInThatState("cancelled", status=here.status.value)
    if _calls_off(here, event):
        try:
            event_life.status_on_cancelling(here, now=now)
        except Refusal as refusal:
            yield type(refusal)("cancelled", **refusal.parameters)


def _merged(here: Event, event: ImportedEvent) -> EventDetails:
    """What the agenda says; and what agendas don't know, as its organisers wrote it here."""
    capacity = here.details.capacity if event.details.capacity is None else event.details.capacity
    return replace(event.details, capacity=capacity, sought_talents=here.details.sought_talents)


def _calls_off(here: Event, event: ImportedEvent) -> bool:
    return event.cancelled and here.status not in (_S.CANCELLED, _S.REJECTED)


def _revives(here: Event, event: ImportedEvent) -> bool:
    return here.status is _S.CANCELLED and not event.cancelled


def _was_open(here: Event) -> bool:
    """Whether anybody could register: what was over when it came in rests on nobody's word but its agenda's."""
    return here.published_at is not None and here.published_at < here.details.ends_at
