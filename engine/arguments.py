"""A field's arguments, coerced once for a column, and once for all where no variable is in them."""

from collections.abc import Callable, Iterator
from enum import Enum
from typing import TYPE_CHECKING, TypeGuard

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    Node,
    ObjectValueNode,
    Undefined,
    VariableNode,
    get_nullable_type,
    is_leaf_type,
    is_required_input_field,
)
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
        self._put_together = list(self._inputs(field))
        short = {each[0] for each in (*self._handed_on, *self._put_together)}
        self._composed = _only(field, lambda name: name in varying and name not in short)
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
        if self._put_together:
            inputs: Arguments = {}
            for _, argument, parts in self._put_together:
                inputs[argument] = together = {key: variables.coerced.get(variable) for key, variable in parts}
                if None in together.values():  # likewise
                    return always | self._coerced(self._varying, variables, info)
            given |= inputs if self._convert is None else self._convert(inputs, info)
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

    def _inputs(self, field: GraphQLField) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
        """Arguments that are an input of which each field is a variable, and nothing is by default.

        Their names, as graphql-core hands them on too, and the keys of what is in them with the variables' names.
        """
        for argument in self.node.arguments or ():
            name, value = argument.name.value, argument.value
            type_ = get_nullable_type(field.args[name].type)
            if not isinstance(value, ObjectValueNode) or not _is_plain(type_):
                continue
            written = {each.name.value: each.value for each in value.fields}
            others = [each for key, each in type_.fields.items() if key not in written]
            if written.keys() <= type_.fields.keys() and all(map(_may_be_left_out, others)):
                parts = [
                    (type_.fields[key].out_name or key, each.name.value)
                    for key, each in written.items()
                    if isinstance(each, VariableNode)
                ]
                if parts and len(parts) == len(value.fields):
                    yield name, field.args[name].out_name or name, parts

    def _coerced(self, field: GraphQLField, variables: VariableValues, info: object) -> Arguments:
        arguments = get_argument_values(field, self.node, variables)
        return arguments if self._convert is None else self._convert(arguments, info)


def _is_plain(type_: object) -> TypeGuard[GraphQLInputObjectType]:
    """Whether it is an input that is a dict of what is in it."""
    own = GraphQLInputObjectType.out_type
    return isinstance(type_, GraphQLInputObjectType) and not type_.is_one_of and type_.out_type is own


def _may_be_left_out(field: GraphQLInputField) -> bool:
    """Whether it is then left out too."""
    return not is_required_input_field(field) and field.default is None and field.default_value is Undefined


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
