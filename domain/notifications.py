"""What citizens are told."""

from enum import StrEnum


class NotificationKind(StrEnum):
    """Why a citizen is told something.

    What each is told with, besides `event_id` where an event is behind it:
    LEVEL_REACHED `level` (1 to 20), SKILL_GAINED `theme` (a ThemeCode), ATTENDANCE_CONFIRMED `points`,
    EVENT_REVIEWED `decision` (a ReviewDecision), INVITATION and WATCH `organization` (its id, as a string).
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
