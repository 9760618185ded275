"""From a column of values to what is answered: nulls, lists, leaves, objects, and what may be of several types.

A completed column has as many values as it was given. `LOST` among them stands where null may not: the place above
sees to it.
"""

from collections.abc import Awaitable
from typing import Any, NamedTuple, cast

from graphql import (
    GraphQLInterfaceType,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLUnionType,
)

from engine.errors import LOST
from engine.leaves import no_value
from engine.lists import Lists
from engine.objects import Objects, OfSeveralTypes
from engine.places import Place, Some
from engine.positions import Complete, CompleteThere, Position
from engine.running import Kinds, Run, Soon, Values, all_plain, settled, then


def completing(position: Position, type_: GraphQLOutputType) -> Complete:
    """What completes values of a type."""
    if isinstance(type_, GraphQLNonNull):
        return There(position, _inner(position, type_.of_type), nullable=False)
    return There(position, _inner(position, type_), nullable=True)


class Things(NamedTuple):
    """What completes objects, and where null may stand: in a list of them, where they are listed, and in the place of
    one, or of the list.
    """

    objects: Objects | OfSeveralTypes
    nullable: bool
    listed: bool
    items_nullable: bool


def things(complete: Complete) -> Things | None:
    """What completes objects, or lists of them; None where it is anything else that is completed."""
    if not isinstance(complete, There):
        return None
    inner = complete.inner
    if isinstance(inner, Lists) and isinstance(inner.complete_items, There):
        items = inner.complete_items
        if isinstance(items.inner, Objects | OfSeveralTypes):
            return Things(items.inner, complete.nullable, listed=True, items_nullable=items.nullable)
    if isinstance(inner, Objects | OfSeveralTypes):
        return Things(inner, complete.nullable, listed=False, items_nullable=False)
    return None


def _inner(position: Position, type_: GraphQLOutputType) -> CompleteThere:
    """What completes values that are there."""
    if isinstance(type_, GraphQLList):
        item = type_.of_type
        return Lists(position, completing(position, item), nullable=not isinstance(item, GraphQLNonNull))
    if isinstance(type_, GraphQLObjectType):
        return Objects(position, type_)
    if isinstance(type_, GraphQLInterfaceType | GraphQLUnionType):
        return OfSeveralTypes(position, type_)
    return _leaves(position, cast("GraphQLLeafType", type_))


class There:
    """Completes what is there of a column, and sees to what isn't."""

    def __init__(self, position: Position, inner: CompleteThere, *, nullable: bool) -> None:
        self.position, self.inner, self.nullable = position, inner, nullable
        self.null = None if nullable else LOST

    def __call__(self, run: Run, values: Values, place: Place) -> Soon:
        kinds = set(map(type, values))
        if all_plain(values, kinds):
            completed = self.inner(run, values, place, kinds)
            return then(completed, lambda found: self._with_nulls(run, found)) if self.nullable else completed
        awaited = settled(values)
        return self._of_those(run, values, place) if isinstance(awaited, list) else self._later(run, awaited, place)

    async def _later(self, run: Run, values: Awaitable[Values], place: Place) -> Values:
        completed = self(run, await values, place)
        return completed if isinstance(completed, list) else await completed

    def _with_nulls(self, run: Run, completed: Values) -> Values:
        return [None if value is LOST else value for value in completed] if run.errors else completed

    def _of_those(self, run: Run, values: Values, place: Place) -> Soon:
        """Complete those that are there, and put them where they were."""
        there: list[int] = []
        for index, value in enumerate(values):
            if isinstance(value, Exception):
                run.errors.add(value, self.position.nodes, place, index)
            elif not no_value(value):
                there.append(index)
            elif not self.nullable:
                missing = TypeError(f"Cannot return null for non-nullable field {self.position.name}.")
                run.errors.add(missing, self.position.nodes, place, index)

        def put(found: Values) -> Values:
            completed: Values = [self.null] * len(values)
            for index, value in zip(there, found, strict=True):
                completed[index] = self.null if value is LOST else value
            return completed

        those = [values[index] for index in there]
        return then(self.inner(run, those, Some(place, there), set(map(type, those))), put)


def _leaves(position: Position, type_: GraphQLLeafType) -> CompleteThere:
    leaf = position.planner.leaf(type_)

    def complete(run: Run, values: Values, place: Place, kinds: Kinds) -> Soon:
        try:
            return leaf.column(values, kinds)
        except Exception:  # noqa: BLE001 - one by one, to tell which
            return [one(run, value, place, index) for index, value in enumerate(values)]

    def one(run: Run, value: object, place: Place, index: int) -> Any:  # Any: JSON
        try:
            return leaf.coerce(value)
        except Exception as error:  # noqa: BLE001 - whatever a scalar raises is told
            run.errors.add(error, position.nodes, place, index)
            return LOST

    return complete
