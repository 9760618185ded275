"""What an operation shows of the things of a column, so that no more than that has to be read of them.

A field says what it takes off its parent: one that is read, by the name that it is read by; any other by `takes`. Where
one doesn't say it, the things are needed as a whole.
"""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import strawberry
from graphql import GraphQLObjectType, get_named_type, is_leaf_type
from strawberry.types.field import StrawberryField

from engine.internals import TYPENAME, FieldDetails, definition_of
from engine.reading import Plain
from engine.relations import Relation

if TYPE_CHECKING:
    from engine.planning import Planner

F = TypeVar("F", bound=Callable[..., Any] | str)  # Any: a resolver, a relation, or how a field is read

Shown = frozenset[str] | None
"""Attributes of things: `event.slug` is one of another, `event.` whether there is that at all. None where it may be any
of them."""
TAKES: Final = "__takes__"


@dataclass(frozen=True, slots=True)
class Takes:
    """What a field takes off its parent.

    Attributes:
        attributes: Those that it looks at itself.
        through: The attribute that its own things are, so that what is shown of these is taken through it; empty where
            they are the same once more, as those of a page are. None where they come from elsewhere.
    """

    attributes: frozenset[str]
    through: str | None = None


class _Name(str):
    """The name that a field is read by, of which may be said what it takes."""


def takes(*attributes: str, through: str | None = None) -> Callable[[F], F]:
    """Say what a function that answers a field, or how it is read, takes off its parents: see `Takes`."""

    def declare(how: F) -> F:
        declared = _Name(how) if isinstance(how, str) else how
        setattr(declared, TAKES, Takes(frozenset(attributes), through))
        return cast("F", declared)

    return declare


def shown(info: strawberry.Info[Any, Any], type_name: str | None = None) -> Shown:  # Any: as the schema has it
    """What an operation shows of the things that a resolver is to find.

    Args:
        info: What the resolver is told.
        type_name: Of which type, where its field may be of several.
    """
    told = getattr(info._raw_info, "shown", None)
    return None if told is None else cast("Shown", told(type_name))


def shown_of(planner: "Planner", type_: object, details: list[FieldDetails]) -> Shown:
    """What is shown of the things of a field that are of a type."""
    if not isinstance(type_, GraphQLObjectType):
        return None
    found: set[str] = set()
    for each in planner.collected(type_, details).values():
        name = each[0].node.name.value
        if name == TYPENAME:
            continue
        field = type_.fields[name]
        taken = _taken_by(definition_of(field))
        if taken is None:
            return None
        found |= taken.attributes
        returned = get_named_type(field.type)
        if taken.through is None or is_leaf_type(returned):
            continue
        within = shown_of(planner, returned, each)
        if within is None and not taken.through:
            return None
        found |= _through(taken.through, within)
    return frozenset(found)


def _through(attribute: str, within: Shown) -> frozenset[str]:
    """What is taken of things that are an attribute, given what is shown of them; at least whether they are there."""
    if not attribute:
        return within or frozenset()
    if within is None:
        return frozenset({attribute})
    return frozenset({f"{attribute}.{each}" for each in within} or {f"{attribute}."})


def _taken_by(definition: object) -> Takes | None:
    if isinstance(definition, Plain):
        return _taken_around(definition.how) if definition.wraps else _taken_by_reading(definition.how)
    if isinstance(definition, Relation):
        return cast("Takes | None", getattr(definition.column, TAKES, None))
    if isinstance(definition, StrawberryField) and definition.base_resolver is not None:
        return cast("Takes | None", getattr(definition.base_resolver.wrapped_func, TAKES, None))
    return None


def _taken_around(how: object) -> Takes:
    """What a field of something that wraps things takes of these: nothing unless told."""
    return cast("Takes", getattr(how, TAKES, Takes(frozenset(), "")))


def _taken_by_reading(how: object) -> Takes | None:
    if isinstance(how, str) and not isinstance(how, _Name):
        return Takes(frozenset({how}))
    if isinstance(how, attrgetter):
        _, names = cast("tuple[object, tuple[str, ...]]", how.__reduce__())  # the names that it was made of
        return Takes(frozenset(names))
    return cast("Takes | None", getattr(how, TAKES, None))
