"""Answers: results and refusals as responses. Never stored, unless `caching.py` says so: some hold secrets."""

from collections.abc import Mapping
from typing import Any, Final

import orjson
from graphql import GraphQLError
from starlette.responses import Response
from strawberry.types import ExecutionResult

from domain.words import Locale
from influents.http.negotiation import GRAPHQL, JSON
from influents.operations.refusing import BadRequest
from influents.telemetry.metrics import errors_told
from schema.errors import presented

RETRY_SECONDS = 1
LATER = {"SERVICE_UNAVAILABLE": 503, "RATE_LIMITED": 429}
"""What may be asked again, after a while."""

_HEADERS: Final = {
    media_type: (
        (b"content-type", f"{media_type}; charset=utf-8".encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    )
    for media_type in (GRAPHQL, JSON)
}


def body_of(result: ExecutionResult, locale: Locale) -> dict[str, Any]:  # Any: JSON
    """A result as GraphQL writes it: `data` where it was begun, `errors` where there are any."""
    body: dict[str, Any] = {}
    errors = [presented(error, locale) for error in result.errors or ()]
    if errors:
        body["errors"] = errors
    if result.data is not None or any(error.get("path") for error in errors):
        body["data"] = result.data
    return body


def answer(body: Mapping[str, Any], media_type: str = JSON) -> Response:
    """The response that holds a result.

    An operation that was begun is answered with 200, whatever became of its fields. One that wasn't is 400, except in
    plain JSON: clients that ask for that take any other status for a failure of the network.
    """
    if "errors" in body and (later := _nothing_but_later(body)) is not None:
        return _later(body, later, media_type)
    return written(body, 400 if media_type == GRAPHQL and "data" not in body else 200, media_type)


def failed(error: Exception, locale: Locale, media_type: str = JSON) -> Response:
    """What is answered where something was raised that no field caught."""
    shown = presented(GraphQLError(type(error).__name__, original_error=error), locale)
    code = shown["extensions"]["code"]
    if code in LATER:
        return _later({"errors": [shown]}, shown, media_type)
    return written({"errors": [shown]}, 401 if code == "UNAUTHENTICATED" else 500, media_type)


def refused(refusal: BadRequest, media_type: str = JSON) -> Response:
    """What is answered to a request that GraphQL never saw."""
    return written({"errors": [refusal.error()]}, refusal.status, media_type, headers=refusal.headers)


def written(
    body: Mapping[str, Any], status: int, media_type: str = JSON, *, headers: Mapping[str, str] = {}
) -> Response:
    errors_told(body)
    response = Written(orjson.dumps(body, default=str), status, media_type)
    if headers:
        response.headers.update(headers)
    return response


class Written(Response):
    """A response whose body and headers are bytes already: there is nothing to render or encode."""

    def __init__(self, body: bytes, status: int, media_type: str) -> None:
        self.status_code, self.body, self.background = status, body, None
        self.raw_headers = [(b"content-length", b"%d" % len(body)), *_HEADERS[media_type]]


def _nothing_but_later(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The error that asks to come back later, where nothing else was answered."""
    if any(value is not None for value in (body.get("data") or {}).values()):
        return None
    return next((error for error in body["errors"] if error["extensions"]["code"] in LATER), None)


def _later(body: Mapping[str, Any], error: Mapping[str, Any], media_type: str) -> Response:
    told = error["extensions"]
    return written(
        body, LATER[told["code"]], media_type, headers={"Retry-After": str(told.get("retryAfter", RETRY_SECONDS))}
    )
