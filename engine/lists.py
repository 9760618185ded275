"""Lists: the items of a whole column of lists are completed at once, and put back into theirs."""

from collections.abc import AsyncIterable
from inspect import isawaitable
from itertools import accumulate, chain
from typing import Any

from graphql import GraphQLError

from engine.errors import LOST, lost
from engine.internals import is_iterable
from engine.places import ItemsOf, Place, Some
from engine.positions import Complete, Position
from engine.running import LISTS, Kinds, Run, Soon, Values, then


class Lists:
    """Completes lists.

    Args:
        position: The field that they are of.
        complete_items: Completes their items.
        nullable: Whether an item may be null.
    """

    def __init__(self, position: Position, complete_items: Complete, *, nullable: bool) -> None:
        self.position, self.complete_items, self.nullable = position, complete_items, nullable

    def __call__(self, run: Run, values: Values, place: Place, kinds: Kinds) -> Soon:
        if kinds <= LISTS:
            return self._completed(run, values, place)
        listed = [_listed(value, self.position) for value in values]
        if all(type(each) is list for each in listed):
            return self._completed(run, listed, place)
        return self._later(run, listed, place)

    def _completed(self, run: Run, lists: list[Values], place: Place) -> Soon:
        items: Values = list(chain.from_iterable(lists))
        lengths = list(map(len, lists))
        completed = self.complete_items(run, items, ItemsOf(place, lengths, nullable=self.nullable))
        return then(completed, lambda found: self._cut(run, found, lengths))

    def _cut(self, run: Run, items: Values, lengths: list[int]) -> Values:
        """The items as the lists that they are of. One that was lost takes its list with it."""
        ends = list(accumulate(lengths))
        cut = [items[end - length : end] for end, length in zip(ends, lengths, strict=True)]
        return [LOST if lost(each) else each for each in cut] if run.errors else cut

    async def _later(self, run: Run, listed: Values, place: Place) -> Values:
        """Lists that come item by item, and what is no list."""
        lists: list[int] = []
        for index, each in enumerate(listed):
            try:
                listed[index] = await each if isawaitable(each) else each
            except Exception as error:  # noqa: BLE001 - it is told at its place
                listed[index] = error
            if isinstance(listed[index], Exception):
                run.errors.add(listed[index], self.position.nodes, place, index)
            else:
                lists.append(index)
        completed = self._completed(run, [listed[index] for index in lists], Some(place, lists))
        found = dict(zip(lists, completed if isinstance(completed, list) else await completed, strict=True))
        return [found.get(index, LOST) for index in range(len(listed))]


def _listed(value: object, position: Position) -> Any:  # Any: a list, one that has to be awaited, or an exception
    if isinstance(value, AsyncIterable):
        return _collected(value)
    try:
        if is_iterable(value):
            return list(value)
    except Exception as error:  # noqa: BLE001 - it is told at its place
        return error
    return GraphQLError(f"Expected Iterable, but did not find one for field '{position.name}'.")


async def _collected(values: AsyncIterable[Any]) -> Values:  # Any: what a list holds
    return [each async for each in values]
