"""Makes an operation that shows a mistake as small as it can be: what is left out and still shows it stays out."""

from collections.abc import Callable, Iterator
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    Node,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    parse,
    print_ast,
    validate,
    visit,
)

LISTS = ("selections", "directives", "arguments", "definitions", "variable_definitions")


def reduced(schema: GraphQLSchema, document: DocumentNode, shows: Callable[[DocumentNode], bool]) -> str:
    """The text of the smallest document found that is valid and still `shows` the mistake."""
    smallest = print_ast(document)
    found = True
    while found:
        found = False
        for text in _smaller(smallest):
            candidate = parse(text)
            if not validate(schema, candidate, max_errors=1) and shows(candidate):
                smallest, found = text, True
                break
    return smallest


def _smaller(text: str) -> Iterator[str]:
    """The same with one thing less, the largest things first."""
    places = sum(1 for _ in _places(parse(text)))
    seen = set()
    for place in range(places):
        document = parse(text)
        node, attribute, index = list(_places(document))[place]
        parts = list(getattr(node, attribute))
        parts[index : index + 1] = _within(parts[index]) if attribute == "selections" else []
        for kept in (list(parts), [each for n, each in enumerate(getattr(node, attribute)) if n != index]):
            object.__setattr__(node, attribute, tuple(kept))
            _tidy(document)
            written = print_ast(document)
            if len(written) < len(text) and written not in seen and written.strip() and "{}" not in written:
                seen.add(written)
                yield written


def _within(node: Any) -> list[Any]:  # Any: a selection
    """What an inline fragment holds; nothing of a field."""
    inner = getattr(node, "selection_set", None)
    return list(inner.selections) if inner is not None and not hasattr(node, "alias") else []


def _places(document: DocumentNode) -> Iterator[tuple[Node, str, int]]:
    nodes: list[Node] = []

    class All(Visitor):
        def enter(self, node: Node, *_: object) -> None:
            nodes.append(node)

    visit(document, All())
    for node in nodes:
        for attribute in LISTS:
            for index in range(len(getattr(node, attribute, None) or ())):
                yield node, attribute, index


def _tidy(document: DocumentNode) -> None:
    """Leave out variables and fragments that nothing uses any more."""
    for _ in range(5):
        spreads = {each.name.value for each in _all(document) if each.kind == "fragment_spread"}
        kept = (
            each
            for each in document.definitions
            if not isinstance(each, FragmentDefinitionNode) or each.name.value in spreads
        )
        object.__setattr__(document, "definitions", tuple(kept))
    used = {
        each.name.value
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode)
        for part in (definition.selection_set, *(definition.directives or ()))
        for each in _all(part)
        if isinstance(each, VariableNode)
    }
    for each in document.definitions:
        if isinstance(each, OperationDefinitionNode):
            left = (one for one in each.variable_definitions or () if one.variable.name.value in used)
            object.__setattr__(each, "variable_definitions", tuple(left))


def _all(node: Node) -> list[Any]:  # Any: nodes
    found: list[Any] = []

    class All(Visitor):
        def enter(self, each: Node, *_: object) -> None:
            found.append(each)

    visit(node, All())
    return found
