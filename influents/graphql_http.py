"""GraphQL over HTTP: one operation a POST, answered as JSON; GraphiQL for a browser's GET."""

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import Response
from strawberry.types import ExecutionResult

from domain.words import Locale
from influents import graphiql
from influents.bodies import BadRequest, Operation, operation
from influents.languages import accepted
from resolvers import accounts
from resolvers.context import Context, Services
from schema.build import InfluentsSchema
from schema.errors import presented

OPERATION_SECONDS = 10.0
RETRY_SECONDS = "1"
NOT_KNOWN = BadRequest(401, "UNAUTHENTICATED", "The access token is no longer good: refresh it, or sign in.")


class GraphQLEndpoint:
    """Answers `/graphql`."""

    def __init__(self, schema: InfluentsSchema, services: Services) -> None:
        self.schema = schema
        self.services = services

    async def __call__(self, request: Request) -> Response:
        if request.method == "POST":
            return await self._post(request)
        if request.method in ("GET", "HEAD") and "text/html" in request.headers.get("accept", ""):
            return graphiql.page()
        return _refused(BadRequest(405, "METHOD_NOT_ALLOWED", "Send operations by POST."), headers={"Allow": "POST"})

    async def _post(self, request: Request) -> Response:
        try:
            asked = await operation(request)
        except BadRequest as refused:
            return _refused(refused)
        ctx = Context(
            self.services,
            locale=accepted(request.headers.get("accept-language", "")),
            user_agent=request.headers.get("user-agent"),
        )
        try:
            if not await _known(ctx, request.headers.get("authorization")):
                return _refused(NOT_KNOWN, headers={"WWW-Authenticate": "Bearer"})
            async with asyncio.timeout(OPERATION_SECONDS):
                result = await self._execute(asked, ctx)
        except TimeoutError:
            return _refused(BadRequest(503, "TIMEOUT", "The operation took too long."))
        except Exception as error:  # noqa: BLE001 - whatever it is, the client gets a typed answer and the log the rest
            return _failed(error, ctx.locale)
        return _answer(result, ctx.locale)

    async def _execute(self, asked: Operation, ctx: Context) -> ExecutionResult:
        result = await self.schema.execute(
            asked.query, variable_values=asked.variables, operation_name=asked.name, context_value=ctx
        )
        if not isinstance(result, ExecutionResult):
            raise TypeError("an operation that is neither query nor mutation")
        return result


async def _known(ctx: Context, authorization: str | None) -> bool:
    """Whether the request says nothing of who asks, or something that holds. Then `ctx` is theirs."""
    if authorization is None:
        return True
    scheme, _, token = authorization.partition(" ")
    return scheme.lower() == "bearer" and await accounts.authenticate(ctx, token.strip())


def _answer(result: ExecutionResult, locale: Locale) -> Response:
    """An operation that was begun is answered with 200, whatever became of its fields; one that wasn't with 400."""
    body: dict[str, Any] = {}  # Any: JSON
    errors = [presented(error, locale) for error in result.errors or ()]
    if errors:
        body["errors"] = errors
    begun = result.data is not None or any(error.get("path") for error in errors)
    if begun:
        body["data"] = result.data
    if _nothing_but_unavailable(result, errors):
        return _json(body, 503, headers={"Retry-After": RETRY_SECONDS})
    return _json(body, 200 if begun else 400)


def _nothing_but_unavailable(result: ExecutionResult, errors: list[dict[str, Any]]) -> bool:
    nothing = not any(value is not None for value in (result.data or {}).values())
    return nothing and any(error["extensions"]["code"] == "SERVICE_UNAVAILABLE" for error in errors)


def _failed(error: Exception, locale: Locale) -> Response:
    shown = presented(GraphQLError(type(error).__name__, original_error=error), locale)
    if shown["extensions"]["code"] == "SERVICE_UNAVAILABLE":
        return _json({"errors": [shown]}, 503, headers={"Retry-After": RETRY_SECONDS})
    return _json({"errors": [shown]}, 500)


def _refused(refused: BadRequest, *, headers: Mapping[str, str] = {}) -> Response:
    error = {"message": refused.message, "extensions": {"code": refused.code}}
    return _json({"errors": [error]}, refused.status, headers=headers)


def _json(body: Mapping[str, Any], status: int, *, headers: Mapping[str, str] = {}) -> Response:
    """Never stored: answers depend on who asks, and some hold secrets."""
    return Response(
        orjson.dumps(body, default=str),
        status,
        media_type="application/json",
        headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", **headers},
    )
