"""Errors of an operation: one for each place that became null by one, as graphql-core tells them."""

from collections.abc import Iterable, Sequence
from typing import Final

from graphql import FieldNode, GraphQLError, located_error

from engine.places import Key, Place, Step, trail

Path = tuple[Key, ...]


class _Lost:
    __slots__ = ()

    def __repr__(self) -> str:
        return "LOST"


LOST: Final = _Lost()
"""Stands in a column where null may not: what it is of becomes null, if it may, or is lost too."""


def lost(column: Iterable[object]) -> bool:
    """Whether something is lost of a column."""
    return any(each is LOST for each in column)


class Errors:
    """What went wrong so far."""

    def __init__(self) -> None:
        self._found: list[tuple[tuple[int, ...], Path, GraphQLError]] = []

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, error: Exception, nodes: Sequence[FieldNode], place: Place, index: int) -> None:
        """Note an error at one of a column."""
        steps = trail(place, index)
        located = located_error(error, nodes, [step.key for step in steps])
        self._found.append((tuple(step.order for step in steps), _nulled(steps), located))

    def told(self) -> list[GraphQLError]:
        """The errors to tell, in the order of the document.

        Several may make the same place null, then the first is told; what lay below a place that became null is gone,
        and its errors with it.
        """
        first: dict[Path, GraphQLError] = {}
        for _, nulled, error in sorted(self._found, key=lambda found: found[0]):
            first.setdefault(nulled, error)
        return [error for path, error in first.items() if not any(path[:end] in first for end in range(len(path)))]


def _nulled(steps: Sequence[Step]) -> Path:
    """The place that becomes null by an error: its own if it may, else the nearest above; at last all there is."""
    end = len(steps)
    while end and not steps[end - 1].nullable:
        end -= 1
    return tuple(step.key for step in steps[:end])
