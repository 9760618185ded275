"""The code shown at an event: eight characters, renewed every ten minutes, the one before still good."""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256

from domain.events import Event, EventFormat, EventStatus
from domain.participations import CHECK_IN_CLOSES_AFTER, CHECK_IN_OPENS_BEFORE

LENGTH = 8
RENEWED_EVERY = timedelta(minutes=10)
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 characters, none that reads like another: no 0, 1, I or O."""
_OF_BYTES = (ALPHABET * (256 // len(ALPHABET))).encode()
"""The character of each byte."""


def code_at(secret: bytes, moment: datetime) -> str:
    """The code of an event, from its secret, in the ten minutes that `moment` lies in."""
    window = int(moment.timestamp() // RENEWED_EVERY.total_seconds())
    digest = hmac.digest(secret, window.to_bytes(8, "big", signed=True), sha256)
    return digest[:LENGTH].translate(_OF_BYTES).decode()


def is_good(code: str, *, secret: bytes, now: datetime) -> bool:
    """Whether a code is the one of now or the one before. Case, spaces and dashes don't matter."""
    given = "".join(code.split()).replace("-", "").upper().encode("utf-8", "surrogatepass")
    good = (code_at(secret, moment).encode() for moment in (now, now - RENEWED_EVERY))
    return any(hmac.compare_digest(given, one) for one in good)


def shown(event: Event, *, now: datetime) -> bool:
    """Whether its organisers are shown the code now: while check-in is open; online, in the last ten minutes on."""
    opens = event.details.starts_at - CHECK_IN_OPENS_BEFORE
    if event.details.format is EventFormat.ONLINE:
        opens = max(opens, event.details.ends_at - RENEWED_EVERY)
    open_now = opens <= now <= event.details.ends_at + CHECK_IN_CLOSES_AFTER
    return open_now and event.status in (EventStatus.PUBLISHED, EventStatus.COMPLETED)
