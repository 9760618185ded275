"""Leaves: scalars and enums, whose values are nearly always what they should be."""

from collections.abc import Callable
from enum import Enum
from math import isfinite
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLString,
    Undefined,
)

from engine.internals import complete_leaf_value
from engine.running import Kinds, Values

SMALLEST, LARGEST = -(2**31), 2**31 - 1
"""What GraphQL's Int can be."""

Coerce = Callable[[Any], Any]  # Any: a value as it is read, and as it is answered


class Leaf:
    """How values of a scalar or enum are answered.

    Attributes:
        type: The scalar or enum.
        coerce: Makes one value of one that is not null, or raises.
        names: For an enum of Python's, the names of its members in GraphQL by those in Python.
        members: That enum.
        raw: The same names by the members' values.
    """

    def __init__(self, type_: GraphQLLeafType) -> None:
        self.type = type_
        self.members: type[Enum] | None = None
        self.names: dict[str, str] = {}
        self.raw: dict[object, str] = {}
        wrapped = getattr(type_, "wrapped_cls", None)
        if isinstance(type_, GraphQLEnumType) and isinstance(wrapped, type) and issubclass(wrapped, Enum):
            self._know_members(type_, wrapped)

    def _know_members(self, type_: GraphQLEnumType, members: type[Enum]) -> None:
        try:
            self.names = {name: type_.coerce_output_value(member) for name, member in members.__members__.items()}
            self.raw = {value.value: name for name, value in type_.values.items()}
        except Exception:  # noqa: BLE001 - one that GraphQL can't tell: then each is asked for
            self.names, self.raw = {}, {}
        else:
            self.members = members

    def coerce(self, value: object) -> Any:  # Any: JSON
        return complete_leaf_value(self.type, value)

    def column(self, values: Values, kinds: Kinds) -> Values:
        """A column of values, none of them null.

        Raises:
            Exception: one of them can't be coerced.
        """
        if self._as_they_are(kinds, values):
            return values
        if self.members is not None and kinds == {self.members}:
            return [self.names[value._name_] for value in values]
        return [self.coerce(value) for value in values]

    def _as_they_are(self, kinds: Kinds, values: Values) -> bool:
        if self.type is GraphQLString or self.type is GraphQLID:
            return kinds <= {str}
        if self.type is GraphQLInt:
            return kinds <= {int} and min(values, default=0) >= SMALLEST and max(values, default=0) <= LARGEST
        if self.type is GraphQLFloat:
            return kinds <= {float} and all(map(isfinite, values))
        return self.type is GraphQLBoolean and kinds <= {bool}


def no_value(value: object) -> bool:
    return value is None or value is Undefined
