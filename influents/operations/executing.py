"""Reading what is asked for, and having it done. HTTP and WebSockets share it."""

import asyncio
from collections.abc import Mapping

from graphql import OperationType
from strawberry.types import ExecutionResult

from influents.operations.asking import Operation, asked, operation
from influents.operations.refusing import BadRequest
from resolvers.context import Context
from schema.build import InfluentsSchema

OPERATION_SECONDS = 10.0


class Operations:
    """The operations of a schema."""

    def __init__(self, schema: InfluentsSchema) -> None:
        self.schema = schema

    def read(self, parameters: Mapping[str, object]) -> Operation:
        """The operation that a request's parameters ask for: `query`, `variables`, `operationName`, `extensions`.

        Raises:
            BadRequest: they make no GraphQL request.
            GraphQLError: the document is none, or it isn't clear which of its operations is meant.
        """
        request = asked(parameters)
        if request.query is None or not request.query.strip():
            raise BadRequest(400, "BAD_REQUEST", "`query` is missing: a GraphQL document.")
        return operation(request, request.query, self.schema.documents)

    async def execute(self, operation: Operation, ctx: Context) -> ExecutionResult:
        """The result of a query or a mutation, in the name of whom the context is of.

        Raises:
            BadRequest: it took too long, or is a subscription.
        """
        if operation.kind == OperationType.SUBSCRIPTION:
            raise BadRequest(406, "NOT_ACCEPTABLE", "Subscriptions are streams: they are not answered over plain HTTP.")
        try:
            async with asyncio.timeout(OPERATION_SECONDS):
                result = await self.schema.execute(
                    operation.text,
                    variable_values=operation.variables,
                    operation_name=operation.name,
                    context_value=ctx,
                )
        except TimeoutError:
            raise BadRequest(503, "TIMEOUT", "The operation took too long.") from None
        if not isinstance(result, ExecutionResult):
            raise TypeError("an operation that is neither query nor mutation")
        return result
