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
        self._coerced: list[tuple[GraphQLVariableSignature, Coerce]] = []
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
            elif (coerce := _scalars(signature.type)) is not None:
                self._coerced.append((signature, coerce))
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
        for signature, coerce in self._coerced:
            value = given.get(signature.name)
            made = coerce(value)
            if made is Undefined:
                return self._by_core(self.defined, given)
            sources[signature.name] = VariableValueSource(signature, value)
            coerced[signature.name] = made
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


def _scalars(type_: GraphQLInputType) -> Coerce | None:
    """What coerces a scalar or a list of them; None for whatever else a type is.

    It comes to `Undefined` where graphql-core has to say what is wrong, or what is meant.
    """
    nullable = get_nullable_type(type_)
    item = get_nullable_type(nullable.of_type) if isinstance(nullable, GraphQLList) else nullable
    if not isinstance(item, GraphQLScalarType):
        return None
    one = item.coerce_input_value

    def scalar(value: Any) -> Any:  # Any: JSON, and what the scalar makes of it
        try:
            return Undefined if value is None else one(value)
        except Exception:  # noqa: BLE001 - it is told by graphql-core, with its place
            return Undefined

    def each(value: Any) -> Any:  # Any: likewise
        if type(value) is not list or None in value:
            return Undefined
        try:
            made = list(map(one, value))
        except Exception:  # noqa: BLE001 - it is told by graphql-core, with its place
            return Undefined
        return Undefined if type(Undefined) in set(map(type, made)) else made

    return each if isinstance(nullable, GraphQLList) else scalar
