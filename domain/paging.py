"""A window over an ordered list, in words that every layer shares."""

from collections.abc import Iterable, Sequence
from datetime import date
from operator import attrgetter
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

T = TypeVar("T")

Place = tuple[str | int | float | date | UUID, ...]
"""Where an item stands in its order: what it is ordered by, then its id. In JSON a day, a moment and an id are their
text."""


class BadPlace(ValueError):  # noqa: N818
    """A place that doesn't fit the order it is used in: a cursor of another list, or none of ours."""


class Window(NamedTuple):
    """`limit` items after and before some places; the last ones of them when `backward`.

    Attributes:
        shown: Attributes of the items that are looked at, `details.title` for one of another; None where any may be.
    """

    limit: int
    after: Place | None = None
    before: Place | None = None
    backward: bool = False
    shown: frozenset[str] | None = None


class Placed(NamedTuple, Generic[T]):
    """An item, and where it stands."""

    item: T
    place: Place

    @staticmethod
    def places(items: "Sequence[Placed[T]]") -> Iterable[Place] | None:
        """Where each of many items stands; None where nobody looks at it."""
        return map(attrgetter("place"), items)


class Page(NamedTuple, Generic[T]):
    """What a window shows, always in the order of the list."""

    items: Sequence[Placed[T]] = ()
    has_next: bool = False
    has_previous: bool = False


def part(items: Sequence[Placed[T]], window: Window, *, shape: tuple[type, ...]) -> Page[T]:
    """What a window shows of a list that is all there.

    Args:
        items: The whole list, in the order of its places.
        window: Which part of it.
        shape: What places of this list are made of.

    Raises:
        BadPlace: the window begins or ends at a place of another list.
    """
    for place in (window.after, window.before):
        if place is not None and tuple(map(type, place)) != shape:
            raise BadPlace
    between = [
        item
        for item in items
        if (window.after is None or item.place > window.after) and (window.before is None or item.place < window.before)
    ]
    more = len(between) > window.limit
    shown = between[-window.limit :] if window.backward else between[: window.limit]
    return Page(
        tuple(shown),
        has_next=window.before is not None if window.backward else more,
        has_previous=more if window.backward else window.after is not None,
    )
