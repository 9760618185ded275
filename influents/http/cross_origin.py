"""CORS: what browsers are told about pages of other origins. Those that the settings name may use the API.

Credentials are never allowed: tokens go in a header that a page sets itself, and there are no cookies.
"""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from influents.http.origins import ANY, Origins

ASKING = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST",
    "Access-Control-Allow-Headers": ", ".join(
        [
            "Accept-Language",
            "Apollo-Require-Preflight",
            "Authorization",
            "Content-Type",
            "GraphQL-Preflight",
            "Idempotency-Key",
            "If-Modified-Since",
            "If-None-Match",
            "Last-Event-ID",
            "X-Request-Id",
            "X-Requested-With",
        ]
    ),
    "Access-Control-Max-Age": "7200",
}
READABLE = "ETag, Idempotent-Replayed, Link, RateLimit, RateLimit-Policy, Retry-After, X-Query-Cost, X-Request-Id"


class CrossOrigin:
    """Answers browsers that ask first, and lets pages of origins that are listed read answers."""

    def __init__(self, app: ASGIApp, origins: Origins) -> None:
        self.app = app
        self.origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self.origins.listed:
            await self.app(scope, receive, send)
            return
        sent = Headers(scope=scope)
        origin = sent.get("origin", "")
        told = self._told(origin)
        if told and scope["method"] == "OPTIONS" and "access-control-request-method" in sent:
            asked_first = Response(status_code=204, headers=told | ASKING)
            asked_first.headers.add_vary_header("Origin")
            await asked_first(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(told)
                headers.add_vary_header("Origin")
            await send(message)

        await self.app(scope, receive, answer)

    def _told(self, origin: str) -> dict[str, str]:
        if not origin or not self.origins.lists(origin):
            return {}
        allowed = ANY if ANY in self.origins.listed else origin
        return {"Access-Control-Allow-Origin": allowed, "Access-Control-Expose-Headers": READABLE}
