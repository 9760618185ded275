"""Objects: each type's things at once, whether they are of one type or may be of several."""

from collections import defaultdict
from collections.abc import Awaitable, Sequence
from typing import TYPE_CHECKING, Any, cast

from graphql import GraphQLAbstractType, GraphQLObjectType, default_type_resolver

from engine.errors import LOST
from engine.info import ColumnInfo, ItemInfo
from engine.internals import (
    definition_of,
    goes_by_class,
    invalid_return_type_error,
    is_strawberrys_type_check,
    is_strawberrys_type_resolver,
    runtime_type,
)
from engine.places import Place, Some
from engine.positions import Position
from engine.reading import Reads
from engine.running import Kinds, Run, Soon, Values, settled, then, together

if TYPE_CHECKING:
    from engine.selections import Selection


class Objects:
    """Completes things of one type."""

    def __init__(self, position: Position, type_: GraphQLObjectType) -> None:
        self.position, self.type = position, type_
        self.selection = position.planner.selection(type_, position.details)
        definition = definition_of(type_)
        self.known: set[type] = set()
        """Classes whose things are of this type, whatever they hold."""
        self.by_class = type_.is_type_of is None or isinstance(type_.is_type_of, Reads)
        if is_strawberrys_type_check(type_.is_type_of):
            self.known.add(cast("Any", definition).origin)  # Any: a type's definition

    def __call__(self, run: Run, values: Values, place: Place, kinds: Kinds) -> Soon:
        if self.type.is_type_of is None or kinds <= self.known:
            return self.selection(run, values, place, kinds)
        return self._checked(run, values, place, kinds)

    def seen(self) -> list[tuple["Selection", type]]:
        """What is selected of things that were seen here, and their classes, where a class tells what they are."""
        own = self.type.is_type_of is None
        return [(self.selection, kind) for kind in self.selection.ways if own or kind in self.known]

    def _checked(self, run: Run, values: Values, place: Place, kinds: Kinds) -> Soon:
        info = ColumnInfo(self.position.info, run, place)
        checks: Values = []
        for index, value in enumerate(values):
            try:
                checks.append(cast("Any", self.type.is_type_of)(value, ItemInfo(info, index)))  # Any: it is there
            except Exception as error:  # noqa: BLE001 - it is told at its place
                checks.append(error)
        if self.by_class and all(check is True for check in checks):
            self.known |= kinds
            return self.selection(run, values, place, kinds)
        told = settled(checks)
        if isinstance(told, list):
            return self._of_type(run, values, told, place)
        return self._of_type_later(run, values, told, place)

    async def _of_type_later(self, run: Run, values: Values, told: Awaitable[Values], place: Place) -> Values:
        completed = self._of_type(run, values, await told, place)
        return completed if isinstance(completed, list) else await completed

    def _of_type(self, run: Run, values: Values, told: Values, place: Place) -> Soon:
        good: list[int] = []
        for index, (value, answer) in enumerate(zip(values, told, strict=True)):
            if isinstance(answer, Exception):
                run.errors.add(answer, self.position.nodes, place, index)
            elif answer:
                good.append(index)
            else:
                wrong = invalid_return_type_error(self.type, value, self.position.details)
                run.errors.add(wrong, self.position.nodes, place, index)
        completed: Values = [LOST] * len(values)

        def put(found: Values) -> Values:
            for index, value in zip(good, found, strict=True):
                completed[index] = value
            return completed

        those = [values[index] for index in good]
        return then(self.selection(run, those, Some(place, good), set(map(type, those))), put)


class OfSeveralTypes:
    """Completes things that may be of several types: each type's at once."""

    def __init__(self, position: Position, type_: GraphQLAbstractType) -> None:
        self.position, self.type = position, type_
        self.resolve_type = type_.resolve_type or default_type_resolver
        self.objects: dict[str, Objects] = {}
        self.by_class: dict[type, str] = {}
        """Classes whose things are always of one type."""
        self.goes_by_class = is_strawberrys_type_resolver(type_.resolve_type) and all(
            each.is_type_of is None or isinstance(each.is_type_of, Reads) or is_strawberrys_type_check(each.is_type_of)
            for each in position.planner.core.get_possible_types(type_)
        )

    def __call__(self, run: Run, values: Values, place: Place, kinds: Kinds) -> Soon:
        if len(kinds) == 1 and (name := self.by_class.get(*kinds)) in self.objects:
            return self.objects[name](run, values, place, kinds)
        names: Values = list(map(self.by_class.get, map(type, values)))
        if None in names:
            self._ask(run, values, names, place)
            told = settled(names)
            if not isinstance(told, list):
                return self._later(run, values, told, place)
            names = told
        return self._complete(run, values, names, place)

    def seen(self) -> list[tuple["Selection", type]]:
        """As of objects of one type."""
        return [
            (selection, kind)
            for name, objects in self.objects.items()
            for selection, kind in objects.seen()
            if self.by_class.get(kind) == name
        ]

    async def _later(self, run: Run, values: Values, told: Awaitable[Values], place: Place) -> Values:
        completed = self._complete(run, values, await told, place)
        return completed if isinstance(completed, list) else await completed

    def _ask(self, run: Run, values: Values, names: Values, place: Place) -> None:
        """Fill in the names of the types of what isn't known by its class."""
        info = ColumnInfo(self.position.info, run, place)
        for index, value in enumerate(values):
            if names[index] is None:
                try:
                    name = cast("Any", self.resolve_type)(value, ItemInfo(info, index), self.type)  # Any: a name
                    names[index] = _Unnamed() if name is None else name
                except Exception as error:  # noqa: BLE001 - it is told at its place
                    names[index] = error
                else:
                    if self.goes_by_class and isinstance(name, str) and goes_by_class(value):
                        self.by_class[type(value)] = name

    def _complete(self, run: Run, values: Values, names: Values, place: Place) -> Soon:
        of_type: dict[str, list[int]] = defaultdict(list)
        for index, name in enumerate(names):
            if name in self.objects:
                of_type[name].append(index)
                continue
            wrong = name if isinstance(name, Exception) else self._unknown(run, values[index], name, place, index)
            if wrong is None:
                of_type[name].append(index)
            else:
                run.errors.add(wrong, self.position.nodes, place, index)
        if len(of_type) == 1 and len(values) == len(next(iter(of_type.values()))):
            return self.objects[next(iter(of_type))](run, values, place, set(map(type, values)))
        columns = []
        for name, indices in of_type.items():
            those = [values[index] for index in indices]
            columns.append(self.objects[name](run, those, Some(place, indices), set(map(type, those))))
        return _put_together(len(values), list(of_type.values()), columns)

    def _unknown(self, run: Run, value: object, name: object, place: Place, index: int) -> Exception | None:
        """What is wrong with a type's name; None where that type can be here."""
        position, found = self.position, None if isinstance(name, _Unnamed) else name
        info = ItemInfo(ColumnInfo(position.info, run, place), index)
        try:
            type_ = runtime_type(position.planner.core, found, self.type, position.details, info=info, value=value)
        except Exception as error:  # noqa: BLE001 - it is told at its place
            return error
        self.objects[type_.name] = Objects(position, type_)
        return None


class _Unnamed:
    """In place of a name where none was found."""


def _put_together(count: int, groups: list[list[int]], columns: list[Soon]) -> Soon:
    completed: Values = [LOST] * count

    def put(found: Sequence[Values]) -> Values:
        for indices, column in zip(groups, found, strict=True):
            for index, value in zip(indices, column, strict=True):
                completed[index] = value
        return completed

    async def later() -> Values:
        awaited = [index for index, column in enumerate(columns) if not isinstance(column, list)]
        came = await together([cast("Awaitable[Values]", columns[index]) for index in awaited])
        for index, column in zip(awaited, came, strict=True):
            columns[index] = column
        return put(cast("list[Values]", columns))

    if all(isinstance(column, list) for column in columns):
        return put(cast("list[Values]", columns))
    return later()
