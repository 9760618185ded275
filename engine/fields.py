"""Fields: how the values of a column are had, by whichever of the ways that a field can be resolved."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from graphql import GraphQLField, GraphQLNonNull, GraphQLObjectType, default_field_resolver
from strawberry.types.field import StrawberryField

from engine.arguments import ArgumentsOf
from engine.completing import completing
from engine.converting import Arguments
from engine.errors import LOST
from engine.guards import Check, Guarded
from engine.info import ColumnInfo, FieldInfo, ItemInfo
from engine.internals import FieldDetails, definition_of, handles_exceptions, is_strawberrys_resolver
from engine.places import FieldOf, Place, Step
from engine.positions import Position
from engine.reading import Plain, Way, way_to
from engine.relations import AtHand, Relation, in_order, is_told_what_is_shown
from engine.running import Run, Soon, Values

if TYPE_CHECKING:
    from engine.planning import Planner

Fetch = Callable[[Run, Values, Place], Soon]
"""The values of a field for a column of parents, exceptions among them, and what has to be awaited."""


class Field:
    """A field of a selection, for a column of parents.

    Attributes:
        key: Its name in the answer.
        type: The type that it is a field of.
        definition: The field as it is declared to Strawberry; None where it isn't.
        plain: Whether it is read off its parents, and nobody has to be asked whether it may be.
        at_hand: For a relation, how it is read off parents of a class where it is at hand, and may be anybody's.
    """

    def __init__(
        self, planner: "Planner", type_: GraphQLObjectType, key: str, details: list[FieldDetails], order: int
    ) -> None:
        self.planner, self.key = planner, key
        planner.size += 1
        node = details[0].node
        field: GraphQLField = type_.fields[node.name.value]
        self.nullable = not isinstance(field.type, GraphQLNonNull)
        self.step = Step(key, order, self.nullable, type_.name)
        info = FieldInfo(planner, type_, details, field.type)
        self.position = Position(planner, type_, details, info)
        self.returned = field.type
        self.complete = completing(self.position, field.type)
        self.readers: dict[type, Callable[[Any], object]] = {}  # Any: a parent
        self.checks: list[Check] = []
        resolve = field.resolve or default_field_resolver
        while isinstance(resolve, Guarded):
            self.checks.append(resolve.check)
            resolve = resolve.resolve
        definition = definition_of(field)
        self.definition = definition if isinstance(definition, StrawberryField) else None
        own = self.definition is not None and is_strawberrys_resolver(resolve)
        self.plain = own and self.definition is not None and self.definition.is_basic_field and not self.checks
        self.at_hand: Callable[[type], Way] | None = None
        self.fetch = self._fetching(field, resolve, own=own)

    def __call__(self, run: Run, parents: Values, above: Place) -> Soon:
        """The column, completed. It raises nothing, and neither does what has to be awaited of it."""
        place = FieldOf(above, self.step)
        try:
            for check in self.checks:
                check(run.context)
            values = self.fetch(run, parents, place)
            if isinstance(values, list):
                completed = self.complete(run, values, place)
                return completed if isinstance(completed, list) else self._later(run, completed, place, len(parents))
        except Exception as error:  # noqa: BLE001 - it is told at each parent
            return self._failed(run, error, place, len(parents))
        return self._fetched_later(run, values, place, len(parents))

    async def _fetched_later(self, run: Run, values: Awaitable[Values], place: Place, count: int) -> Values:
        try:
            completed = self.complete(run, await values, place)
            return completed if isinstance(completed, list) else await completed
        except Exception as error:  # noqa: BLE001 - it is told at each parent
            return self._failed(run, error, place, count)

    async def _later(self, run: Run, completed: Awaitable[Values], place: Place, count: int) -> Values:
        try:
            return await completed
        except Exception as error:  # noqa: BLE001 - it is told at each parent
            return self._failed(run, error, place, count)

    def _failed(self, run: Run, error: Exception, place: Place, count: int) -> Values:
        for index in range(count):
            run.errors.add(error, self.position.nodes, place, index)
        return [None if self.nullable else LOST] * count

    def _fetching(self, field: GraphQLField, resolve: Callable[..., Any], *, own: bool) -> Fetch:
        definition, node = self.definition, self.position.nodes[0]
        if own and definition is not None and not definition.extensions and not handles_exceptions(self.planner.schema):
            if definition.is_basic_field:
                return self._read
            arguments = ArgumentsOf(self.planner, field, node, definition)
            if isinstance(definition, Relation):
                return self._related(definition, arguments)
            return self._resolved(definition, arguments)
        return self._called(resolve, ArgumentsOf(self.planner, field, node, None))

    def way(self, kind: type) -> Way:
        """How a plain field is read off parents of a class."""
        definition = self.definition
        assert definition is not None
        if isinstance(definition, Plain):
            return definition.way(kind)
        default: Callable[[Any, str], object] = definition.default_resolver  # Any: a parent
        name = definition.python_name
        return Way(attribute=name) if default is getattr else Way(function=lambda parent: default(parent, name))

    def _read(self, _run: Run, parents: Values, _place: Place) -> Soon:
        kinds = set(map(type, parents))
        for kind in kinds:
            if kind not in self.readers:
                self.readers[kind] = self.way(kind).reader()
        if len(kinds) == 1:
            try:
                return list(map(self.readers[type(parents[0])], parents))
            except Exception:  # noqa: BLE001, S110 - one by one, to tell which
                pass
        values: Values = []
        for parent in parents:
            try:
                values.append(self.readers[type(parent)](parent))
            except Exception as error:  # noqa: BLE001 - it is told at its place
                values.append(error)
        return values

    def _related(self, definition: Relation, arguments: ArgumentsOf) -> Fetch:
        column = self._telling_what_is_shown(definition.column)
        if definition.at_hand is not None and not self.checks:
            self.at_hand = self._told_by(definition.at_hand, arguments)

        def fetch(run: Run, parents: Values, _place: Place) -> Soon:
            answered = column(parents, run.context, **arguments.of(run.variables, None))
            return answered if type(answered) is list and len(answered) == len(parents) else listed(answered, parents)

        def listed(answered: object, parents: Values) -> Soon:
            return (
                later(cast("Any", answered), parents) if hasattr(answered, "__await__") else in_order(answered, parents)
            )

        async def later(answered: Awaitable[object], parents: Values) -> Values:
            return in_order(await answered, parents)

        return fetch

    def _told_by(self, how: AtHand, arguments: ArgumentsOf) -> Callable[[type], Way]:
        """How what is at hand is read."""
        if isinstance(how, str):
            return partial(way_to, how)
        tell = self._telling_what_is_shown(how)
        way = Way(bound=lambda run: tell(run.context, **arguments.of(run.variables, None)))
        return lambda _: way

    def _telling_what_is_shown(self, function: Callable[..., Any]) -> Callable[..., Any]:  # Any: as it was
        return partial(function, shown=self.position.info.shown(None)) if is_told_what_is_shown(function) else function

    def _resolved(self, definition: StrawberryField, arguments: ArgumentsOf) -> Fetch:
        """By a resolver of Strawberry's, which is called as Strawberry would."""
        resolver = definition.base_resolver
        assert resolver is not None
        call = cast("Callable[..., Any]", resolver.wrapped_func)  # Any: what the field answers
        info_name = resolver.info_parameter.name if resolver.info_parameter else None
        parent_names = {each.name for each in (resolver.root_parameter, resolver.parent_parameter) if each}
        by_position = resolver.self_parameter is not None
        info_class = self.planner.schema.config.info_class

        def fetch(run: Run, parents: Values, place: Place) -> Soon:
            column = ColumnInfo(self.position.info, run, place)
            whole = info_class(
                _raw_info=cast("Any", column), _field=definition
            )  # Any: ours has what graphql-core's has
            given: Arguments = arguments.of(run.variables, whole)
            values: Values = []
            for index, parent in enumerate(parents):
                if info_name is not None:
                    item = cast("Any", ItemInfo(column, index))  # Any: the same
                    given[info_name] = info_class(_raw_info=item, _field=definition)
                for name in parent_names:
                    given[name] = parent
                try:
                    values.append(call(parent, **given) if by_position else call(**given))
                except Exception as error:  # noqa: BLE001 - it is told at its place
                    values.append(error)
            return values

        return fetch

    def _called(self, resolve: Callable[..., Any], arguments: ArgumentsOf) -> Fetch:
        """By a resolver of anybody's, which is called as graphql-core would."""

        def fetch(run: Run, parents: Values, place: Place) -> Soon:
            column = ColumnInfo(self.position.info, run, place)
            given = arguments.of(run.variables, None)
            values: Values = []
            for index, parent in enumerate(parents):
                try:
                    values.append(resolve(parent, ItemInfo(column, index), **given))
                except Exception as error:  # noqa: BLE001 - it is told at its place
                    values.append(error)
            return values

        return fetch
