"""A request's id, in the answer and in everything that is logged meanwhile; and one line about each request."""

import re
import time
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from influents.stopping import Stopping
from influents.telemetry.metrics import REQUEST_SECONDS, REQUESTS, REQUESTS_NOW

log = structlog.get_logger()
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
ROUTES = frozenset({"/", "/graphql", "/healthz", "/readyz", "/.well-known/jwks.json"})
_GIVEN = re.compile(r"[A-Za-z0-9_-]{8,64}")


class RequestLog:
    """Logs method, path, status and time: no query, no variables, no address, no token.

    Once the process stops, each answer is the last of its connection: whoever goes on asking does so elsewhere.
    """

    def __init__(self, app: ASGIApp, stopping: Stopping) -> None:
        self.app = app
        self.stopping = stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _GIVEN.fullmatch(given) else uuid4().hex
        began, status, lasting = time.perf_counter(), 500, False

        async def answer(message: Message) -> None:
            nonlocal status, lasting
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                lasting = headers.get("Content-Type", "").startswith(("text/event-stream", "multipart/"))
                if self.stopping.begun.is_set():
                    headers["Connection"] = "close"
            await send(message)

        with structlog.contextvars.bound_contextvars(request=request_id), REQUESTS_NOW.track_inprogress():
            try:
                await self.app(scope, receive, answer)
            finally:
                seconds = time.perf_counter() - began
                log.info(
                    "request", method=scope["method"], path=scope["path"], status=status, ms=round(seconds * 1000, 1)
                )
                REQUESTS.labels(method_of(scope), route_of(scope), status).inc()
                if not lasting:
                    REQUEST_SECONDS.labels(route_of(scope)).observe(seconds)


def method_of(scope: Scope) -> str:
    """A method that there is, or OTHER."""
    return str(scope["method"]) if scope["method"] in METHODS else "OTHER"


def route_of(scope: Scope) -> str:
    """Which of few a path is: what others ask for has no place in a metric."""
    path = str(scope["path"])
    if path in ROUTES:
        return path
    return "/graphiql" if path.startswith("/graphiql/") else "other"
