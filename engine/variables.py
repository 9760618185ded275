"""The variables of an operation: plain ones in a look, the others by graphql-core."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from graphql import (
    GraphQLBoolean,
    GraphQLError,
    GraphQLID,
    GraphQLInputType,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLString,
    Undefined,
    VariableDefinitionNode,
    get_nullable_type,
)

from engine.internals import (
    GraphQLVariableSignature,
    VariableValues,
    VariableValueSource,
    get_variable_signature,
    get_variable_values,
)
from engine.leaves import LARGEST, SMALLEST

Is = Callable[[object], bool]
Coerce = Callable[[Any], Any]  # Any: JSON, and what a scalar makes of it

_AS_IT_IS: Final[Mapping[object, Is]] = {
    GraphQLString: lambda value: type(value) is str,
    GraphQLID: lambda value: type(value) is str,
    GraphQLBoolean: lambda value: type(value) is bool,
    GraphQLInt: lambda value: type(value) is int and SMALLEST <= value <= LARGEST,
}
"""Which values of scalars are coerced to themselves."""


class VariablesOf:
    """The variables that an operation defines."""

    def __init__(self, schema: GraphQLSchema, defined: Sequence[VariableDefinitionNode]) -> None:
        self.schema, self.defined = schema, defined
        self._plain: list[tuple[GraphQLVariableSignature, Is, bool]] = []
        self._lists: list[tuple[GraphQLVariableSignature, Coerce]] = []
        self._others: list[VariableDefinitionNode] = []
        for each in defined:
            signature = get_variable_signature(schema, each)
            if isinstance(signature, GraphQLError):
                self._others.append(each)
                continue
            required = isinstance(signature.type, GraphQLNonNull)
            as_it_is = _AS_IT_IS.get(get_nullable_type(signature.type))
            if as_it_is is not None:
                self._plain.append((signature, as_it_is, required))
            elif (coerce := _of_each(signature.type)) is not None:
                self._lists.append((signature, coerce))
            else:
                self._others.append(each)

    def coerced(self, given: Mapping[str, Any]) -> VariableValues | list[GraphQLError]:  # Any: JSON
        """Their values, or what is wrong with them."""
        sources: dict[str, VariableValueSource] = {}
        coerced: dict[str, Any] = {}
        for signature, as_it_is, required in self._plain:
            name = signature.name
            if name not in given:
                if required or signature.default is not None:
                    return self._by_core(self.defined, given)
                sources[name] = VariableValueSource(signature)
                continue
            value = given[name]
            if not (as_it_is(value) or (value is None and not required)):
                return self._by_core(self.defined, given)
            sources[name] = VariableValueSource(signature, value)
            coerced[name] = value
        for signature, coerce in self._lists:
            value = given.get(signature.name)
            items = _listed(value, coerce)
            if items is None:
                return self._by_core(self.defined, given)
            sources[signature.name] = VariableValueSource(signature, value)
            coerced[signature.name] = items
        if self._others:
            others = self._by_core(self._others, given)
            if isinstance(others, list):
                return self._by_core(self.defined, given)
            sources.update(others.sources)
            coerced.update(others.coerced)
        return VariableValues(sources, coerced)

    def _by_core(
        self,
        defined: Sequence[VariableDefinitionNode],
        given: Mapping[str, Any],  # Any: JSON
    ) -> VariableValues | list[GraphQLError]:
        return get_variable_values(self.schema, defined, dict(given))


def _listed(value: object, coerce: Coerce) -> list[Any] | None:  # Any: what a scalar makes of each
    """A list, coerced; None where graphql-core has to say what is wrong with it, or what it means."""
    if type(value) is not list or None in value:
        return None
    try:
        items = list(map(coerce, value))
    except Exception:  # noqa: BLE001 - it is told by graphql-core, with its place
        return None
    return None if any(item is Undefined for item in items) else items


def _of_each(type_: GraphQLInputType) -> Coerce | None:
    """What coerces each item of a list of scalars; None for whatever else a type is."""
    listed = get_nullable_type(type_)
    item = get_nullable_type(listed.of_type) if isinstance(listed, GraphQLList) else None
    return item.coerce_input_value if isinstance(item, GraphQLScalarType) else None
