"""Having an operation done."""

import asyncio

from strawberry.types import ExecutionResult

from influents.operations.asking import Asked
from influents.operations.refusing import BadRequest
from resolvers.context import Context
from schema.build import InfluentsSchema

OPERATION_SECONDS = 10.0


class Operations:
    """Executes what is asked for, in the name of a context. HTTP and WebSockets share it."""

    def __init__(self, schema: InfluentsSchema) -> None:
        self.schema = schema

    async def execute(self, asked: Asked, ctx: Context) -> ExecutionResult:
        """The result of a query or a mutation.

        Raises:
            BadRequest: it took too long.
        """
        try:
            async with asyncio.timeout(OPERATION_SECONDS):
                result = await self.schema.execute(
                    asked.query, variable_values=asked.variables, operation_name=asked.name, context_value=ctx
                )
        except TimeoutError:
            raise BadRequest(503, "TIMEOUT", "The operation took too long.") from None
        if not isinstance(result, ExecutionResult):
            raise TypeError("an operation that is neither query nor mutation")
        return result
