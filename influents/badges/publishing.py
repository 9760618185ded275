"""`/credentials/…`: the issuer's profile, its keys, and the lists of credentials that hold no longer. For everybody."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from influents.http import answers
from influents.http.caching import shared
from influents.operations.refusing import BadRequest
from influents.rate_limits import RateLimits
from resolvers import badges as resolve
from resolvers.context import Context, Services

KEYS_SECONDS = 3_600
"""How long caches may keep keys. A new one is published before it signs."""
_OPEN = {"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}
"""Any page may read these: they are for whoever a credential is shown to."""
_NOT_FOUND = BadRequest(404, "NOT_FOUND", "Not Found.")

Answering = Callable[[Request, Context], Awaitable[Response]]


class Publishing:
    """Answers with what credentials are checked by. Nobody is asked who they are."""

    def __init__(self, services: Services, rates: RateLimits) -> None:
        self.services = services
        self.rates = rates

    def routes(self) -> list[BaseRoute]:
        return [
            Route(path, self._counted(answering), methods=["GET"])
            for path, answering in (
                ("/.well-known/credential-keys.json", self._jwks),
                ("/credentials/issuer", self._issuer),
                ("/credentials/issuer/keys/{key_id}", self._key),
                ("/credentials/status/{number:int}", self._status),
            )
        ]

    def _counted(self, answering: Answering) -> Callable[[Request], Awaitable[Response]]:
        async def counted(request: Request) -> Response:
            ctx = Context(self.services, address=self.rates.address_of(request))
            try:
                await self.rates.admit(ctx)
                answer = await answering(request, ctx)
            except BadRequest as refusal:
                answer = answers.refused(refusal)
            except Exception as error:  # noqa: BLE001 - whatever it is, the client gets a typed answer and the log the rest
                answer = answers.failed(error, ctx.locale)
            return await self.rates.tell(answer, ctx)

        return counted

    async def _jwks(self, request: Request, _: Context) -> Response:
        return _kept(request, self.services.badges.jwks(), "application/jwk-set+json")

    async def _issuer(self, request: Request, _: Context) -> Response:
        return _kept(request, self.services.badges.document(), "application/json")

    async def _key(self, request: Request, _: Context) -> Response:
        key = self.services.badges.key(request.path_params["key_id"])
        if key is None:
            raise _NOT_FOUND
        return _kept(request, key, "application/jwk+json")

    async def _status(self, request: Request, ctx: Context) -> Response:
        found = await resolve.status_list(ctx, request.path_params["number"])
        if found is None:
            raise _NOT_FOUND
        answer = Response(found.token, media_type="application/vc+jwt", headers=_OPEN)
        last_modified = {"Last-Modified": format_datetime(found.valid_from, usegmt=True)}
        answer = shared(request, answer, seconds=resolve.LIST_SECONDS)
        answer.headers.update(_OPEN | last_modified)
        if "if-none-match" not in request.headers and _has_it(request, found.valid_from):
            return Response(status_code=304, headers={**_caching(answer), **last_modified})
        return answer


def _kept(request: Request, document: object, media_type: str) -> Response:
    """A document that caches may keep for as long as keys."""
    answer = shared(request, Response(orjson.dumps(document), media_type=media_type), seconds=KEYS_SECONDS)
    answer.headers.update(_OPEN)
    return answer


def _has_it(request: Request, last_modified: datetime) -> bool:
    """Whether `If-Modified-Since` says that the client has what was made then."""
    try:
        return parsedate_to_datetime(request.headers.get("if-modified-since", "")) >= last_modified
    except (TypeError, ValueError):
        return False


def _caching(answer: Response) -> dict[str, str]:
    return {name: answer.headers[name] for name in ("ETag", "Cache-Control")}
