"""What can't be missing, after it was just written."""

from typing import TypeVar

T = TypeVar("T")


def certain(found: T | None, what: str) -> T:
    """`found`, which a unit of work has just kept; that it is gone is nobody's mistake but ours.

    Raises:
        RuntimeError: it is gone; `what` says it.
    """
    if found is None:
        raise RuntimeError(what)
    return found
