"""The gateway in front of the service: known by a secret, and then believed where its clients ask from.

Who they are it passes on as everybody says it, in `Authorization`, which is verified here all the same: the secret
opens nobody's account.
"""

import hmac
import re
from collections.abc import Sequence

from pydantic import SecretStr
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from influents.http import answers
from influents.operations.refusing import BadRequest

HEADER = "influents-gateway"
PASSED_ON = "x-forwarded-for"
_CAME = "gateway"
_SECRETS_PLACE = HEADER.encode()
_TOLD_BY_PROXIES = re.compile(rb"x-forwarded-.*|x-real-ip|forwarded|traceparent|tracestate")
_NOT_THE_GATEWAY = BadRequest(403, "FORBIDDEN", "Ask the gateway: this service answers nobody else.")


class Gateways:
    """Takes what the gateway says of its clients, and drops what anybody else says.

    Args:
        app: What answers.
        secret: What the gateway proves itself with; None where there is no gateway, and nothing is touched.
        alone: Whether `/graphql` is for the gateway alone.
    """

    def __init__(self, app: ASGIApp, secret: SecretStr | None, *, alone: bool = False) -> None:
        self.app = app
        self._secret = secret.get_secret_value().encode() if secret is not None else None
        self._alone = alone

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._secret is None or scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        shown = Headers(scope=scope).getlist(HEADER)
        known = len(shown) == 1 and hmac.compare_digest(shown[0].encode("latin-1"), self._secret)
        if not known and self._alone and scope["path"].startswith("/graphql"):
            await _refuse(scope, receive, send)
            return
        await self.app(_through_the_gateway(scope) if known else _directly(scope), receive, send)


def came_through_the_gateway(scope: Scope) -> bool:
    """Whether the gateway sent a request. It writes documents of its own, whatever its clients were built with."""
    return bool(scope.get("state", {}).get(_CAME))


def _through_the_gateway(scope: Scope) -> Scope:
    """The request as the gateway got it: from whom it names last. What stands before was named by others before it."""
    headers = [(name, value) for name, value in scope["headers"] if name != _SECRETS_PLACE]
    scope = {**scope, "state": {**scope.get("state", {}), _CAME: True}}
    chain = [each.strip() for value in Headers(scope=scope).getlist(PASSED_ON) for each in value.split(",")]
    if not chain:
        return {**scope, "headers": headers}
    rest = [each for each in headers if each[0] != PASSED_ON.encode()]
    before = ", ".join(chain[:-1])
    if before:
        rest.append((PASSED_ON.encode(), before.encode("latin-1")))
    return {**scope, "headers": rest, "client": (chain[-1], 0)}


def _directly(scope: Scope) -> Scope:
    """The request without what only a gateway may say."""
    headers: Sequence[tuple[bytes, bytes]] = scope["headers"]
    kept = [each for each in headers if each[0] != _SECRETS_PLACE and not _TOLD_BY_PROXIES.fullmatch(each[0])]
    return {**scope, "headers": kept}


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 4403, "reason": "Forbidden"})
        return
    await answers.refused(_NOT_THE_GATEWAY)(scope, receive, send)
