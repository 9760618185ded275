"""Enums of the domain, with the descriptions that the schema shows."""

from enum import EnumMeta
from typing import TypeVar, cast

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

E = TypeVar("E", bound=EnumMeta)


def described(enum: E, *, name: str | None = None, description: str, **values: str) -> E:
    """Put an enum of the domain into the schema, each of its values with a description.

    Raises:
        ValueError: a value has no description, or a description no value.
    """
    strawberry.enum(enum, name=name, description=description)
    definition = cast("StrawberryEnumDefinition", vars(enum)["__strawberry_definition__"])
    if {value.name for value in definition.values} != values.keys():
        raise ValueError(f"{definition.name}: each of its values is described, and nothing else")
    for value in definition.values:
        value.description = values[value.name]
    return enum
