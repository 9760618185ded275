"""How many may watch at once: in all, and of one caller."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from influents.operations.refusing import BadRequest
from resolvers.context import Context

RETRY_SECONDS = 10


class Seats:
    """The seats of a process. A socket takes one, and each subscription."""

    def __init__(self, *, most: int, most_of_one: int) -> None:
        self.most, self.most_of_one = most, most_of_one
        self._taken = Counter[str]()

    def __len__(self) -> int:
        return self._taken.total()

    @contextmanager
    def taken(self, by: str) -> Iterator[None]:
        """A seat, for as long as the block lasts.

        Raises:
            BadRequest: there is none left, or none for this caller.
        """
        if len(self) >= self.most:
            raise _full(503, "SERVICE_UNAVAILABLE", "Too many are watching: come back later.")
        if self._taken[by] >= self.most_of_one:
            raise _full(429, "RATE_LIMITED", f"You watch {self.most_of_one} things at once already.")
        self._taken[by] += 1
        try:
            yield
        finally:
            self._taken[by] -= 1
            if not self._taken[by]:
                del self._taken[by]


def seat_of(ctx: Context) -> str:
    """Whose seats are taken: a person's, a token's, or those of an address that says nothing of who asks."""
    if ctx.viewer is not None:
        return f"citizen {ctx.viewer.citizen_id}"
    if ctx.partner is not None:
        return f"token {ctx.partner.token_id}"
    return f"address {ctx.address}"


def _full(status: int, code: str, message: str) -> BadRequest:
    more = {"retryAfter": RETRY_SECONDS}
    return BadRequest(status, code, message, headers={"Retry-After": str(RETRY_SECONDS)}, more=more)
