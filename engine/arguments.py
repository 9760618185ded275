"""A field's arguments, coerced once for a column, and once for all where no variable is in them."""

from collections.abc import Callable, Iterator
from enum import Enum
from typing import TYPE_CHECKING

from graphql import FieldNode, GraphQLField, Node, VariableNode, get_nullable_type, is_leaf_type
from strawberry.types.field import StrawberryField

from engine.converting import Arguments
from engine.internals import VariableValues, get_argument_values

if TYPE_CHECKING:
    from engine.planning import Planner

_UNCHANGING = (str, int, float, bool, type(None), Enum)


class ArgumentsOf:
    """The arguments of one field of an operation. Those that no variable is in are coerced once for all.

    Args:
        planner: Whose schema they are converted by.
        field: The field as graphql-core has it.
        node: Where it stands in the document.
        definition: The field as Strawberry has it, if its resolver is called directly; None for graphql-core's values.
    """

    def __init__(
        self, planner: "Planner", field: GraphQLField, node: FieldNode, definition: StrawberryField | None
    ) -> None:
        self.node = node
        self._convert = None if definition is None else planner.converter(definition)
        varying = {
            argument.name.value
            for argument in node.arguments or ()
            if any(isinstance(each, VariableNode) for each in _nodes(argument))
        }
        self._varying = _only(field, lambda name: name in varying)
        self._others = _only(field, lambda name: name not in varying)
        self._handed_on = list(self._variables(field))
        self._composed = _only(
            field, lambda name: name in varying and name not in {each[0] for each in self._handed_on}
        )
        self._always: Arguments | None = None if self._others.args else {}

    def of(self, variables: VariableValues, info: object) -> Arguments:
        """The arguments, for one execution.

        Raises:
            GraphQLError: they can't be coerced.
        """
        always = self._always
        if always is None:
            always = self._coerced(self._others, variables, info)
            if all(isinstance(value, _UNCHANGING) for value in always.values()):
                self._always = dict(always)
        given = dict(always)
        for _, name, variable in self._handed_on:
            value = variables.coerced.get(variable)
            if value is None:  # left out, or null: it may have a default, or have to be there
                return always | self._coerced(self._varying, variables, info)
            given[name] = value
        return given | self._coerced(self._composed, variables, info) if self._composed.args else given

    def _variables(self, field: GraphQLField) -> Iterator[tuple[str, str, str]]:
        """Arguments that are a variable and no more: their names, those in Python, and the variables' names.

        What a scalar or an enum makes of a value it has made of the variable's already.
        """
        for argument in self.node.arguments or ():
            name, value = argument.name.value, argument.value
            if isinstance(value, VariableNode) and is_leaf_type(get_nullable_type(field.args[name].type)):
                given = field.args[name].out_name or name
                if self._convert is not None:
                    given = self._convert.handed_on(name) or ""
                if given:
                    yield name, given, value.name.value

    def _coerced(self, field: GraphQLField, variables: VariableValues, info: object) -> Arguments:
        arguments = get_argument_values(field, self.node, variables)
        return arguments if self._convert is None else self._convert(arguments, info)


def _only(field: GraphQLField, which: Callable[[str], bool]) -> GraphQLField:
    """A field with some of its arguments."""
    return GraphQLField(field.type, {name: each for name, each in field.args.items() if which(name)})


def _nodes(written: Node) -> Iterator[Node]:
    """All that something is written of, itself included."""
    waiting: list[Node] = [written]
    while waiting:
        node = waiting.pop()
        yield node
        for key in node.keys:
            value = getattr(node, key, None)
            waiting.extend(
                each for each in (value if isinstance(value, list | tuple) else [value]) if isinstance(each, Node)
            )
