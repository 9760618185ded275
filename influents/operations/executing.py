"""Reading what is asked for, and having it done. HTTP and WebSockets share it."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from functools import partial

from graphql import FieldNode, GraphQLError, OperationType
from strawberry.types import ExecutionResult

from influents.operations.asking import Operation, asked, operation
from influents.operations.refusing import BadRequest
from influents.operations.sources import Sources
from influents.patience import Within
from influents.telemetry import metrics, spans
from resolvers.context import Context
from resolvers.failures import lost
from resolvers.reading import only_reading
from schema.build import InfluentsSchema

OPERATION_SECONDS = 10.0
NO_STREAM = BadRequest(
    406,
    "NOT_ACCEPTABLE",
    "Subscriptions are streams: accept text/event-stream or multipart/mixed, or use a WebSocket.",
)


def _raise_lost(result: ExecutionResult) -> None:
    """Raise what kept a part of a result from being read, where another database may answer."""
    for error in result.errors or ():
        cause: BaseException | None = error
        while isinstance(cause, GraphQLError):
            cause = cause.original_error
        if cause is not None and lost(cause):
            raise cause


class Operations:
    """The operations of a schema."""

    def __init__(self, schema: InfluentsSchema, sources: Sources | None = None) -> None:
        self.schema = schema
        self.sources = sources or Sources()

    def read(self, parameters: Mapping[str, object], *, any_document: bool = False) -> Operation:
        """The operation that a request's parameters ask for.

        Args:
            parameters: `query`, or `documentId`, or a hash in `extensions`; `variables` and `operationName`.
            any_document: Whether the caller may send documents of their own where trusted ones alone are taken.

        Raises:
            BadRequest: they make no GraphQL request.
            GraphQLError: the document is none, or not known, or it isn't clear which of its operations is meant.
        """
        request = asked(parameters)
        source = self.sources.of(request, any_document=any_document)
        return operation(request, source, self.schema.documents)

    async def execute(self, operation: Operation, ctx: Context) -> ExecutionResult:
        """The result of a query or a mutation, in the name of whom the context is of.

        Raises:
            BadRequest: it took too long, or is a subscription.
        """
        if operation.kind == OperationType.SUBSCRIPTION:
            raise NO_STREAM
        kind, name = operation.kind.value, operation.definition.name
        traced = spans.span(kind, graphql_operation_type=kind, graphql_operation_name=name.value[:100] if name else "")
        with metrics.Timed(kind, self._known_name(operation)) as timed, traced as note:
            result = await self._executed(operation, ctx)
            timed.outcome = "errors" if result.errors else "ok"
            note("influents.outcome", timed.outcome)
            return result

    def _root_field(self, operation: Operation) -> str:
        """What is watched: a field that there is."""
        known = self.schema.core.subscription_type
        for each in operation.definition.selection_set.selections:
            if isinstance(each, FieldNode) and known is not None and each.name.value in known.fields:
                return each.name.value
        return "other"

    def _known_name(self, operation: Operation) -> str:
        """Its name, where a trusted document gives it: clients write what they please into others."""
        name = operation.definition.name
        return name.value if name and operation.text in self.sources.texts else ""

    async def _executed(self, operation: Operation, ctx: Context) -> ExecutionResult:
        try:
            with Within(OPERATION_SECONDS):
                if ctx.services.replicas and operation.kind == OperationType.QUERY:
                    result = await only_reading(ctx, partial(self._result, operation, ctx))
                else:
                    result = await self._result(operation, ctx)
        except TimeoutError:
            wait = {"Retry-After": "1"}
            raise BadRequest(503, "TIMEOUT", "The operation took too long.", headers=wait) from None
        if operation.sha256 is not None and self.schema.documents.fits(operation.text):
            self.sources.keep(operation.sha256, operation.text)
        return result

    async def _result(self, operation: Operation, ctx: Context) -> ExecutionResult:
        result = await self.schema.execute(
            operation.text,
            variable_values=operation.variables,
            operation_name=operation.name,
            context_value=ctx,
        )
        if not isinstance(result, ExecutionResult):
            raise TypeError("an operation that is neither query nor mutation")
        if ctx.reads_elsewhere:
            _raise_lost(result)
        return result

    async def subscribe(self, operation: Operation, ctx: Context) -> AsyncGenerator[ExecutionResult]:
        """The results of a subscription, one for each change; whoever stops reading closes it."""
        results = await self.schema.subscribe(
            operation.text,
            variable_values=operation.variables,
            operation_name=operation.name,
            context_value=ctx,
        )
        field = self._root_field(operation)
        with metrics.subscribed(field):
            async with aclosing(results):
                async for result in results:
                    metrics.EVENTS_SENT.labels(field, "errors" if result.errors else "ok").inc()
                    yield result
