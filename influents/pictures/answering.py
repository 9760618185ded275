"""`/citizens/{handle}/influence.svg` and `card.svg`: what anybody may see of a citizen, whoever asks, as a picture."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from domain.accounts import MAXIMUM_HANDLE
from domain.citizens import Citizen
from domain.timeline import TimelineInterval
from domain.words import Locale
from influents.http import answers
from influents.http.caching import shared
from influents.languages import accepted
from influents.operations.refusing import BadRequest
from influents.pictures.drawing import Look, card_picture, influence_picture
from influents.pictures.palettes import Theme
from influents.rate_limits import RateLimits
from resolvers import citizens as resolve
from resolvers import timelines
from resolvers.context import Context, Services
from resolvers.reading import only_reading

SECONDS = 300
"""How long caches may keep a picture."""
LONGEST = timedelta(days=30 * 366)
"""How far back the chart goes: months enough for a timeline."""
_SAFE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}
_NO_SUCH_CITIZEN = BadRequest(404, "NOT_FOUND", "Not Found.")

Drawing = Callable[[Context, Citizen, Look], Awaitable[str]]


class Pictures:
    """Answers with pictures. Nobody is asked who they are: a picture shows the same to everybody."""

    def __init__(self, services: Services, rates: RateLimits) -> None:
        self.services = services
        self.rates = rates

    def routes(self) -> list[BaseRoute]:
        return [
            Route(f"/citizens/{{handle}}/{name}.svg", self._answering(draw), methods=["GET"])
            for name, draw in (("influence", _influence), ("card", _card))
        ]

    def _answering(self, draw: Drawing) -> Callable[[Request], Awaitable[Response]]:
        async def answering(request: Request) -> Response:
            ctx = Context(
                self.services,
                locale=accepted(request.headers.get("accept-language", "")),
                address=self.rates.address_of(request),
            )
            return await self.rates.tell(await self._answered(request, ctx, draw), ctx)

        return answering

    async def _answered(self, request: Request, ctx: Context, draw: Drawing) -> Response:
        try:
            await self.rates.admit(ctx)
            look = _look(request, ctx)
            drawn = await only_reading(ctx, lambda: _drawn(ctx, request.path_params["handle"], draw, look))
            return answers.refused(_NO_SUCH_CITIZEN) if drawn is None else _picture(request, drawn, look)
        except BadRequest as refusal:
            return answers.refused(refusal)
        except Exception as error:  # noqa: BLE001 - whatever it is, the client gets a typed answer and the log the rest
            return answers.failed(error, ctx.locale)


async def _drawn(ctx: Context, handle: str, draw: Drawing, look: Look) -> str | None:
    """Somebody's picture; None where there is nobody of that name."""
    citizen = await _citizen(ctx, handle)
    return None if citizen is None else await draw(ctx, citizen, look)


async def _citizen(ctx: Context, handle: str) -> Citizen | None:
    can_be = len(handle) <= MAXIMUM_HANDLE and handle.isascii() and handle.isprintable()
    return await resolve.citizen_by_handle(ctx, handle) if can_be else None


async def _influence(ctx: Context, citizen: Citizen, look: Look) -> str:
    since = max(citizen.member_since, (ctx.now() - LONGEST).date())
    influence, months = await asyncio.gather(
        resolve.citizen_influence(ctx, citizen.id),
        timelines.of_citizen(
            ctx, citizen, interval=TimelineInterval.MONTH, since=since, until=None, time_zone="Europe/Paris"
        ),
    )
    return influence_picture(citizen, influence, months, look)


async def _card(ctx: Context, citizen: Citizen, look: Look) -> str:
    influence, skills = await asyncio.gather(
        resolve.citizen_influence(ctx, citizen.id), resolve.skills(ctx, citizen.id)
    )
    return card_picture(citizen, influence, [each.theme for each in skills], look)


def _look(request: Request, ctx: Context) -> Look:
    """How the picture is wanted; the language is the context's unless told.

    Raises:
        BadRequest: no picture looks so.
    """
    told = request.query_params
    try:
        return Look(Theme(told.get("theme", Theme.AUTO)), Locale(told.get("locale", ctx.locale)))
    except ValueError:
        themes, locales = ", ".join(Theme), ", ".join(Locale)
        raise BadRequest(400, "BAD_USER_INPUT", f"`theme` is one of {themes}; `locale` one of {locales}.") from None


def _picture(request: Request, drawn: str, look: Look) -> Response:
    headers = {**_SAFE, "Content-Language": look.locale.value}
    if "locale" not in request.query_params:
        headers["Vary"] = "Accept-Language"
    return shared(request, Response(drawn, media_type="image/svg+xml", headers=headers), seconds=SECONDS)
