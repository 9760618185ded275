"""Traces by OpenTelemetry: requests, operations, SQL statements, and what the worker does. Imported where wanted alone.

Spans hold no token, address, variable or parameter: an operation's kind and name, a statement's text with its
placeholders. Fields have none: there are too many of them.
"""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from time import time_ns
from typing import Any, Final, TypedDict

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer, format_trace_id, get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from sqlalchemy import Connection, ExceptionContext, event
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from db.engine import Database
from influents.requests import method_of, route_of
from influents.telemetry import spans
from influents.telemetry.spans import Note
from influents.telemetry.statements import verb_of

EXPORT_SECONDS = 5
"""How long handing over a batch may take: what can't be handed over is dropped, and nobody waits for it."""
MAXIMUM_STATEMENT = 4_000
SECOND: Final = 1_000_000_000
"""In nanoseconds, as spans count."""
_SPAN = "influents.span"


class _Silent(TypedDict):
    record_exception: bool
    set_status_on_exception: bool


_SILENT: Final[_Silent] = {"record_exception": False, "set_status_on_exception": False}
"""An exception's message may hold what people wrote: its kind alone is told."""
_TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE)\s+\"?(\w+)", re.IGNORECASE)


class Traces:
    """Makes spans with a tracer."""

    def __init__(self, tracer: Tracer) -> None:
        self.tracer = tracer

    @contextmanager
    def span(self, name: str, **attributes: str | int) -> Iterator[Note]:
        named = {key.replace("_", "."): value for key, value in attributes.items()}
        with self.tracer.start_as_current_span(name, attributes=named, **_SILENT) as span:
            try:
                yield span.set_attribute
            except BaseException as wrong:
                _failed(span, wrong)
                raise

    def current(self) -> str | None:
        context = get_current_span().get_span_context()
        return format_trace_id(context.trace_id) if context.is_valid else None


@asynccontextmanager
async def tracing(endpoint: str, database: Database) -> AsyncIterator[None]:
    """Trace for as long as the block lasts, and hand over what is left in the end.

    Args:
        endpoint: Where OTLP is taken over HTTP: `http://collector:4318`.
        database: The database whose statements are traced.
    """
    named = {} if os.environ.get("OTEL_SERVICE_NAME") else {SERVICE_NAME: "influents"}
    exporter = OTLPSpanExporter(endpoint.rstrip("/") + "/v1/traces", timeout=EXPORT_SECONDS)
    provider = TracerProvider(resource=Resource.create(named), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    tracer = provider.get_tracer("influents")
    statements = _Statements(tracer)
    statements.watch(database)
    spans.begin(Traces(tracer))
    try:
        yield
    finally:
        spans.begin(None)
        statements.leave(database)
        await asyncio.to_thread(provider.shutdown)


class TracedRequests:
    """A span for each request.

    Args:
        app: What answers.
        trusting: Whether `traceparent` is believed: where there is a gateway, nobody else's gets here.
    """

    def __init__(self, app: ASGIApp, *, trusting: bool) -> None:
        self.app = app
        self._carrier = TraceContextTextMapPropagator() if trusting else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        tracing = spans.tracing_now()
        if scope["type"] != "http" or not isinstance(tracing, Traces):
            await self.app(scope, receive, send)
            return
        method, route = method_of(scope), route_of(scope)
        parent = self._carrier.extract(dict(Headers(scope=scope))) if self._carrier else None
        with tracing.tracer.start_as_current_span(
            f"{method} {route}",
            context=parent,
            kind=SpanKind.SERVER,
            attributes={"http.request.method": method, "http.route": route},
            **_SILENT,
        ) as span:

            async def answer(message: Message) -> None:
                if message["type"] == "http.response.start":
                    _answered(span, message["status"], Headers(raw=message["headers"]))
                await send(message)

            await self.app(scope, receive, answer)


class _Statements:
    """A span for each statement within another span: what the worker polls with has none."""

    def __init__(self, tracer: Tracer) -> None:
        self.tracer = tracer

    def watch(self, database: Database) -> None:
        for name, listener in self._listeners().items():
            event.listen(database.engine.sync_engine, name, listener)
        database.reader.observers.append(self._read)

    def leave(self, database: Database) -> None:
        for name, listener in self._listeners().items():
            event.remove(database.engine.sync_engine, name, listener)
        database.reader.observers.remove(self._read)

    def _listeners(self) -> Mapping[str, Any]:  # Any: what each event passes
        return {"before_cursor_execute": self._begin, "after_cursor_execute": self._end, "handle_error": self._fail}

    def _begin(self, connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if get_current_span().is_recording():
            connection.info[_SPAN] = self._begun(statement)

    def _read(self, statement: str, seconds: float, wrong: BaseException | None) -> None:
        if get_current_span().is_recording():
            span = self._begun(statement, at=time_ns() - round(seconds * SECOND))
            if wrong is not None:
                _failed(span, wrong)
            span.end()

    def _begun(self, statement: str, *, at: int | None = None) -> Span:
        verb, table = verb_of(statement), _TABLE.search(statement)
        return self.tracer.start_span(
            f"{verb} {table[1]}" if table else verb,
            kind=SpanKind.CLIENT,
            attributes={
                "db.system.name": "postgresql",
                "db.operation.name": verb,
                "db.query.text": statement[:MAXIMUM_STATEMENT],
            },
            start_time=at,
        )

    def _end(self, connection: Connection, *_: object) -> None:
        if (span := connection.info.pop(_SPAN, None)) is not None:
            span.end()

    def _fail(self, context: ExceptionContext) -> None:
        span = context.connection.info.pop(_SPAN, None) if context.connection is not None else None
        if span is not None:
            _failed(span, context.original_exception)
            span.end()


def _answered(span: Span, status: int, headers: Headers) -> None:
    span.set_attribute("http.response.status_code", status)
    span.set_attribute("influents.request", headers.get("X-Request-Id", ""))
    if status >= 500:  # noqa: PLR2004 - HTTP's
        span.set_status(StatusCode.ERROR)


def _failed(span: Span, wrong: BaseException) -> None:
    span.set_attribute("error.type", type(wrong).__name__)
    span.set_status(StatusCode.ERROR)
