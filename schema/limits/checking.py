"""Checking an operation against its limits before anything is made of it: first what it asks for, then its validity."""

from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from itertools import chain
from typing import Any, Final

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    specified_rules,
    validate,
)
from graphql.validation.rules import overlapping_fields_can_be_merged
from strawberry.extensions import SchemaExtension
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from resolvers.context import Context
from schema.documents import meant
from schema.errors import BadUserInput, IntrospectionClosed, QueryTooComplex
from schema.limits import bounds as fixed
from schema.limits.bounds import Bounds
from schema.limits.measuring import Measures, measure
from schema.limits.prices import Prices

# GraphQL's own measure against documents whose fields are compared each with each. It is the process's.
overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = fixed.COMPARISONS
NO_COMPARISONS_LEFT: Final = "Validation aborted."


class Limits(SchemaExtension):
    """An operation asks for so much at most, and it is clear which of its document's operations is meant."""

    def __init__(self, bounds: Bounds, prices: Prices) -> None:
        self.bounds, self.prices = bounds, prices
        self.measured: Measures | None = None

    async def on_parse(self) -> AsyncIterator[None]:
        yield
        document, variables = self.execution_context.graphql_document, self.execution_context.variables or {}
        if document is None:
            return
        # `operation_name` would be the first one's where none was given.
        asked: str | None = vars(self.execution_context)["_provided_operation_name"]
        operation = meant_alone(document, asked)
        check_lists(variables)
        schema = self.execution_context.schema._schema
        self.measured = measure(schema, self.prices, document, operation, variables)
        check(self.measured, self.bounds)
        await charge(self.measured, self.execution_context.context)

    def on_validate(self) -> Iterator[None]:
        context = self.execution_context
        if context.graphql_document is not None and context.pre_execution_errors is None:
            context.pre_execution_errors = unfit(context.schema._schema, context.graphql_document)
        yield


async def charge(measured: Measures, context: Context) -> None:
    """Tell whoever counts what an operation costs that asks for no more than it may.

    Raises:
        RateLimited: its caller has had too much done.
    """
    context.cost = measured.cost
    if context.before_execution is not None:
        await context.before_execution(measured.cost)


def check(measured: Measures, bounds: Bounds) -> None:
    """Whether an operation may ask for that.

    Raises:
        QueryTooComplex, IntrospectionClosed: it may not.
    """
    if measured.introspects and not bounds.introspection:
        raise IntrospectionClosed
    for what, found, limit in (
        ("depth", measured.depth, bounds.depth),
        ("aliases", measured.aliases, bounds.aliases),
        ("directives", measured.directives, bounds.directives),
        ("cost", measured.cost, bounds.cost),
        ("nodes", measured.nodes, bounds.nodes),
        ("introspection-depth", measured.introspection_depth, fixed.INTROSPECTION_DEPTH),
        ("introspection-nodes", measured.introspection_nodes, fixed.INTROSPECTION_NODES),
    ):
        if found > limit:
            raise QueryTooComplex(what, found=found, limit=limit)


_PLAIN: Final = frozenset({str, int, float, bool, type(None)})
"""What has nothing in it: most of what variables are."""
_OBJECTS: Final = frozenset({dict})


def check_lists(variables: Mapping[str, Any]) -> None:  # Any: JSON
    """Whether every list in the variables is short enough; one in the document has no more items than it has tokens.

    Raises:
        BadUserInput: one is not.
    """
    waiting: list[object] = [variables]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            if len(value) > fixed.ITEMS:
                raise BadUserInput("too-many-items", found=len(value), limit=fixed.ITEMS)
            inside: Collection[Any] = value  # Any: JSON
            if _OBJECTS.issuperset(map(type, inside)):  # what is in all of them is looked at once
                inside = list(chain.from_iterable(map(dict.values, inside)))
        elif type(value) is dict or isinstance(value, Mapping):
            inside = value.values()
        else:
            continue
        if not _PLAIN.issuperset(map(type, inside)):
            waiting += [each for each in inside if type(each) not in _PLAIN]


def meant_alone(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """The operation to execute.

    Raises:
        GraphQLError: it isn't clear which.
        QueryTooComplex: there are too many.
    """
    operations = sum(isinstance(each, OperationDefinitionNode) for each in document.definitions)
    if operations > fixed.OPERATIONS:
        raise QueryTooComplex("operations", found=operations, limit=fixed.OPERATIONS)
    if (operation := meant(document, name)) is None:
        raise GraphQLError(
            "Say which operation is meant: `operationName`, one of the document's.",
            extensions={"code": "GRAPHQL_VALIDATION_FAILED"},
        )
    return operation


def unfit(schema: GraphQLSchema, document: DocumentNode) -> list[GraphQLError]:
    """What makes a document invalid: the first of it, and nothing of what might have been meant.

    Raises:
        QueryTooComplex: comparing its fields takes too long.
    """
    rules = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
    errors = validate(schema, document, rules, max_errors=fixed.REPORTED, hide_suggestions=True)
    if errors and errors[-1].message == NO_COMPARISONS_LEFT:
        raise QueryTooComplex("comparisons", found=fixed.COMPARISONS + 1, limit=fixed.COMPARISONS)
    return errors
