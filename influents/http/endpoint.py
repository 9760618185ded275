"""`/graphql`: one operation a request, by POST or, where it is a query, by GET; GraphiQL for browsers."""

from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

from graphql import GraphQLError, OperationType
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from strawberry.types import ExecutionResult

from domain.words import Locale
from influents import graphiql
from influents.authentication import Caller, authenticate
from influents.gateways import came_through_the_gateway
from influents.http import answers, bodies, ftv1, urls
from influents.http.caching import VARY, SharedAnswers
from influents.http.failing import TypedFailures
from influents.http.forgery import check_not_forged
from influents.http.headers import headers_of
from influents.http.negotiation import GRAPHQL, HTML, JSON, accepted, for_answers, for_streams, streams_alone
from influents.http.origins import Origins
from influents.http.reading import check_readable
from influents.http.repeats import once
from influents.languages import accepted as spoken
from influents.operations.asking import Operation
from influents.operations.executing import Operations
from influents.operations.json_objects import json_object
from influents.operations.refusing import BadRequest
from influents.rate_limits import RateLimits
from influents.subscriptions.responses import streamed, streamed_error
from influents.subscriptions.streams import Streams
from resolvers.context import Context, Services
from schema.tracing import traced

Headers = Mapping[str, str]
READING = frozenset({"GET", "HEAD"})
APART = frozenset({"idempotency-key", ftv1.HEADER})
"""Headers that ask for more than an answer: to be answered the same when it is sent again, or how long it took."""
METHODS = {"Allow": "GET, HEAD, POST, OPTIONS"}
NO_METHOD = BadRequest(405, "METHOD_NOT_ALLOWED", "Send operations by POST, or queries by GET.", headers=METHODS)


class GraphQLEndpoint:
    """Answers `/graphql`."""

    def __init__(
        self,
        operations: Operations,
        services: Services,
        *,
        origins: Origins,
        shared: SharedAnswers,
        rates: RateLimits,
        streams: Streams,
    ) -> None:
        self.operations = operations
        self.services = services
        self.origins = origins
        self.shared = shared
        self.rates = rates
        self.streams = streams

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answer = await self._answer(Request(scope, receive), headers_of(scope))
        except Exception as error:  # noqa: BLE001 - whatever it is, the client gets a typed answer and the log the rest
            answer = answers.failed(error, Locale.FR)
        # What is written already can't fail any more: it is spared a layer.
        sent = answer if isinstance(answer, answers.Written) else TypedFailures(answer)
        await sent(scope, receive, send)

    async def _answer(self, request: Request, headers: Headers) -> Response:
        accepts, method = accepted(headers.get("accept")), request.method
        reading = method in READING
        if method == "OPTIONS":
            return Response(status_code=204, headers=METHODS)
        if not reading and method != "POST":
            return answers.refused(NO_METHOD)
        if reading and accepts.best(GRAPHQL, JSON, HTML) == HTML:
            return graphiql.page()
        try:
            types = for_answers(accepts), for_streams(accepts)
        except BadRequest as refusal:
            return answers.refused(refusal)
        ctx = Context(
            self.services,
            locale=spoken(headers.get("accept-language", "")),
            user_agent=headers.get("user-agent"),
            address=self.rates.address_of(request),
        )
        answer = await self._answered(request, headers, ctx, *types, reading=reading)
        return await self.rates.tell(answer, ctx)

    async def _answered(
        self, request: Request, headers: Headers, ctx: Context, media_type: str, streaming: str | None, *, reading: bool
    ) -> Response:
        answering = self._read if reading else self._execute
        try:
            return await answering(request, headers, ctx, media_type, streaming)
        except BadRequest as refusal:
            return answers.refused(refusal, media_type)
        except GraphQLError as error:
            body = answers.body_of(ExecutionResult(data=None, errors=[error]), ctx.locale)
            if streaming and streams_alone(accepted(headers["accept"])):
                return streamed_error(self.streams, body, streaming)
            return answers.answer(body, media_type)
        except Exception as error:  # noqa: BLE001 - whatever it is, the client gets a typed answer and the log the rest
            return answers.failed(error, ctx.locale, media_type)

    async def _admitted(self, headers: Headers, ctx: Context) -> Caller:
        """Who asks, where they haven't asked too much. A token that doesn't hold counts for its address."""
        try:
            return await authenticate(ctx, headers)
        finally:
            await self.rates.admit(ctx)

    async def _execute(
        self, request: Request, headers: Headers, ctx: Context, media_type: str, streaming: str | None
    ) -> Response:
        """A POST: whatever it asks for."""
        bodies.check_media_type(headers)
        caller = await self._admitted(headers, ctx)
        parameters = json_object(await bodies.body(request.receive, headers, maximum=caller.maximum_body))
        operation = self.operations.read(parameters, any_document=came_through_the_gateway(request.scope))
        if streaming and operation.kind == OperationType.SUBSCRIPTION:
            return streamed(self.streams, operation, ctx, request, streaming)
        if APART.isdisjoint(headers):
            return answers.answer(await self._body(operation, ctx), media_type)
        trace = ftv1.asked_for(headers)
        with traced(trace) if trace else nullcontext():
            body, again = await once(ctx, headers.get("idempotency-key"), operation, lambda: self._body(operation, ctx))
        answer = answers.answer(ftv1.with_trace(body, trace), media_type)
        if again:
            answer.headers["Idempotent-Replayed"] = "true"
        return answer

    async def _read(
        self, request: Request, headers: Headers, ctx: Context, media_type: str, streaming: str | None
    ) -> Response:
        """A GET or HEAD: a query, which caches may answer another time; by GET a subscription, for EventSource."""
        check_not_forged(headers, self.origins)
        await self._admitted(headers, ctx)
        parameters = urls.parameters(request)
        operation = self.operations.read(parameters, any_document=came_through_the_gateway(request.scope))
        if streaming and operation.kind == OperationType.SUBSCRIPTION and request.method == "GET":
            return streamed(self.streams, operation, ctx, request, streaming)
        check_readable(operation)
        body = await self._body(operation, ctx)
        answer = answers.answer(body, media_type)
        answer.headers["Vary"] = VARY
        nobody = ctx.caller is None and "authorization" not in headers
        if nobody and "errors" not in body and self.shared.can_hold(operation):
            return self.shared.shared(request, answer)
        return answer

    async def _body(self, operation: Operation, ctx: Context) -> dict[str, Any]:  # Any: JSON
        return answers.body_of(await self.operations.execute(operation, ctx), ctx.locale)
