"""Arguments as resolvers take them, by converters that are made once for what a field is declared with.

Strawberry looks at each argument's and each input's declaration anew, whenever one is sent. What is declared in a way
that isn't known here is left to it.
"""

import contextlib
from collections.abc import Callable, Mapping
from typing import Any, cast

from strawberry import UNSET, Schema
from strawberry.types.field import StrawberryField

from engine.internals import (
    LazyType,
    StrawberryList,
    StrawberryMaybe,
    StrawberryObjectDefinition,
    StrawberryOptional,
    converted,
    graphql_name,
    input_definition,
    is_leaf,
    needed_fields,
)

Convert = Callable[[Any], Any]  # Any: what graphql-core makes of what was sent, and what a resolver takes
Arguments = dict[str, Any]  # Any: likewise


class Unusual(Exception):  # noqa: N818
    """Declared in a way that isn't known here."""


class Converter:
    """Converts the arguments of a field."""

    def __init__(self, schema: Schema, field: StrawberryField) -> None:
        self.schema, self.field = schema, field
        self._inputs: dict[type, Convert] = {}
        self._names: dict[str, tuple[str, Convert]] | None = None
        """Python's name of each argument, and what converts it, by GraphQL's; None where Strawberry has to."""
        with contextlib.suppress(Unusual):
            self._names = {
                graphql_name(schema, each): (each.python_name, self._converting(each.type)) for each in field.arguments
            }

    def __call__(self, arguments: Arguments, info: object) -> Arguments:
        names = self._names
        if names is None:
            return converted(self.schema, self.field, arguments, info)
        found = {}
        for name, value in arguments.items():
            if name in names:
                python_name, convert = names[name]
                found[python_name] = convert(value)
        return found

    def handed_on(self, name: str) -> str | None:
        """Python's name of an argument whose values are taken as they are; None of any other."""
        python_name, convert = (self._names or {}).get(name, (None, None))
        return python_name if convert is _as_it_is else None

    def _converting(self, type_: Any) -> Convert:  # Any: what Strawberry made of an annotation
        """What converts values of a type.

        Raises:
            Unusual: that isn't known here.
        """
        if isinstance(type_, StrawberryMaybe):
            raise Unusual
        if isinstance(type_, StrawberryOptional):
            return self._converting(type_.of_type)
        if isinstance(type_, LazyType):
            return self._converting(type_.resolve_type())
        if isinstance(type_, StrawberryList):
            return _listed(self._converting(type_.of_type))
        if is_leaf(self.schema, type_):
            return _as_it_is
        definition = input_definition(type_)
        if definition is None:
            raise Unusual
        return self._input(type_, definition)

    def _input(self, type_: type, definition: StrawberryObjectDefinition) -> Convert:
        """What makes an input; it may have inputs of its own kind in it."""
        if type_ in self._inputs:
            return self._inputs[type_]
        left_out: Arguments = dict.fromkeys(needed_fields(definition))
        fields: list[tuple[str, str, Convert]] = []

        def make(value: Mapping[str, Any] | None) -> Any:  # Any: what was sent, and an input
            if value is None or value is UNSET:
                return value
            given = dict(left_out)
            for name, python_name, convert in fields:
                if name in value:
                    given[python_name] = convert(value[name])
            return type_(**given)

        self._inputs[type_] = make
        for each in definition.fields:
            converting = self._converting(each.resolve_type(type_definition=definition))
            fields.append((graphql_name(self.schema, each), each.python_name, converting))
        return make


def _as_it_is(value: Any) -> Any:  # Any: as `Convert`
    return value


def _listed(convert: Convert) -> Convert:
    def listed(value: Any) -> Any:  # Any: as `Convert`
        if value is None or value is UNSET:
            return value
        # always another list: a default would be the same for everybody
        return list(value) if convert is _as_it_is else [convert(each) for each in cast("list[Any]", value)]

    return listed
