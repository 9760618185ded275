"""Selections: the objects of a column of parents, made at once from columns of fields."""

from collections.abc import Awaitable, Mapping
from typing import TYPE_CHECKING, cast

from graphql import GraphQLObjectType

from engine.errors import LOST, lost
from engine.fields import Field
from engine.internals import TYPENAME, FieldDetails
from engine.places import Place
from engine.running import Kinds, Run, Soon, Values, together
from engine.shapes import Shape, Ways

if TYPE_CHECKING:
    from engine.planning import Planner


class Selection:
    """What is selected of one type, in one place of an operation. Planned when the first thing is there to be shown."""

    def __init__(self, planner: "Planner", type_: GraphQLObjectType, details: list[FieldDetails] | None) -> None:
        self.planner, self.type, self.details = planner, type_, details
        self.planned = False
        self.fields: dict[str, Field] = {}
        self.keys: list[str] = []
        self.ways: dict[type, Ways] = {}
        """How parents are shown, by their class."""

    def __call__(self, run: Run, parents: Values, place: Place, kinds: Kinds) -> Soon:
        """The objects; `LOST` for one that lacks what may not be null. `kinds` are the classes of the parents."""
        if not parents:
            return []
        if not self.planned:
            self._plan()
        if len(kinds) != 1:
            return self._carefully(run, parents, place, {})
        [kind] = kinds
        ways = self.ways.get(kind)
        if ways is None:
            ways = self.ways[kind] = Ways(self, kind)
            shape = ways.flat
        else:
            shape = ways.best()
        columns = [field(run, parents, place) for field in shape.columns]
        return self._when_there(run, parents, place, shape, columns)

    async def serially(self, run: Run, parents: Values, place: Place) -> Values:
        """The same, one field after the other; none after one that takes the whole answer with it."""
        if not self.planned:
            self._plan()
        columns: list[Values] = []
        for field in self.fields.values():
            column = field(run, parents, place)
            columns.append(column if isinstance(column, list) else await column)
            if lost(columns[-1]):
                return [LOST] * len(parents)
        return self._put_together(len(parents), dict(zip(self.fields, columns, strict=True)))

    def _plan(self) -> None:
        collected = self.planner.collected(self.type, self.details)
        self.keys = list(collected)
        self.fields = {
            key: Field(self.planner, self.type, key, details, order)
            for order, (key, details) in enumerate(collected.items())
            if details[0].node.name.value != TYPENAME
        }
        self.planned = True

    def _when_there(self, run: Run, parents: Values, place: Place, shape: Shape, columns: list[Soon]) -> Soon:
        for column in columns:
            if not isinstance(column, list):
                return self._later(run, parents, place, shape, columns)
        return self._made(run, parents, place, shape, cast("list[Values]", columns))

    async def _later(self, run: Run, parents: Values, place: Place, shape: Shape, columns: list[Soon]) -> Values:
        awaited = [index for index, column in enumerate(columns) if not isinstance(column, list)]
        if len(awaited) == 1:
            columns[awaited[0]] = await columns[awaited[0]]  # type: ignore[misc]  # it is no list
        else:
            came = await together([cast("Awaitable[Values]", columns[index]) for index in awaited])
            for index, column in zip(awaited, came, strict=True):
                columns[index] = column
        made = self._made(run, parents, place, shape, cast("list[Values]", columns))
        return made if isinstance(made, list) else await made

    def _made(self, run: Run, parents: Values, place: Place, shape: Shape, columns: list[Values]) -> Soon:
        if not run.errors or not any(map(lost, columns)):
            try:
                return shape.loop(parents, run, *columns)
            except Exception:  # noqa: BLE001, S110 - another way then
                pass
        known = {field.key: column for field, column in zip(shape.columns, columns, strict=True)}
        return self._otherwise(run, parents, place, shape, known)

    def _otherwise(self, run: Run, parents: Values, place: Place, shape: Shape, known: Mapping[str, Values]) -> Soon:
        """Where a loop has no answer: the flat way, and at last field by field."""
        if shape.ways is None:
            return self._carefully(run, parents, place, known)
        other = shape.ways.missed()
        columns = [known.get(field.key) or field(run, parents, place) for field in other.columns]
        return self._when_there(run, parents, place, other, columns)

    def _carefully(self, run: Run, parents: Values, place: Place, known: Mapping[str, Values]) -> Soon:
        """Field by field, so that each error is told at its place."""
        found: dict[str, Soon] = {
            key: known.get(key) or field(run, parents, place) for key, field in self.fields.items()
        }
        if all(isinstance(column, list) for column in found.values()):
            return self._put_together(len(parents), cast("dict[str, Values]", found))
        return self._put_together_later(len(parents), found)

    async def _put_together_later(self, count: int, found: dict[str, Soon]) -> Values:
        awaited = [key for key, column in found.items() if not isinstance(column, list)]
        came = await together([cast("Awaitable[Values]", found[key]) for key in awaited])
        found.update(zip(awaited, came, strict=True))
        return self._put_together(count, cast("dict[str, Values]", found))

    def _put_together(self, count: int, found: dict[str, Values]) -> Values:
        names = [self.type.name] * count
        columns = [found.get(key, names) for key in self.keys]
        rows = zip(*columns, strict=True) if columns else iter([()] * count)
        return [LOST if lost(row) else dict(zip(self.keys, row, strict=True)) for row in rows]
