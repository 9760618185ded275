"""Who may do what with an event, and when: what mutations ask before they act, and what `viewerActions` tells."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from domain import event_life
from domain.attendance import check_desk_open
from domain.charter import check_accepted
from domain.citizens import Viewer
from domain.event_life import EventAction, ReviewDecision
from domain.events import Event, EventStatus, check_dates_ahead
from domain.feedback import check_may_leave_feedback
from domain.participations import (
    Participation,
    ParticipationStatus,
    check_may_cancel,
    check_may_check_in,
    check_may_register,
)
from domain.permissions import organizer, organizes, reviewer, signed_in
from domain.refusals import Forbidden, Refusal, Refusals, Unauthenticated, refuse_if_any


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Somebody before an event, at a time: whatever decides what they may do.

    `own` says that they proposed it, or belonged to its organisation between proposal and end.
    """

    viewer: Viewer | None
    event: Event
    now: datetime
    participation: Participation | None = None
    own: bool = False


def may_update(of: Standing) -> None:
    """Organisers, as long as there is something left that may change: see `domain.event_changes`."""
    check_accepted(organizer(of.viewer, of.event))
    event_life.after(EventAction.UPDATE, of.event.status, of.event.status)


def may_submit(of: Standing) -> None:
    """Organisers, what they have drafted or mended, and as long as it lies ahead."""
    check_accepted(organizer(of.viewer, of.event))
    event_life.after(EventAction.SUBMIT, of.event.status, EventStatus.SUBMITTED)
    refuse_if_any(check_dates_ahead(of.event.details, now=of.now))


def may_review(of: Standing) -> None:
    """Moderators whom it doesn't concern, while it waits."""
    _unconcerned(of)
    event_life.status_on_reviewing(of.event.status, ReviewDecision.PUBLISH)


def _unconcerned(of: Standing) -> None:
    """A moderator who neither organises an event nor did: leaving an organisation isn't enough."""
    reviewer(of.viewer, of.event)
    if of.own:
        raise Forbidden


def may_cancel(of: Standing) -> None:
    """Organisers, until the end."""
    organizer(of.viewer, of.event)
    event_life.status_on_cancelling(of.event, now=of.now)


def may_complete(of: Standing) -> None:
    """Organisers, after the end."""
    organizer(of.viewer, of.event)
    event_life.status_on_completing(of.event, now=of.now)


def may_annul(of: Standing) -> None:
    """Moderators whom it doesn't concern, once it is completed."""
    _unconcerned(of)
    event_life.status_on_annulling(of.event.status)


def may_publish_outcome(of: Standing) -> None:
    """Organisers, after the end; again, to put right what they wrote."""
    organizer(of.viewer, of.event)
    event_life.status_on_publishing_outcome(of.event, now=of.now)


def may_confirm_attendance(of: Standing) -> None:
    """Organisers, while the desk is open."""
    organizer(of.viewer, of.event)
    check_desk_open(of.event, now=of.now)


def may_register(of: Standing) -> None:
    """Whoever has no seat or place in line yet, and doesn't organise it."""
    signed_in(of.viewer)
    check_may_register(of.event, organizes=of.own or organizes(of.viewer, of.event), now=of.now)


def may_cancel_registration(of: Standing) -> None:
    """Whoever has a seat or a place in line."""
    signed_in(of.viewer)
    check_may_cancel(of.event, of.participation, now=of.now)


def may_check_in(of: Standing) -> None:
    """Whoever has a seat, while the code is looked at."""
    signed_in(of.viewer)
    check_may_check_in(of.event, of.participation, organizes=of.own, now=of.now)


def may_leave_feedback(of: Standing) -> None:
    """Whoever attended and has not answered, for 90 days from the end."""
    signed_in(of.viewer)
    check_may_leave_feedback(of.event, of.participation, now=of.now)


CHECKS = MappingProxyType[EventAction, Callable[[Standing], None]](
    {
        EventAction.UPDATE: may_update,
        EventAction.SUBMIT: may_submit,
        EventAction.REVIEW: may_review,
        EventAction.CANCEL: may_cancel,
        EventAction.COMPLETE: may_complete,
        EventAction.ANNUL: may_annul,
        EventAction.PUBLISH_OUTCOME: may_publish_outcome,
        EventAction.CONFIRM_ATTENDANCE: may_confirm_attendance,
        EventAction.REGISTER: may_register,
        EventAction.CANCEL_REGISTRATION: may_cancel_registration,
        EventAction.CHECK_IN: may_check_in,
        EventAction.LEAVE_FEEDBACK: may_leave_feedback,
    }
)
"""What each action asks: it raises `Unauthenticated`, `Forbidden`, a `Refusal` or `Refusals` where it isn't allowed."""


def available(of: Standing) -> tuple[EventAction, ...]:
    """What somebody could do with an event now: what isn't refused, and isn't done already."""
    return tuple(action for action in CHECKS if not _done(action, of) and _allowed(action, of))


def _allowed(action: EventAction, of: Standing) -> bool:
    try:
        CHECKS[action](of)
    except (Unauthenticated, Forbidden, Refusal, Refusals):
        return False
    return True


def _done(action: EventAction, of: Standing) -> bool:
    """Whether it would be a repetition: that does no harm, and is nothing to offer."""
    taking_part = of.participation is not None and of.participation.status is not ParticipationStatus.CANCELLED
    if action is EventAction.REGISTER:
        return taking_part
    return action is EventAction.CANCEL_REGISTRATION and not taking_part
