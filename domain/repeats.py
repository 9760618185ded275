"""Doing once what is asked for twice: answers to changes are kept for a day, under the key that their asker chose."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from uuid import UUID

KEPT = timedelta(hours=24)
LONGEST_KEY = 255
TURN = timedelta(seconds=8)
"""How long whoever began may take before they change something: then they are gone, and another may begin.

Whoever was slow and not gone changes nothing any more: the turn is another's by then.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """What is known of a key.

    Attributes:
        request: The SHA-256 of what was asked for under it.
        turn: Whose turn it is, or was.
        turn_ends: Until when they may take.
        done: Whether something was changed.
        answer: What was answered, sealed; None as long as nothing was, or where it isn't kept.
    """

    request: bytes
    turn: UUID
    turn_ends: datetime
    expires_at: datetime
    done: bool = False
    answer: bytes | None = None


class Standing(Enum):
    """What is to be done about a request whose key is known."""

    BEGIN = auto()
    WAIT = auto()
    ANSWERED = auto()
    DONE = auto()
    """It was done, and its answer is not kept."""
    ANOTHER = auto()
    """The key is another request's."""


def standing(repeat: Repeat, *, request: bytes, now: datetime) -> Standing:
    """What is to be done about a request, under a key that is known."""
    under_way = not repeat.done and repeat.answer is None
    if repeat.expires_at <= now or (under_way and repeat.turn_ends <= now):
        return Standing.BEGIN
    if repeat.request != request:
        return Standing.ANOTHER
    if repeat.answer is not None:
        return Standing.ANSWERED
    # Who changed something and is still at work is waited for: their answer is to come.
    return Standing.DONE if repeat.turn_ends <= now else Standing.WAIT
