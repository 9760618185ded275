"""Planning: from an operation of a document to what executes it, or why there can be no such thing."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLLeafType,
    GraphQLObjectType,
    Node,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    print_ast,
)
from strawberry import Schema
from strawberry.types.field import StrawberryField

from engine.converting import Converter
from engine.errors import LOST
from engine.internals import (
    TYPENAME,
    FieldDetails,
    FragmentDetails,
    VariableValues,
    collect_fields,
    collect_subfields,
    core_of,
)
from engine.leaves import Leaf
from engine.places import Root
from engine.running import Run
from engine.selections import Selection
from engine.variables import VariablesOf

Leaves = dict[GraphQLLeafType, Leaf]
"""How values of each scalar and enum of a schema are answered, as far as they were asked for."""
KNOWN_DIRECTIVES: Final = ("skip", "include")


class Declined(Exception):  # noqa: N818
    """There can be no plan; `reason` says why, in one of a few words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Prepared:
    """An operation of a document that fits the schema, and its plans: one for each way that it skips and includes.

    Attributes:
        operation: The operation.
        declined: Why there can be no plan; None where there can.
    """

    def __init__(
        self, schema: Schema, document: DocumentNode, operation: OperationDefinitionNode, leaves: Leaves
    ) -> None:
        self.schema, self.operation, self.leaves = schema, operation, leaves
        self.fragments = [each for each in document.definitions if isinstance(each, FragmentDefinitionNode)]
        self.declined: str | None = None
        self._variables = VariablesOf(core_of(schema), operation.variable_definitions or ())
        self._switches: list[str] = []
        self._plans: dict[tuple[object, ...], Plan] = {}
        try:
            self._look_through()
        except Declined as declined:
            self.declined = declined.reason

    def _look_through(self) -> None:
        """Find what decides on plans, and what there can be none for.

        Raises:
            Declined: such a thing is there.
        """
        if self.operation.operation is OperationType.SUBSCRIPTION:
            raise Declined("subscription")
        if core_of(self.schema).get_root_type(self.operation.operation) is None:
            raise Declined("no such type")
        if any(fragment.variable_definitions for fragment in self.fragments):
            raise Declined("fragment variables")
        switches: set[str] = set()
        for node in _nodes([self.operation, *self.fragments]):
            if isinstance(node, FieldNode) and node.name.value.startswith("__") and node.name.value != TYPENAME:
                raise Declined("introspection")
            if isinstance(node, DirectiveNode):
                if node.name.value not in KNOWN_DIRECTIVES:
                    raise Declined("directive")
                used = (argument.value for argument in node.arguments or ())
                switches.update(value.name.value for value in used if isinstance(value, VariableNode))
        # A fragment of another operation may name one that is something else here.
        self._switches = sorted(switches & _booleans(self.operation))

    def coerced(self, given: Mapping[str, Any] | None) -> VariableValues | list[GraphQLError]:  # Any: JSON
        """The values of the operation's variables, or what is wrong with them."""
        return self._variables.coerced(given or {})

    def plan(self, variables: VariableValues) -> "Plan":
        """The plan for the way that these variables skip and include."""
        on = {name: variables.coerced[name] for name in self._switches if name in variables.coerced}
        values = tuple(on.items())
        plan = self._plans.get(values)
        if plan is None:
            # A plan keeps nothing of a client's but what it is decided by.
            switches = VariableValues({name: variables.sources[name] for name in on if name in variables.sources}, on)
            planner = Planner(self.schema, self.operation, self.fragments, switches, self.leaves)
            plan = self._plans[values] = Plan(planner)
        return plan

    @property
    def fields(self) -> int:
        """How many fields its plans have, and one for each plan. There are more as more is there to be shown."""
        return sum(1 + plan.planner.size for plan in self._plans.values())

    def forget(self) -> None:
        """Forget its plans: they are made again when they are needed."""
        self._plans.clear()


class Planner:
    """What planning the parts of an operation takes."""

    def __init__(
        self,
        schema: Schema,
        operation: OperationDefinitionNode,
        fragments: list[FragmentDefinitionNode],
        switches: VariableValues,
        leaves: Leaves,
    ) -> None:
        self.schema, self.operation, self.switches = schema, operation, switches
        self.core = core_of(schema)
        self.fragment_definitions = {each.name.value: each for each in fragments}
        self.fragments = {name: FragmentDetails(each) for name, each in self.fragment_definitions.items()}
        self.size = 0
        """How many fields were planned so far: more are as more is there to be shown."""
        self._leaves = leaves

    def collected(
        self, type_: GraphQLObjectType, details: list[FieldDetails] | None
    ) -> Mapping[str, list[FieldDetails]]:
        """The fields that are selected of a type: below a field, or of the operation's root."""
        if details is None:
            return collect_fields(self.core, self.fragments, self.switches, type_, self.operation).grouped_field_set
        return collect_subfields(
            self.core, self.fragments, self.switches, self.operation, type_, details
        ).grouped_field_set

    def selection(self, type_: GraphQLObjectType, details: list[FieldDetails]) -> Selection:
        return Selection(self, type_, details)

    def converter(self, field: StrawberryField) -> Converter:
        """What converts a field's arguments."""
        return Converter(self.schema, field)

    def leaf(self, type_: GraphQLLeafType) -> Leaf:
        if type_ not in self._leaves:
            self._leaves[type_] = Leaf(type_)
        return self._leaves[type_]


class Plan:
    """Executes an operation."""

    def __init__(self, planner: Planner) -> None:
        root = planner.core.get_root_type(planner.operation.operation)
        assert root is not None
        self.planner = planner
        self.root = Selection(planner, root, None)
        self.serially = planner.operation.operation is OperationType.MUTATION

    async def execute(self, run: Run) -> dict[str, Any] | None:  # Any: JSON
        """The data; None where an error took all of it."""
        if self.serially:
            [data] = await self.root.serially(run, [run.root], Root())
        else:
            soon = self.root(run, [run.root], Root(), {type(run.root)})
            [data] = soon if isinstance(soon, list) else await soon
        return None if data is LOST else data


def _booleans(operation: OperationDefinitionNode) -> set[str]:
    """The variables of an operation that can switch something on or off."""
    return {
        each.variable.name.value
        for each in operation.variable_definitions or ()
        if print_ast(each.type).removesuffix("!") == "Boolean"
    }


def _nodes(roots: list[OperationDefinitionNode | FragmentDefinitionNode]) -> Iterator[Node]:
    """All that is written in some parts of a document."""
    waiting: list[Node] = list(roots)
    while waiting:
        node = waiting.pop()
        yield node
        for key in node.keys:
            value = getattr(node, key, None)
            waiting.extend(
                each for each in (value if isinstance(value, list | tuple) else [value]) if isinstance(each, Node)
            )
