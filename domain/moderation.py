"""What moderators do, and never about themselves or their own."""

from enum import StrEnum


class SubjectKind(StrEnum):
    """What can be reported."""

    EVENT = "EVENT"
    CITIZEN = "CITIZEN"
    ORGANIZATION = "ORGANIZATION"
