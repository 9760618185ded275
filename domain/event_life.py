"""The life of an event, as one table: what an action makes of a state (product.md, section 4).

Who may act, and whether they may now, is in `domain.event_actions`.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from domain import fields
from domain.events import Event, EventStatus
from domain.refusals import Refusal, RefusalCode

_S = EventStatus


class EventAction(StrEnum):
    """What people do with an event."""

    UPDATE = "UPDATE"
    SUBMIT = "SUBMIT"
    REVIEW = "REVIEW"
    CANCEL = "CANCEL"
    COMPLETE = "COMPLETE"
    ANNUL = "ANNUL"
    PUBLISH_OUTCOME = "PUBLISH_OUTCOME"
    CONFIRM_ATTENDANCE = "CONFIRM_ATTENDANCE"
    REGISTER = "REGISTER"
    CANCEL_REGISTRATION = "CANCEL_REGISTRATION"
    CHECK_IN = "CHECK_IN"
    LEAVE_FEEDBACK = "LEAVE_FEEDBACK"


class ReviewDecision(StrEnum):
    """What a moderator makes of what was submitted."""

    PUBLISH = "PUBLISH"
    REJECT = "REJECT"


TRANSITIONS = MappingProxyType(
    {
        (_S.DRAFT, EventAction.UPDATE): (_S.DRAFT,),
        (_S.SUBMITTED, EventAction.UPDATE): (_S.SUBMITTED,),
        (_S.REJECTED, EventAction.UPDATE): (_S.REJECTED,),
        (_S.PUBLISHED, EventAction.UPDATE): (_S.PUBLISHED, _S.SUBMITTED),
        (_S.COMPLETED, EventAction.UPDATE): (_S.COMPLETED,),
        (_S.DRAFT, EventAction.SUBMIT): (_S.SUBMITTED, _S.PUBLISHED),
        (_S.REJECTED, EventAction.SUBMIT): (_S.SUBMITTED, _S.PUBLISHED),
        (_S.SUBMITTED, EventAction.REVIEW): (_S.PUBLISHED, _S.REJECTED),
        (_S.DRAFT, EventAction.CANCEL): (_S.CANCELLED,),
        (_S.SUBMITTED, EventAction.CANCEL): (_S.CANCELLED,),
        (_S.PUBLISHED, EventAction.CANCEL): (_S.CANCELLED,),
        (_S.PUBLISHED, EventAction.COMPLETE): (_S.COMPLETED,),
        (_S.COMPLETED, EventAction.ANNUL): (_S.CANCELLED,),
        (_S.PUBLISHED, EventAction.PUBLISH_OUTCOME): (_S.PUBLISHED,),
        (_S.COMPLETED, EventAction.PUBLISH_OUTCOME): (_S.COMPLETED,),
    }
)
"""(state, action) -> the states it may lead to. What isn't here is refused; what citizens do leaves the state alone."""

LEFT_OPEN = timedelta(days=7)
"""How long after its end an event may wait to be completed by its organisers."""


class EventNotInThatState(Refusal):
    """The event's state doesn't allow that."""

    code = RefusalCode.EVENT_CLOSED


class EventNotOverYet(Refusal):
    """It is completed once it has ended."""

    code = RefusalCode.TOO_EARLY


class TooLateToCancel(Refusal):
    """What is over has taken place, or is annulled by moderators once it is completed."""

    code = RefusalCode.EVENT_OVER


class OutcomeTooEarly(Refusal):
    """What came of an event is known once it has ended."""

    code = RefusalCode.TOO_EARLY


def after(action: EventAction, status: EventStatus, *to: EventStatus) -> EventStatus:
    """The state that `action` leads to: of `to`, the one that the table allows from `status`."""
    allowed = TRANSITIONS.get((status, action), ())
    for target in to:
        if target in allowed:
            return target
    raise EventNotInThatState("id", status=status.value)


def status_on_submitting(status: EventStatus, *, by_verified: bool) -> EventStatus:
    """A verified organisation's event is published at once; anything else waits for a moderator."""
    return after(EventAction.SUBMIT, status, EventStatus.PUBLISHED if by_verified else EventStatus.SUBMITTED)


def check_review(decision: ReviewDecision, reason: str | None) -> Iterator[Refusal]:
    """A rejection has a reason, so that the event can be mended and submitted again."""
    needed = decision is ReviewDecision.REJECT
    yield from fields.text(reason, "reason", minimum=1 if needed else 0, maximum=2_000)


def status_on_reviewing(status: EventStatus, decision: ReviewDecision) -> EventStatus:
    """What was submitted is published or rejected; nothing else is reviewed."""
    published = decision is ReviewDecision.PUBLISH
    return after(EventAction.REVIEW, status, EventStatus.PUBLISHED if published else EventStatus.REJECTED)


def status_on_completing(event: Event, *, now: datetime) -> EventStatus:
    """An event is completed after its end."""
    target = after(EventAction.COMPLETE, event.status, EventStatus.COMPLETED)
    if now < event.details.ends_at:
        raise EventNotOverYet("id")
    return target


def status_on_cancelling(event: Event, *, now: datetime) -> EventStatus:
    """An event is cancelled until its end."""
    target = after(EventAction.CANCEL, event.status, EventStatus.CANCELLED)
    if now >= event.details.ends_at:
        raise TooLateToCancel("id")
    return target


def status_on_annulling(status: EventStatus) -> EventStatus:
    """What was completed and turns out not to have taken place is as good as cancelled."""
    return after(EventAction.ANNUL, status, EventStatus.CANCELLED)


def status_on_publishing_outcome(event: Event, *, now: datetime) -> EventStatus:
    """The outcome of what was published is told after the end, and leaves the event as it is."""
    same = after(EventAction.PUBLISH_OUTCOME, event.status, event.status)
    if now < event.details.ends_at:
        raise OutcomeTooEarly("id")
    return same


def check_reason(reason: str) -> Iterator[Refusal]:
    """What is cancelled or annulled is so for a reason, which is shown."""
    yield from fields.text(reason, "reason", minimum=1, maximum=2_000)


def check_outcome(summary: str, decisions: Sequence[str]) -> Iterator[Refusal]:
    """An outcome has a summary, and up to twenty decisions."""
    yield from fields.text(summary, "summary", minimum=1, maximum=10_000)
    yield from fields.items(decisions, "decisions", maximum=20)
    for number, decision in enumerate(decisions):
        yield from fields.text(decision, "decisions", str(number), minimum=1, maximum=500)


def overdue(event: Event, *, now: datetime) -> bool:
    """Whether a published event has been left open for too long after its end."""
    return event.status is EventStatus.PUBLISHED and now >= event.details.ends_at + LEFT_OPEN
