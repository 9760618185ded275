"""A clock that tests set."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

START = datetime(2026, 9, 1, 12, tzinfo=UTC)


@dataclass(slots=True)
class Clock:
    """Tells the time that it was set to."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> datetime:
        """Go on by `hours=2`, `days=1` …, and tell the new time."""
        self.now += timedelta(**by)
        return self.now
