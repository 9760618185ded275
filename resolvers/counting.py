"""Counting what callers do, together with the other processes where they share a store."""

from typing import NamedTuple, Protocol


class Standing(NamedTuple):
    """Where one stands with a limit.

    Attributes:
        left: How much more there may be.
        seconds: After how long all of it may be again.
    """

    left: int
    seconds: int


class Counter(Protocol):
    """Counts, each under its key and for a time that begins with the first one."""

    async def add(self, key: str, amount: int = 1, *, most: int, seconds: int) -> int | None:
        """Count so much more; where that is too much, how many seconds to wait."""

    async def standing(self, key: str, *, most: int, seconds: int) -> Standing:
        """Where one stands; nothing is counted."""

    async def forget(self, key: str, *, most: int, seconds: int) -> None:
        """Begin afresh."""


class Uncounted:
    """Where nothing is counted: on the command line, in a demo town, and in load tests."""

    async def add(self, key: str, amount: int = 1, *, most: int, seconds: int) -> int | None:  # noqa: ARG002
        return None

    async def standing(self, key: str, *, most: int, seconds: int) -> Standing:  # noqa: ARG002
        return Standing(most, seconds)

    async def forget(self, key: str, *, most: int, seconds: int) -> None:
        """Nothing is there."""

    async def close(self) -> None:
        """Nothing is open."""
