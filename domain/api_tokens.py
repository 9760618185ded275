"""Tokens for the systems of organisations."""

from enum import StrEnum


class TokenScope(StrEnum):
    """What a token may do for its organisation."""

    EVENTS_WRITE = "EVENTS_WRITE"
    ATTENDANCE_WRITE = "ATTENDANCE_WRITE"
    FEEDBACK_READ = "FEEDBACK_READ"
    WATCH_READ = "WATCH_READ"
