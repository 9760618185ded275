"""Adding up what an operation asks for: each part of its document is looked at once, however often it is used."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
)

from schema.limits.prices import Price, Prices
from schema.paging import MAXIMUM

FAR_TOO_MUCH: Final = 1_000_000_000
"""Nobody needs to know how much more it is: fragments that double can come to numbers without end."""
UNKNOWN: Final = Price()
"""A field that isn't there: the document is invalid, which validation says later."""
INTROSPECTION: Final = ("__schema", "__type")


@dataclass(slots=True)
class Measures:
    """What a part of a document asks for.

    Attributes:
        depth, aliases, directives, cost, nodes: As they are bounded.
        page_cost, page_nodes: The same for each item of the page that it lies in, whose size is known further out.
        introspection_depth, introspection_nodes: Of the schema, which is bounded apart.
        introspects: Whether it asks for the schema at all.
    """

    depth: int = 0
    aliases: int = 0
    directives: int = 0
    cost: int = 0
    nodes: int = 0
    page_cost: int = 0
    page_nodes: int = 0
    introspection_depth: int = 0
    introspection_nodes: int = 0
    introspects: bool = False

    def add(self, other: "Measures") -> None:
        """Put a part beside what is here."""
        self.depth = max(self.depth, other.depth)
        self.introspection_depth = max(self.introspection_depth, other.introspection_depth)
        self.introspects = self.introspects or other.introspects
        self.aliases = min(self.aliases + other.aliases, FAR_TOO_MUCH)
        self.directives = min(self.directives + other.directives, FAR_TOO_MUCH)
        self.cost = min(self.cost + other.cost, FAR_TOO_MUCH)
        self.nodes = min(self.nodes + other.nodes, FAR_TOO_MUCH)
        self.page_cost = min(self.page_cost + other.page_cost, FAR_TOO_MUCH)
        self.page_nodes = min(self.page_nodes + other.page_nodes, FAR_TOO_MUCH)
        self.introspection_nodes = min(self.introspection_nodes + other.introspection_nodes, FAR_TOO_MUCH)


def measure(
    schema: GraphQLSchema,
    prices: Prices,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],  # Any: JSON, nobody has looked at it yet
) -> Measures:
    """What an operation of a document asks for. The document may be invalid: what makes no sense counts as it can."""
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    defaults = {each.variable.name.value: each.default_value for each in operation.variable_definitions or ()}
    measuring = _Measuring(schema, prices, variables, defaults)
    for name in _innermost_first(fragments):
        measuring.fragment(fragments[name])
    return measuring.operation(operation)


@dataclass(slots=True)
class _Measuring:
    schema: GraphQLSchema
    prices: Prices
    variables: Mapping[str, Any]  # Any: JSON
    defaults: Mapping[str, ValueNode | None]
    fragments: dict[str, Measures] = field(default_factory=dict)

    def operation(self, node: OperationDefinitionNode) -> Measures:
        found = self._selections(self.schema.get_root_type(node.operation), node.selection_set)
        found.directives += len(node.directives or ())
        found.cost += MAXIMUM * found.page_cost
        found.nodes += MAXIMUM * found.page_nodes
        return found

    def fragment(self, node: FragmentDefinitionNode) -> None:
        found = self._selections(self.schema.get_type(node.type_condition.name.value), node.selection_set)
        found.directives += len(node.directives or ())
        self.fragments[node.name.value] = found

    def _selections(self, type_: GraphQLNamedType | None, selected: SelectionSetNode) -> Measures:
        found = Measures()
        for node in selected.selections:
            if isinstance(node, FieldNode):
                found.add(self._field(type_, node))
            elif isinstance(node, InlineFragmentNode):
                on = self.schema.get_type(node.type_condition.name.value) if node.type_condition else type_
                found.add(self._selections(on, node.selection_set))
            elif isinstance(node, FragmentSpreadNode):
                # One that isn't there, or that lies within itself, is for validation to refuse.
                found.add(self.fragments.get(node.name.value, Measures()))
            found.directives += len(node.directives or ())
        return found

    def _field(self, type_: GraphQLNamedType | None, node: FieldNode) -> Measures:
        name = node.name.value
        definition = getattr(type_, "fields", {}).get(name)
        introspects = name in INTROSPECTION or (type_ is not None and (type_.name, name) == ("_Service", "sdl"))
        if definition is None and name in INTROSPECTION:
            below_type = self.schema.get_type("__Schema" if name == "__schema" else "__Type")
        else:
            below_type = get_named_type(definition.type) if definition else None
        below = self._selections(below_type, node.selection_set) if node.selection_set else Measures()
        found = Measures(
            depth=below.depth + 1,
            aliases=below.aliases + (node.alias is not None),
            directives=below.directives,
            introspects=introspects or below.introspects,
            introspection_depth=below.introspection_depth,
            introspection_nodes=below.introspection_nodes,
        )
        if name in INTROSPECTION:
            found.introspection_depth, found.introspection_nodes, found.depth = found.depth, below.nodes + 1, 1
            return found
        price = self.prices.get((type_.name, name), UNKNOWN) if type_ is not None and definition else UNKNOWN
        if definition is None and node.selection_set is None:
            return found  # __typename, or nothing that is there
        self._count(found, below, price, node)
        return found

    def _count(self, found: Measures, below: Measures, price: Price, node: FieldNode) -> None:
        """What a field costs: for each of its items, its weight and what lies below."""
        size = self._size(price, node)
        page = size if price.page and size is not None else MAXIMUM
        cost = price.weight + below.cost + page * below.page_cost
        nodes = int(price.node) + below.nodes + page * below.page_nodes
        if size is None:
            found.page_cost, found.page_nodes = cost, nodes
        else:
            items = 1 if price.page else size
            found.cost, found.nodes = items * cost, items * nodes

    def _size(self, price: Price, node: FieldNode) -> int | None:
        """How many items a field has; None where the page around it says so."""
        if price.sent is None and not price.slicing:
            return price.size
        told = {argument.name.value: argument.value for argument in node.arguments or ()}
        if price.sent is not None:
            return self._length(told.get(price.sent), price.size)
        numbers = [number for name in price.slicing if (number := self._number(told.get(name))) is not None]
        return max(numbers, default=price.size)

    def _number(self, value: ValueNode | None) -> int | None:
        """A page size, within what a page can have: any other is refused where it is used."""
        if isinstance(value, VariableNode):
            name = value.name.value
            given = self.variables.get(name) if name in self.variables else self._number(self.defaults.get(name))
            return size_of(given)
        return min(max(int(value.value[:9]), 0), MAXIMUM) if isinstance(value, IntValueNode) else None

    def _length(self, value: ValueNode | None, unless_told: int | None) -> int | None:
        if isinstance(value, VariableNode):
            name = value.name.value
            if name not in self.variables:
                return self._length(self.defaults.get(name), unless_told)
            given = self.variables[name]
            return len(given) if isinstance(given, list) else 1
        return len(value.values) if isinstance(value, ListValueNode) else 1


def size_of(given: object) -> int | None:
    """A page size that was sent, within what a page can have; 20.0 is 20 to GraphQL too."""
    if isinstance(given, float) and given.is_integer():
        given = int(given)
    return min(max(given, 0), MAXIMUM) if isinstance(given, int) else None


def _innermost_first(fragments: Mapping[str, FragmentDefinitionNode]) -> Iterator[str]:
    """Fragments so that each comes after those it uses. Without recursion: a chain may be as long as the document."""
    done: set[str] = set()
    for root in fragments:
        under_way = {root}
        waiting = [] if root in done else [(root, _used_by(fragments[root]))]
        while waiting:
            name, used = waiting[-1]
            inner = next(
                (each for each in used if each in fragments and each not in done and each not in under_way), None
            )
            if inner is None:
                waiting.pop()
                under_way.discard(name)
                done.add(name)
                yield name
            else:
                under_way.add(inner)
                waiting.append((inner, _used_by(fragments[inner])))


def _used_by(fragment: FragmentDefinitionNode) -> Iterator[str]:
    """The fragments that one uses."""
    selected = [fragment.selection_set]
    while selected:
        for node in selected.pop().selections:
            if isinstance(node, FragmentSpreadNode):
                yield node.name.value
            elif isinstance(node, FieldNode | InlineFragmentNode) and node.selection_set:
                selected.append(node.selection_set)
