"""The life of an event: every state, and every action on it."""

from datetime import timedelta

import pytest

from domain.event_life import (
    EventAction,
    EventNotInThatState,
    EventNotOverYet,
    ReviewDecision,
    after,
    check_review,
    status_on_completing,
    status_on_reviewing,
    status_on_submitting,
)
from domain.events import EventStatus
from domain.fields import Required, TooLong
from domain.refusals import Refusal
from tests.clock import START
from tests.samples import event, refused

DRAFT, SUBMITTED, PUBLISHED, REJECTED, CANCELLED, COMPLETED = EventStatus
END = START + timedelta(hours=4, minutes=30)


def test_what_a_verified_organisation_submits_is_published_and_the_rest_waits() -> None:
    for status in (DRAFT, REJECTED):
        assert status_on_submitting(status, by_verified=True) is PUBLISHED
        assert status_on_submitting(status, by_verified=False) is SUBMITTED


@pytest.mark.parametrize("status", [SUBMITTED, PUBLISHED, CANCELLED, COMPLETED])
@pytest.mark.parametrize("by_verified", [True, False])
def test_nothing_else_is_submitted(status: EventStatus, by_verified: bool) -> None:
    with pytest.raises(EventNotInThatState) as refusal:
        status_on_submitting(status, by_verified=by_verified)
    assert refusal.value.parameters == {"status": status.value}


@pytest.mark.parametrize("status", EventStatus)
def test_only_what_waits_is_published_or_rejected(status: EventStatus) -> None:
    if status is SUBMITTED:
        assert status_on_reviewing(status, ReviewDecision.PUBLISH) is PUBLISHED
        assert status_on_reviewing(status, ReviewDecision.REJECT) is REJECTED
        return
    for decision in ReviewDecision:
        with pytest.raises(EventNotInThatState):
            status_on_reviewing(status, decision)


@pytest.mark.parametrize(
    ("decision", "reason", "refusal"),
    [
        (ReviewDecision.PUBLISH, None, None),
        (ReviewDecision.REJECT, "Le lieu manque.", None),
        (ReviewDecision.REJECT, " ", Required),
        (ReviewDecision.REJECT, None, Required),
        (ReviewDecision.REJECT, "a" * 2_001, TooLong),
    ],
)
def test_a_rejection_has_a_reason(decision: ReviewDecision, reason: str | None, refusal: type[Refusal] | None) -> None:
    assert refused(check_review(decision, reason)) == ([] if refusal is None else [(refusal, ("reason",))])


@pytest.mark.parametrize("status", EventStatus)
def test_only_what_is_published_is_completed_and_not_before_its_end(status: EventStatus) -> None:
    if status is not PUBLISHED:
        with pytest.raises(EventNotInThatState):
            status_on_completing(event(status), now=END)
        return
    assert status_on_completing(event(status), now=END) is COMPLETED
    with pytest.raises(EventNotOverYet):
        status_on_completing(event(status), now=END - timedelta(microseconds=1))


@pytest.mark.parametrize("status", [CANCELLED, COMPLETED])
@pytest.mark.parametrize("action", EventAction)
def test_nothing_leads_out_of_the_end_of_an_events_life(status: EventStatus, action: EventAction) -> None:
    with pytest.raises(EventNotInThatState):
        after(action, status, *EventStatus)
