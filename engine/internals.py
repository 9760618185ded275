"""What is used of Strawberry and graphql-core that they don't promise to keep.

Nothing else in this package imports names that are theirs alone. `CHECKED` are the versions that all of it was checked
with; a test tells when others are installed.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeGuard, cast

from graphql import DocumentNode, ExecutionResult, GraphQLError, GraphQLSchema, execute, specified_rules, validate
from strawberry import Schema
from strawberry.execution.is_awaitable import optimized_is_awaitable
from strawberry.schema._graphql_core import execution_context_class_kwargs
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule
from strawberry.utils.await_maybe import await_maybe

CHECKED: Final = {"strawberry-graphql": "0.341.2", "graphql-core": "3.3.2"}

is_awaitable = cast("Callable[[object], TypeGuard[Awaitable[Any]]]", optimized_is_awaitable)  # Any: what it comes to


def core_of(schema: Schema) -> GraphQLSchema:
    """The schema as graphql-core has it."""
    return schema._schema


def strawberrys_validation(schema: GraphQLSchema, document: DocumentNode) -> list[GraphQLError]:
    """What makes a document invalid, by the rules that Strawberry has it validated by."""
    return validate(schema, document, (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule))


async def executed_by_core(
    schema: Schema,
    document: DocumentNode,
    *,
    variables: Mapping[str, Any] | None,  # Any: JSON
    operation_name: str | None,
    context: object,
    root: object,
) -> ExecutionResult:
    """The result that graphql-core comes to, as Strawberry has it execute."""
    result = await await_maybe(
        execute(
            core_of(schema),
            document,
            root_value=root,
            context_value=context,
            variable_values=dict(variables or {}),
            operation_name=operation_name,
            is_awaitable=is_awaitable,
            operation_extensions=None,
            **execution_context_class_kwargs(schema.execution_context_class),
        )
    )
    if not isinstance(result, ExecutionResult):
        raise TypeError("an operation that is neither query nor mutation")
    return result
