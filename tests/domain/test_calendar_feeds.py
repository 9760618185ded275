"""What a citizen's own calendar says of an event, and for how long."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from domain.calendar_feeds import Certainty, certainty, changed_at
from domain.events import EventStatus
from domain.ids import CitizenId, EventId, ParticipationId
from domain.participations import Participation, ParticipationStatus
from tests.clock import START
from tests.samples import event

KEY = UUID(int=9)
OWN = Participation(
    id=ParticipationId(KEY),
    citizen_id=CitizenId(KEY),
    event_id=EventId(UUID(int=4)),
    status=ParticipationStatus.REGISTERED,
    registered_at=START - timedelta(days=3),
    queued_at=START - timedelta(days=3),
)
BEFORE, AFTER = START - timedelta(days=1), START + timedelta(days=10)


@pytest.mark.parametrize(
    ("event_status", "status", "before", "after"),
    [
        ("PUBLISHED", "REGISTERED", "CONFIRMED", "CONFIRMED"),
        ("PUBLISHED", "WAITLISTED", "TENTATIVE", "TENTATIVE"),
        ("PUBLISHED", "CANCELLED", "CANCELLED", None),
        ("SUBMITTED", "REGISTERED", "TENTATIVE", "TENTATIVE"),
        ("REJECTED", "REGISTERED", "CANCELLED", "CANCELLED"),
        ("CANCELLED", "CANCELLED", "CANCELLED", "CANCELLED"),
        ("COMPLETED", "ATTENDED", "CONFIRMED", "CONFIRMED"),
        ("COMPLETED", "NO_SHOW", "CANCELLED", None),
    ],
)
def test_an_event_is_as_sure_as_the_place_one_has(
    event_status: str, status: str, before: str | None, after: str | None
) -> None:
    planned, own = event(EventStatus(event_status)), replace(OWN, status=ParticipationStatus(status))
    for now, told in ((BEFORE, before), (AFTER, after)):
        assert certainty(planned, own, now=now) == (Certainty(told) if told else None)


def test_the_last_change_is_the_events_or_ones_own() -> None:
    assert changed_at(event(updated_at=BEFORE), OWN) == BEFORE
    assert changed_at(event(updated_at=START - timedelta(days=9)), OWN) == OWN.registered_at
    withdrawn: datetime = START - timedelta(hours=1)
    assert changed_at(event(updated_at=BEFORE), replace(OWN, withdrawn_at=withdrawn)) == withdrawn
