"""A request's id, in the answer and in everything that is logged meanwhile; and one line about each request."""

import re
import time
from collections.abc import Awaitable
from contextvars import ContextVar
from os import urandom

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.typing import EventDict, WrappedLogger

from influents.stopping import Stopping
from influents.telemetry.metrics import REQUEST_SECONDS, REQUESTS, REQUESTS_NOW, SOCKETS, SOCKETS_NOW

log = structlog.get_logger()
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
CODES = frozenset({101, 400, 401, 403, 404, 429, 500, 503, *range(1000, 1016), *range(4400, 4500)})
"""How a WebSocket may end: clients could write any number."""
ROUTES = frozenset(
    {
        "/",
        "/graphql",
        "/healthz",
        "/readyz",
        "/.well-known/jwks.json",
        "/.well-known/credential-keys.json",
        "/events.ics",
        "/events.json",
        "/events.atom",
    }
)
PEOPLE = "/citizens"
CALENDARS = "/calendars"
FOLDERS = frozenset({"/graphiql", "/credentials", "/events", CALENDARS, PEOPLE})
"""What lies in these has a name that may be a client's, or somebody's."""
_PRIVATE = (f"{PEOPLE}/", f"{CALENDARS}/")
_GIVEN = re.compile(rb"[A-Za-z0-9_-]{8,64}")
_LASTING = (b"text/event-stream", b"multipart/")
_ID: ContextVar[str] = ContextVar("request")


class RequestLog:
    """Logs method, path, status and time: no query, no variables, no address, no token.

    Once the process stops, each answer is the last of its connection: whoever goes on asking does so elsewhere.
    """

    def __init__(self, app: ASGIApp, stopping: Stopping) -> None:
        self.app = app
        self.stopping = stopping

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] == "http":
            return self._request(scope, receive, send, _id_of(scope))
        if scope["type"] == "websocket":
            return self._socket(scope, receive, send, _id_of(scope))
        return self.app(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        began, status, lasting = time.perf_counter(), 500, False

        def answer(message: Message) -> Awaitable[None]:
            nonlocal status, lasting
            if message["type"] == "http.response.start":
                status, headers = message["status"], message["headers"]
                lasting = dict(headers).get(b"content-type", b"").startswith(_LASTING)
                message["headers"] = [*headers, (b"x-request-id", request_id.encode())]
                if self.stopping.begun.is_set():
                    message["headers"].append((b"connection", b"close"))
            return send(message)

        before = _ID.set(request_id)
        REQUESTS_NOW.number += 1
        try:
            await self.app(scope, receive, answer)
        finally:
            REQUESTS_NOW.number -= 1
            seconds, route = time.perf_counter() - began, route_of(scope)
            log.info("request", method=scope["method"], path=_told(scope), status=status, ms=round(seconds * 1000, 1))
            REQUESTS.add(method_of(scope), route, status)
            if not lasting:
                REQUEST_SECONDS.add(seconds, route)
            _ID.reset(before)

    async def _socket(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        began, code = time.perf_counter(), 1006

        async def said(message: Message) -> None:
            nonlocal code
            if message["type"] in ("websocket.accept", "websocket.http.response.start"):
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            if message["type"] == "websocket.http.response.start":
                code = message["status"]
            elif message["type"] == "websocket.close":
                code = message.get("code") or 1000
            await send(message)

        async def heard() -> Message:
            nonlocal code
            message = await receive()
            if message["type"] == "websocket.disconnect":
                code = message.get("code") or 1005
            return message

        before = _ID.set(request_id)
        with SOCKETS_NOW.track_inprogress():
            try:
                await self.app(scope, heard, said)
            finally:
                SOCKETS.labels(code if code in CODES else "other").inc()
                log.info("socket", path=_told(scope), code=code, seconds=round(time.perf_counter() - began, 1))
                _ID.reset(before)


def with_request(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Tell in each line that is logged which request it belongs to."""
    if (request_id := _ID.get(None)) is not None:
        event.setdefault("request", request_id)
    return event


def method_of(scope: Scope) -> str:
    """A method that there is, or OTHER."""
    return str(scope["method"]) if scope["method"] in METHODS else "OTHER"


def route_of(scope: Scope) -> str:
    """Which of few a path is: what others ask for has no place in a metric."""
    path = str(scope["path"])
    if path in ROUTES:
        return path
    first = f"/{path.split('/')[1]}" if path.startswith("/") else ""
    return first if first in FOLDERS else "other"


def _id_of(scope: Scope) -> str:
    """The id that a request came with, or one of its own."""
    given = dict(reversed(scope["headers"])).get(b"x-request-id", b"")
    return given.decode() if _GIVEN.fullmatch(given) else urandom(16).hex()


def _told(scope: Scope) -> str:
    """A path as it is logged: somebody's name isn't, nor is a secret."""
    path = str(scope["path"])
    if not path.lower().startswith(_PRIVATE):
        return path
    return next(f"{private}…" for private in _PRIVATE if path.lower().startswith(private))
