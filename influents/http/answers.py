"""Answers: results and refusals as responses. Never stored: they depend on who asks, and some hold secrets."""

from collections.abc import Mapping
from typing import Any

import orjson
from graphql import GraphQLError
from starlette.responses import Response
from strawberry.types import ExecutionResult

from domain.words import Locale
from influents.operations.refusing import BadRequest
from schema.errors import presented

RETRY_SECONDS = "1"


def answer(result: ExecutionResult, locale: Locale) -> Response:
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


def failed(error: Exception, locale: Locale) -> Response:
    """What is answered where something was raised that no field caught."""
    shown = presented(GraphQLError(type(error).__name__, original_error=error), locale)
    if shown["extensions"]["code"] == "SERVICE_UNAVAILABLE":
        return _json({"errors": [shown]}, 503, headers={"Retry-After": RETRY_SECONDS})
    return _json({"errors": [shown]}, 500)


def refused(refusal: BadRequest) -> Response:
    """What is answered to a request that GraphQL never saw."""
    return _json({"errors": [refusal.error()]}, refusal.status, headers=refusal.headers)


def _nothing_but_unavailable(result: ExecutionResult, errors: list[dict[str, Any]]) -> bool:
    nothing = not any(value is not None for value in (result.data or {}).values())
    return nothing and any(error["extensions"]["code"] == "SERVICE_UNAVAILABLE" for error in errors)


def _json(body: Mapping[str, Any], status: int, *, headers: Mapping[str, str] = {}) -> Response:
    return Response(
        orjson.dumps(body, default=str),
        status,
        media_type="application/json",
        headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", **headers},
    )
