"""Executing operations: by a plan where there can be one, else by graphql-core."""

from collections.abc import Callable, Mapping
from typing import Any

from graphql import DocumentNode, GraphQLError, parse
from strawberry import Schema
from strawberry.types import ExecutionResult

from engine import internals

Validate = Callable[[DocumentNode], list[GraphQLError]]


def _tell_nobody(_reason: str) -> None:
    pass


class Engine:
    """Executes the operations of a Strawberry schema.

    Args:
        schema: The schema.
        validate: What makes a document invalid; as Strawberry validates unless told.
        declined: Told why, each time that an operation is left to graphql-core: one of a few words.
    """

    def __init__(
        self, schema: Schema, *, validate: Validate | None = None, declined: Callable[[str], None] = _tell_nobody
    ) -> None:
        self.schema = schema
        self.core = internals.core_of(schema)
        self.validate = validate or (lambda document: internals.strawberrys_validation(self.core, document))
        self.declined = declined

    async def execute(
        self,
        query: str | DocumentNode,
        *,
        variables: Mapping[str, Any] | None = None,  # Any: JSON
        operation_name: str | None = None,
        context: object = None,
        root: object = None,
    ) -> ExecutionResult:
        """The result of a query or a mutation, whoever executes it."""
        try:
            document = parse(query) if isinstance(query, str) else query
        except GraphQLError as error:
            return ExecutionResult(data=None, errors=[error])
        if errors := self.validate(document):
            return ExecutionResult(data=None, errors=errors)
        self.declined("not yet")
        result = await internals.executed_by_core(
            self.schema, document, variables=variables, operation_name=operation_name, context=context, root=root
        )
        return ExecutionResult(data=result.data, errors=result.errors)
