"""Bounds that texts and lists share, each refused in its own words."""

from collections.abc import Iterator, Sequence

from domain.refusals import Refusal, RefusalCode


class Required(Refusal):
    """Something must be there."""

    code = RefusalCode.REQUIRED


class TooShort(Refusal):
    """Fewer characters than `minimum`."""

    code = RefusalCode.TOO_SHORT


class TooLong(Refusal):
    """More characters than `maximum`."""

    code = RefusalCode.TOO_LONG


class OutOfRange(Refusal):
    """Not between `minimum` and `maximum`."""

    code = RefusalCode.OUT_OF_RANGE


class TooMany(Refusal):
    """More items than `maximum`."""

    code = RefusalCode.OUT_OF_RANGE


class Repeated(Refusal):
    """The same item twice."""

    code = RefusalCode.INVALID


def text(value: str | None, *path: str, minimum: int = 0, maximum: int) -> Iterator[Refusal]:
    """Refuse a text whose length lies outside the bounds; none at all is refused where `minimum` is above 0."""
    length = len((value or "").strip())
    if length == 0 and minimum > 0:
        yield Required(*path)
    elif length < minimum:
        yield TooShort(*path, minimum=minimum)
    elif length > maximum:
        yield TooLong(*path, maximum=maximum)


def number(value: float | None, *path: str, minimum: int, maximum: int) -> Iterator[Refusal]:
    """Refuse a number outside the bounds; none is fine."""
    if value is not None and not minimum <= value <= maximum:
        yield OutOfRange(*path, minimum=minimum, maximum=maximum)


def items(values: Sequence[object], *path: str, minimum: int = 0, maximum: int) -> Iterator[Refusal]:
    """Refuse a list that is too short, too long, or says something twice."""
    if len(values) < minimum:
        yield Required(*path)
    elif len(values) > maximum:
        yield TooMany(*path, maximum=maximum)
    elif len(set(values)) < len(values):
        yield Repeated(*path)
