"""`/calendars/{secret}.ics`: what somebody registered for, to whoever has the address, which is a secret."""

import asyncio
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from domain.calendar_feeds import Certainty, certainty, changed_at
from domain.words import Sentence
from influents.feeds import calendars
from influents.feeds.calendars import Entry
from influents.feeds.listing import listed
from influents.http import answers
from influents.http.caching import kept
from influents.operations.refusing import BadRequest
from influents.rate_limits import RateLimits
from resolvers.calendar_feeds import calendar_of
from resolvers.context import Context, Services
from schema.wording import say

PRIVATE: Final = {
    "Content-Type": f"{calendars.MEDIA_TYPE}; charset=utf-8",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_NO_SUCH_CALENDAR = BadRequest(404, "NOT_FOUND", "Not Found.")


@dataclass(frozen=True, slots=True)
class OwnCalendars:
    """Answers with citizens' own calendars. An address that ended is answered as one that never was."""

    services: Services
    rates: RateLimits

    def routes(self) -> list[BaseRoute]:
        return [Route("/calendars/{secret}.ics", self._answering, methods=["GET"])]

    async def _answering(self, request: Request) -> Response:
        ctx = Context(self.services, address=self.rates.address_of(request))
        try:
            await self.rates.admit(ctx)
            body = await self._calendar(ctx, request.path_params["secret"])
        except Exception as error:  # noqa: BLE001 - whatever it is, the client gets a typed answer and the log the rest
            return answers.failed(error, ctx.locale)
        if body is None:
            return answers.refused(_NO_SUCH_CALENDAR)
        return kept(request, Response(body, headers=PRIVATE), control="private, no-cache")

    async def _calendar(self, ctx: Context, secret: str) -> bytes | None:
        """The calendar, in its owner's language; None where there is no such address."""
        mine = await calendar_of(ctx, secret)
        if mine is None:
            return None
        now, entries = ctx.now(), []
        shown = await listed(ctx, [event for event, _ in mine])
        for each, (event, participation) in zip(shown, mine, strict=True):
            if (sure := certainty(event, participation, now=now)) is not None:
                revision = event.revision + participation.revision  # neither falls, so neither does their sum
                busy = sure is Certainty.CONFIRMED
                entries.append(Entry(each, revision, sure.value, changed_at(event, participation), busy))
        address = self.services.tokens.issuer.rstrip("/")
        name, locale = say(Sentence("feed-own"), ctx.locale), ctx.locale
        return await asyncio.to_thread(calendars.calendar, entries, name=name, locale=locale, address=address)
