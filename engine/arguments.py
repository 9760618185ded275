"""A field's arguments, coerced once for a column, and once for all where no variable is in them."""

from collections.abc import Iterator
from enum import Enum
from typing import TYPE_CHECKING, Any

from graphql import FieldNode, GraphQLField, Node, VariableNode
from strawberry.types.field import StrawberryField

from engine.internals import VariableValues, converted, get_argument_values

if TYPE_CHECKING:
    from engine.planning import Planner

Arguments = dict[str, Any]  # Any: what clients may send
_UNCHANGING = (str, int, float, bool, type(None), Enum)


class ArgumentsOf:
    """The arguments of one field of an operation.

    Args:
        planner: Whose schema they are converted by.
        field: The field as graphql-core has it.
        node: Where it stands in the document.
        definition: The field as Strawberry has it, if its resolver is called directly; None for graphql-core's values.
    """

    def __init__(
        self, planner: "Planner", field: GraphQLField, node: FieldNode, definition: StrawberryField | None
    ) -> None:
        self.planner, self.field, self.node, self.definition = planner, field, node, definition
        self._varies = any(isinstance(each, VariableNode) for each in _nodes(node))
        self._always: Arguments | None = None if field.args else {}

    def of(self, variables: VariableValues, info: object) -> Arguments:
        """The arguments, for one execution.

        Raises:
            GraphQLError: they can't be coerced.
        """
        if self._always is not None:
            return dict(self._always)
        arguments = get_argument_values(self.field, self.node, variables)
        if self.definition is not None:
            arguments = converted(self.planner.schema, self.definition, arguments, info)
        if not self._varies and all(isinstance(value, _UNCHANGING) for value in arguments.values()):
            self._always = dict(arguments)
        return arguments


def _nodes(field: FieldNode) -> Iterator[Node]:
    """All that is written in the arguments of a field."""
    waiting: list[Node] = list(field.arguments or ())
    while waiting:
        node = waiting.pop()
        yield node
        for key in node.keys:
            value = getattr(node, key, None)
            waiting.extend(
                each for each in (value if isinstance(value, list | tuple) else [value]) if isinstance(each, Node)
            )
