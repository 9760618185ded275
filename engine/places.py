"""Where a column stands in the answer. It is walked for errors, and for who asks for `info.path`."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple, Protocol

Key = str | int


class Step(NamedTuple):
    """One step down into the answer.

    Attributes:
        key: The field's name in the answer, or the place in a list.
        order: What comes before it there comes before it in the document.
        nullable: Whether null may stand there.
        type: The name of the type whose field it is; None for a place in a list.
    """

    key: Key
    order: int
    nullable: bool
    type: str | None


class Place(Protocol):
    """The place of a column."""

    def up(self, index: int) -> tuple["Place | None", int, Step | None]:
        """From one of the column: the place above, which of that, and the step between them."""


class Root:
    """Where the operation's root stands."""

    __slots__ = ()

    def up(self, index: int) -> tuple[Place | None, int, Step | None]:
        return None, index, None


class FieldOf:
    """A field of each of a column of objects."""

    __slots__ = ("parents", "step")

    def __init__(self, parents: Place, step: Step) -> None:
        self.parents, self.step = parents, step

    def up(self, index: int) -> tuple[Place | None, int, Step | None]:
        return self.parents, index, self.step


class ItemsOf:
    """The items of each of a column of lists, one list after the other."""

    __slots__ = ("ends", "lengths", "lists", "nullable")

    def __init__(self, lists: Place, lengths: Sequence[int], *, nullable: bool) -> None:
        self.lists, self.lengths, self.nullable = lists, lengths, nullable
        self.ends: list[int] | None = None

    def up(self, index: int) -> tuple[Place | None, int, Step | None]:
        if self.ends is None:
            self.ends = list(accumulate(self.lengths))
        which = bisect_right(self.ends, index)
        item = index - (self.ends[which - 1] if which else 0)
        return self.lists, which, Step(item, item, self.nullable, None)


class Some:
    """Some of a column: those that are there, or that are of one type."""

    __slots__ = ("all", "indices")

    def __init__(self, all: Place, indices: Sequence[int]) -> None:
        self.all, self.indices = all, indices

    def up(self, index: int) -> tuple[Place | None, int, Step | None]:
        return self.all, self.indices[index], None


def trail(place: Place, index: int) -> list[Step]:
    """The steps from the root to one of a column."""
    steps: list[Step] = []
    above: Place | None = place
    while above is not None:
        above, index, step = above.up(index)
        if step is not None:
            steps.append(step)
    return steps[::-1]
