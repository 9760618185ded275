"""What citizens are told, and the sentence that tells it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.ids import CitizenId, EventId, NotificationId, OrganizationId
from domain.refusals import Refusal, RefusalCode
from domain.words import Sentence


class NotificationKind(StrEnum):
    """Why a citizen is told something.

    What each is told with, besides `event_id` where an event is behind it:
    LEVEL_REACHED `level` (1 to 20), SKILL_GAINED `theme` (a ThemeCode), ATTENDANCE_CONFIRMED `points`,
    EVENT_REVIEWED `decision` (a ReviewDecision), INVITATION, WATCH and WEBHOOK_DISABLED `organization` (its id, as
    a string).
    An INVITATION without an event is one to become a member.
    """

    EVENT_CHANGED = "EVENT_CHANGED"
    EVENT_CANCELLED = "EVENT_CANCELLED"
    SEAT_FREED = "SEAT_FREED"
    ATTENDANCE_CONFIRMED = "ATTENDANCE_CONFIRMED"
    LEVEL_REACHED = "LEVEL_REACHED"
    SKILL_GAINED = "SKILL_GAINED"
    FEEDBACK_RECEIVED = "FEEDBACK_RECEIVED"
    OUTCOME_PUBLISHED = "OUTCOME_PUBLISHED"
    EVENT_REVIEWED = "EVENT_REVIEWED"
    INVITATION = "INVITATION"
    WATCH = "WATCH"
    WEBHOOK_DISABLED = "WEBHOOK_DISABLED"


class UnknownNotification(Refusal):
    """There is none with that id among one's own."""

    code = RefusalCode.NOT_FOUND


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """Something that a citizen is told; for them alone."""

    id: NotificationId
    citizen_id: CitizenId
    kind: NotificationKind
    event_id: EventId | None
    parameters: Mapping[str, str | int] = field(default_factory=dict)
    created_at: datetime
    read_at: datetime | None = None

    @property
    def organization_id(self) -> OrganizationId | None:
        """Whose doing it is, where it is an organisation's."""
        organization = self.parameters.get("organization")
        return None if organization is None else OrganizationId(UUID(str(organization)))


def told(notification: Notification, *, event: str | None, organization: str | None) -> Sentence:
    """What a notification tells.

    Args:
        notification: What happened.
        event: The title of its event as its reader may see it; None where there is none to see.
        organization: The name of its organisation; None likewise.
    """
    return Sentence(f"notification-{_words(notification)}", _said(notification, event, organization))


def subject(notification: Notification, *, event: str | None, organization: str | None) -> Sentence:
    """The same in a few words, as the subject of a mail."""
    return Sentence(f"subject-{_words(notification)}", _said(notification, event, organization))


def _words(notification: Notification) -> str:
    return notification.kind.value.lower().replace("_", "-")


def _said(notification: Notification, event: str | None, organization: str | None) -> Mapping[str, object]:
    given = notification.parameters
    return {
        "about": "nothing" if event is None else "event",
        "event": event or "",
        "by": "nobody" if organization is None else "organization",
        "organization": organization or "",
        "points": given.get("points", 0),
        "level": given.get("level", 1),
        "skill": given.get("theme", ""),
        "decision": given.get("decision", ""),
    }
