"""Requests that are refused before GraphQL sees them."""

from collections.abc import Mapping


class BadRequest(Exception):  # noqa: N818
    """A request that is refused: the HTTP status, and the code and words of the error that its answer holds.

    Attributes:
        headers: What HTTP wants said besides: `Allow`, `WWW-Authenticate`, `Retry-After`.
        more: What else the error's `extensions` hold.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        headers: Mapping[str, str] = {},
        more: Mapping[str, object] = {},
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.headers, self.more = headers, more

    def error(self) -> dict[str, object]:
        """The error as it is answered."""
        return {"message": self.message, "extensions": {"code": self.code, **self.more}}
