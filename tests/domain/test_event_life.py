"""The life of an event: every state, and every action on it."""

from datetime import timedelta

import pytest

from domain.event_life import (
    TRANSITIONS,
    EventAction,
    EventNotInThatState,
    EventNotOverYet,
    OutcomeTooEarly,
    ReviewDecision,
    TooLateToCancel,
    after,
    check_outcome,
    check_reason,
    check_review,
    overdue,
    status_on_annulling,
    status_on_cancelling,
    status_on_completing,
    status_on_publishing_outcome,
    status_on_reviewing,
    status_on_submitting,
)
from domain.events import EventStatus
from domain.fields import Repeated, Required, TooLong, TooMany
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


@pytest.mark.parametrize("action", EventAction)
def test_nothing_leads_out_of_a_cancelled_event(action: EventAction) -> None:
    with pytest.raises(EventNotInThatState):
        after(action, CANCELLED, *EventStatus)


@pytest.mark.parametrize("action", EventAction)
def test_a_completed_event_stays_so_unless_it_is_annulled(action: EventAction) -> None:
    stays = {EventAction.UPDATE, EventAction.PUBLISH_OUTCOME}
    others = [status for status in EventStatus if status is not COMPLETED]
    if action is EventAction.ANNUL:
        assert status_on_annulling(COMPLETED) is CANCELLED
        return
    with pytest.raises(EventNotInThatState):
        after(action, COMPLETED, *others)
    if action in stays:
        assert after(action, COMPLETED, COMPLETED) is COMPLETED


def test_only_what_is_here_happens() -> None:
    """Every state and every step out of it: what isn't drawn here is refused."""
    drawn = {
        (DRAFT, SUBMITTED), (DRAFT, PUBLISHED), (DRAFT, CANCELLED),
        (SUBMITTED, PUBLISHED), (SUBMITTED, REJECTED), (SUBMITTED, CANCELLED),
        (REJECTED, SUBMITTED), (REJECTED, PUBLISHED),
        (PUBLISHED, SUBMITTED), (PUBLISHED, COMPLETED), (PUBLISHED, CANCELLED),
        (COMPLETED, CANCELLED),
    }  # fmt: skip
    assert {(status, to) for (status, _), targets in TRANSITIONS.items() for to in targets if to is not status} == drawn


@pytest.mark.parametrize("status", EventStatus)
def test_an_event_is_cancelled_until_its_end_unless_it_was_rejected_or_is_done(status: EventStatus) -> None:
    if status not in (DRAFT, SUBMITTED, PUBLISHED):
        with pytest.raises(EventNotInThatState):
            status_on_cancelling(event(status), now=START)
        return
    assert status_on_cancelling(event(status), now=END - timedelta(microseconds=1)) is CANCELLED
    with pytest.raises(TooLateToCancel):
        status_on_cancelling(event(status), now=END)


@pytest.mark.parametrize("status", EventStatus)
def test_only_what_is_completed_is_annulled(status: EventStatus) -> None:
    if status is COMPLETED:
        assert status_on_annulling(status) is CANCELLED
        return
    with pytest.raises(EventNotInThatState):
        status_on_annulling(status)


@pytest.mark.parametrize("status", EventStatus)
def test_an_outcome_is_told_after_the_end_of_what_was_published(status: EventStatus) -> None:
    if status not in (PUBLISHED, COMPLETED):
        with pytest.raises(EventNotInThatState):
            status_on_publishing_outcome(event(status), now=END)
        return
    assert status_on_publishing_outcome(event(status), now=END) is status
    with pytest.raises(OutcomeTooEarly):
        status_on_publishing_outcome(event(status), now=END - timedelta(microseconds=1))


@pytest.mark.parametrize(
    ("summary", "decisions", "expected"),
    [
        ("Un atelier de plus.", (), []),
        ("a" * 10_000, tuple(str(number) for number in range(20)), []),
        ("a", ("a" * 500,), []),
        (" ", (), [(Required, ("summary",))]),
        ("a" * 10_001, (), [(TooLong, ("summary",))]),
        ("a", tuple(str(number) for number in range(21)), [(TooMany, ("decisions",))]),
        ("a", ("a" * 501, " "), [(TooLong, ("decisions", "0")), (Required, ("decisions", "1"))]),
        ("a", ("Oui", "Oui"), [(Repeated, ("decisions",))]),
    ],
)
def test_an_outcome_has_a_summary_and_up_to_twenty_decisions(
    summary: str, decisions: tuple[str, ...], expected: list[tuple[type[Refusal], tuple[str, ...]]]
) -> None:
    assert refused(check_outcome(summary, decisions)) == expected


@pytest.mark.parametrize(
    ("reason", "refusal"), [("Pluie.", None), ("a" * 2_000, None), (" ", Required), ("a" * 2_001, TooLong)]
)
def test_what_is_called_off_is_so_for_a_reason(reason: str, refusal: type[Refusal] | None) -> None:
    assert refused(check_reason(reason)) == ([] if refusal is None else [(refusal, ("reason",))])


@pytest.mark.parametrize("status", EventStatus)
def test_what_is_left_open_for_a_week_is_overdue(status: EventStatus) -> None:
    assert overdue(event(status), now=END + timedelta(days=7)) == (status is PUBLISHED)
    assert not overdue(event(status), now=END + timedelta(days=7, microseconds=-1))
