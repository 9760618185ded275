"""What leaves the database by the outbox: how long somebody may try, when to try again, and when to give up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.ids import CitizenId, DeliveryId

LEASE = timedelta(minutes=2)
"""How long what was taken belongs to its taker. Longer than a delivery may take: nobody else has it meanwhile."""
ATTEMPTS = 12
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Something to be delivered, and how often that was tried, this time included."""

    id: DeliveryId
    topic: str
    citizen_id: CitizenId | None
    payload: Mapping[str, object] = field(repr=False)
    created_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits to be delivered of a topic: how much, and for how long the oldest has been due."""

    topic: str
    number: int
    late: timedelta


def next_attempt(attempts: int, *, now: datetime, luck: float) -> datetime | None:
    """When to try again after so many failures; None to give up.

    Each wait is twice the one before, from 30 seconds to 4 hours, and 12 attempts take half a day. A quarter more or
    less by luck (0 to 1) keeps what failed together from coming back together.
    """
    if attempts >= ATTEMPTS:
        return None
    wait = min(FIRST_WAIT * (1 << max(attempts - 1, 0)), LONGEST_WAIT)
    return now + wait * (0.75 + luck / 2)
