"""Reading a GraphQL request from a POST, with bounds on everything a stranger may send."""

import asyncio
import json
import re
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import ClientDisconnect, Request

MAXIMUM_BODY = 256 * 1024
MAXIMUM_NESTING = 64
MAXIMUM_DIGITS = 25
BODY_SECONDS = 5.0
JSON_TYPES = ("application/json", "application/graphql-response+json")
_UNKEPT = re.compile("[\x00\ud800-\udfff]")


class BadRequest(Exception):  # noqa: N818
    """A request that is refused before GraphQL sees it."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


@dataclass(frozen=True, slots=True)
class Operation:
    """What is to be executed. Its repr shows none of it: it may hold passwords and answers."""

    query: str = field(repr=False)
    variables: dict[str, Any] | None = field(repr=False)  # Any: JSON
    name: str | None = None


async def operation(request: Request) -> Operation:
    """The operation of a POST.

    Raises:
        BadRequest: not JSON, too large, too slow, or no GraphQL request.
    """
    content_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if content_type != "application/json" or request.headers.get("content-encoding", "identity") != "identity":
        raise BadRequest(415, "UNSUPPORTED_MEDIA_TYPE", "Send application/json, in UTF-8, not compressed.")
    return _read(await _body(request))


async def _body(request: Request) -> bytes:
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and len(declared) > len(str(MAXIMUM_BODY)):
        raise BadRequest(413, "PAYLOAD_TOO_LARGE", f"A request has {MAXIMUM_BODY} bytes at most.")
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MAXIMUM_BODY:
                    raise BadRequest(413, "PAYLOAD_TOO_LARGE", f"A request has {MAXIMUM_BODY} bytes at most.")
    except TimeoutError:
        raise BadRequest(408, "REQUEST_TIMEOUT", f"A request is sent within {BODY_SECONDS:g} seconds.") from None
    except ClientDisconnect:
        raise BadRequest(400, "BAD_REQUEST", "The request broke off.") from None
    return bytes(body)


def _read(body: bytes) -> Operation:
    document = _json(body)
    query, variables, name = (document.get(key) for key in ("query", "variables", "operationName"))
    if not isinstance(query, str) or not query.strip():
        raise BadRequest(400, "BAD_REQUEST", "`query` is missing: a GraphQL document.")
    if not isinstance(variables, dict | None) or not isinstance(name, str | None):
        raise BadRequest(400, "BAD_REQUEST", "`variables` is an object, `operationName` a string.")
    if not isinstance(document.get("extensions"), dict | None):
        raise BadRequest(400, "BAD_REQUEST", "`extensions` is an object.")
    _check_query(query)
    return Operation(query, variables, name)


def _check_query(query: str) -> None:
    """What would make the parser fail, or a database: the rest of a document is GraphQL's to judge."""
    if _nesting(query.encode("utf-8", "replace")) > MAXIMUM_NESTING:
        raise BadRequest(400, "QUERY_TOO_COMPLEX", "The query is nested too deeply.")
    if re.search(rf"\d{{{MAXIMUM_DIGITS + 1}}}", query):
        raise BadRequest(400, "BAD_USER_INPUT", "A number has too many digits.")
    if re.search(r"\\u(0000|\{0+\})", query):
        raise BadRequest(400, "BAD_USER_INPUT", "A text contains a character that cannot be kept.")


def _json(body: bytes) -> dict[str, Any]:  # Any: JSON
    """A JSON object whose nesting and numbers are bounded, and whose texts can be kept."""
    too_deep = BadRequest(400, "BAD_REQUEST", "The body is no JSON object in UTF-8, or nested too deeply.")
    if _nesting(body) > MAXIMUM_NESTING:
        raise too_deep
    try:
        document = json.loads(body.decode("utf-8"), parse_int=_integer, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise too_deep from None
    if not isinstance(document, dict):
        raise BadRequest(400, "BAD_REQUEST", "The body is one JSON object; batches are not taken.")
    _check_texts(document)
    return document


def _nesting(body: bytes) -> int:
    """How deep brackets go, outside of strings: known before anything is built from them."""
    depth = deepest = 0
    for bracket in re.findall(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', body, re.DOTALL):
        if bracket in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif bracket in b"]}":
            depth -= 1
    return deepest


def _check_texts(document: dict[str, Any]) -> None:
    """NUL and lone surrogates can't be kept by a database: they are refused wherever they stand."""
    waiting: list[object] = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str) and _UNKEPT.search(value):
            raise BadRequest(400, "BAD_USER_INPUT", "A text contains a character that cannot be kept.")
        if isinstance(value, dict):
            waiting.extend(value)
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _integer(digits: str) -> int:
    if len(digits) > MAXIMUM_DIGITS:
        raise ValueError
    return int(digits)


def _no_constant(name: str) -> float:
    raise ValueError(name)
