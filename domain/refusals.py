"""How the domain says no.

A `Refusal` is something that a person can put right: it stands beside the function that raises it, and its
name is the key of its sentence in the catalogs (`EventIsFull` is `refusal-event-is-full`). What no one can put
right by trying again is `Forbidden` or `Unauthenticated`.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import ClassVar


class RefusalCode(StrEnum):
    """What a program needs to know of a refusal; `UserErrorCode` in the contract."""

    REQUIRED = "REQUIRED"
    INVALID = "INVALID"
    TOO_SHORT = "TOO_SHORT"
    TOO_LONG = "TOO_LONG"
    OUT_OF_RANGE = "OUT_OF_RANGE"
    TAKEN = "TAKEN"
    NOT_FOUND = "NOT_FOUND"
    NOT_ALLOWED = "NOT_ALLOWED"
    EVENT_CLOSED = "EVENT_CLOSED"
    EVENT_OVER = "EVENT_OVER"
    TOO_EARLY = "TOO_EARLY"
    TOO_LATE = "TOO_LATE"
    ALREADY_DONE = "ALREADY_DONE"
    WRONG_CODE = "WRONG_CODE"
    WRONG_CREDENTIALS = "WRONG_CREDENTIALS"
    TOKEN_EXPIRED = "TOKEN_EXPIRED"  # noqa: S105 - a code, not a token
    EMAIL_NOT_VERIFIED = "EMAIL_NOT_VERIFIED"
    CHARTER_NOT_ACCEPTED = "CHARTER_NOT_ACCEPTED"
    TOO_YOUNG = "TOO_YOUNG"
    CONFLICT = "CONFLICT"


class Refusal(Exception):  # noqa: N818 - the domain's word for it
    """One reason why something is refused, and where in the input it lies.

    Args:
        path: The way to the field within the mutation's input, as its client wrote it (`"venue", "city"`).
        parameters: What the sentence needs: numbers, names, times.
    """

    code: ClassVar[RefusalCode] = RefusalCode.INVALID
    sentence: ClassVar[str] = "refusal"

    def __init_subclass__(cls) -> None:
        words = re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()
        cls.sentence = f"refusal-{words}"

    def __init__(self, *path: str, **parameters: object) -> None:
        super().__init__(self.sentence)
        self.path = path
        self.parameters = parameters

    def within(self, *path: str) -> "Refusal":
        """The same refusal, seen from an input that holds this one at `path`."""
        return type(self)(*path, *self.path, **self.parameters)


class Refusals(Exception):  # noqa: N818
    """Several reasons at once, so that a form can show them all."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__(*(refusal.sentence for refusal in self.refusals))


def refuse_if_any(refusals: Iterable[Refusal]) -> None:
    """Raise what was found wrong, all of it, or nothing."""
    found = tuple(refusals)
    if found:
        raise Refusals(found)


class Unauthenticated(Exception):  # noqa: N818
    """Nobody is signed in, and this needs somebody."""


class RateLimited(Exception):  # noqa: N818
    """Too many tries: nothing is looked at for a while.

    Args:
        seconds: After how long to try again.
    """

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Forbidden(Exception):  # noqa: N818
    """This caller may never do that."""
