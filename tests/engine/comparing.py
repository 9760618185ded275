"""Whether the engine and graphql-core answer the same."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    NameNode,
    OperationDefinitionNode,
)
from strawberry import Schema
from strawberry.types import ExecutionResult as StrawberryResult

from engine.internals import executed_by_core

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """An error as a client is told it, and the class of what was raised."""

    path: Place
    message: str
    locations: tuple[tuple[int, int], ...]
    raised: str

    @classmethod
    def of(cls, error: GraphQLError) -> "Told":
        locations = tuple((each.line, each.column) for each in error.locations or ())
        return cls(tuple(error.path or ()), error.message, locations, type(error.original_error).__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered. `data` is JSON as it is sent: the order of keys counts."""

    data: str
    errors: tuple[Told, ...]
    effects: tuple[str, ...] = ()

    @classmethod
    def of(cls, result: ExecutionResult | StrawberryResult, effects: Sequence[str] = ()) -> "Answer":
        return cls(json.dumps(result.data, default=repr), tuple(map(Told.of, result.errors or ())), tuple(effects))


@dataclass(slots=True)
class Compared:
    """How answers compared: the same errors, or others where GraphQL lets one choose."""

    same: int = 0
    chosen: int = 0
    with_errors: int = 0
    differences: list[str] = field(default_factory=list)


def nulled(data: Any, path: Place) -> Place:  # Any: JSON
    """The place that an error at a path left null: its own, or above it, where nulls may be."""
    for depth, key in enumerate(path):
        if data is None:
            return path[:depth]
        try:
            data = data[key]
        except (KeyError, IndexError, TypeError):
            return path[:depth]
    return path


def difference(core: Answer, engine: Answer, possible: Sequence[Told]) -> str | None:
    """What is different that GraphQL doesn't let one choose; None where nothing is.

    Where several errors leave the same place null, the specification has one of them told: "If multiple errors would
    null the same position, only one should be added". graphql-core tells the one that happened first, and those that
    were noted within before all of it became null, which depends on who awaited how long. So there, and there alone,
    another may be told: one that happens all the same (`possible`: what graphql-core tells when errors null nothing
    but their own place), and one for each place that graphql-core tells one for, and no more.
    """
    if core.data != engine.data:
        return "data"
    if core.effects != engine.effects:
        return "effects"
    if Counter(core.errors) == Counter(engine.errors):
        return None
    if len(set(engine.errors)) < len(engine.errors):
        return "an error twice"
    if set(engine.errors) - set(possible):
        return "an error that nothing raised"
    data = json.loads(core.data)
    places = {nulled(data, each.path) for each in core.errors}
    if places != {nulled(data, each.path) for each in engine.errors}:
        return "places of errors"
    return "several errors of a place" if len(engine.errors) > len(places) else None


async def possible_errors(
    schema: Schema,
    document: DocumentNode,
    variables: dict[str, Any],  # Any: JSON
    name: str | None,
    context: object,
) -> list[Told]:
    """Every error that may happen: told where it is, and nulling nothing else."""
    result = await executed_by_core(
        schema, _without_propagation(document), variables=variables, operation_name=name, context=context, root=None
    )
    return [Told.of(each) for each in result.errors or ()]


def _without_propagation(document: DocumentNode) -> DocumentNode:
    """A document, marked by a directive of graphql-core's under which a null stays where it is."""
    directive = DirectiveNode(name=NameNode(value="experimental_disableErrorPropagation"), arguments=())
    definitions = (
        replace(each, directives=(*(each.directives or ()), directive))
        if isinstance(each, OperationDefinitionNode)
        else each
        for each in document.definitions
    )
    return replace(document, definitions=tuple(definitions))
