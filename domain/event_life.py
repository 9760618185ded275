"""The life of an event, as one table: what an action makes of a state (product.md, section 4)."""

from collections.abc import Iterator
from datetime import datetime
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
        (_S.DRAFT, EventAction.SUBMIT): (_S.SUBMITTED, _S.PUBLISHED),
        (_S.REJECTED, EventAction.SUBMIT): (_S.SUBMITTED, _S.PUBLISHED),
        (_S.SUBMITTED, EventAction.REVIEW): (_S.PUBLISHED, _S.REJECTED),
        (_S.PUBLISHED, EventAction.COMPLETE): (_S.COMPLETED,),
    }
)
"""(state, action) -> the states it may lead to. What isn't here is refused."""


class EventNotInThatState(Refusal):
    """The event's state doesn't allow that."""

    code = RefusalCode.EVENT_CLOSED


class EventNotOverYet(Refusal):
    """It is completed once it has ended."""

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
