"""The brake on guessing check-in codes (product.md, section 4)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from domain.refusals import RateLimited

WRONG_CODES = 10
CLOSED_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Brake:
    """Wrong codes that a citizen gave for an event; once there are ten, until when theirs aren't looked at."""

    wrong_codes: int = 0
    closed_until: datetime | None = None


def check_brake(brake: Brake, *, now: datetime) -> None:
    """Look at no code, right or wrong, while the brake is on.

    Raises:
        RateLimited: with the seconds that are left.
    """
    if brake.closed_until is not None and now < brake.closed_until:
        raise RateLimited(ceil((brake.closed_until - now).total_seconds()))


def after_wrong_code(brake: Brake, *, now: datetime) -> Brake:
    """The brake after one more wrong code; one that has been on is forgotten."""
    before = brake.wrong_codes if brake.closed_until is None else 0
    wrong = before + 1
    return Brake(wrong, now + CLOSED_FOR if wrong >= WRONG_CODES else None)
