"""The feeds' addresses. Nobody is asked who they are: they tell the same to everybody, and what anybody may see."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from domain.events import Event
from domain.filters import EventFilter, EventOrder
from domain.paging import BadPlace, Page, Window
from domain.policy import PARIS
from domain.words import Locale, Sentence
from influents.feeds import agenda, calendars, linked_data, news
from influents.feeds.asking import MOST, Asked, asked, locale_asked, parameters
from influents.feeds.calendars import Entry
from influents.feeds.listing import listed
from influents.http import answers
from influents.http.caching import shared
from influents.http.negotiation import JSON, Accepted
from influents.languages import accepted
from influents.operations.refusing import BadRequest
from influents.rate_limits import RateLimits
from resolvers import events as resolve
from resolvers import feeds as resolve_feeds
from resolvers.context import Context, Services
from resolvers.reading import only_reading
from schema import paging
from schema.errors import BadUserInput
from schema.wording import say

SECONDS: Final = 300
"""How long caches may keep a feed."""
A_PAGE: Final = 50
"""How many events there are unless told, where there are pages of them."""
LOOKING_BACK: Final = timedelta(days=31)
"""How far back a list goes that nothing is said of when."""
_BY_START: Final = EventOrder.STARTS_AT_ASC
_NO_SUCH_EVENT = BadRequest(404, "NOT_FOUND", "Not Found.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What an address tells.

    Attributes:
        body: It, as its media type has it.
        media_type: Text, in UTF-8.
        language: What it is in, where it isn't what people wrote.
        told: Whether the URL names that language, rather than what the client accepts.
        changed: When what it tells changed last.
        headers: What HTTP says of it besides.
    """

    body: bytes
    media_type: str
    language: Locale
    told: bool
    changed: datetime | None
    headers: Mapping[str, str] = field(default_factory=dict)


Making = Callable[[Request, Context], Awaitable[Feed]]


@dataclass(frozen=True, slots=True)
class Feeds:
    """Answers with feeds of events."""

    services: Services
    rates: RateLimits

    @property
    def address(self) -> str:
        """The service's public address, whatever a request calls it: caches hand answers on."""
        return self.services.tokens.issuer.rstrip("/")

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/events.ics", self._answering(self._calendar), methods=["GET"]),
            Route("/events.json", self._answering(self._agenda), methods=["GET"]),
            Route("/events.atom", self._answering(self._news), methods=["GET"]),
            Route("/events/{slug}.ics", self._answering(self._event_calendar), methods=["GET"]),
            Route("/events/{slug}", self._answering(self._event), methods=["GET"]),
        ]

    def _answering(self, make: Making) -> Callable[[Request], Awaitable[Response]]:
        async def answering(request: Request) -> Response:
            ctx = Context(
                self.services,
                locale=accepted(request.headers.get("accept-language", "")),
                address=self.rates.address_of(request),
            )
            return await self.rates.tell(await self._answered(request, ctx, make), ctx)

        return answering

    async def _answered(self, request: Request, ctx: Context, make: Making) -> Response:
        try:
            await self.rates.admit(ctx)
            return _kept(request, await only_reading(ctx, lambda: make(request, ctx)), now=ctx.now())
        except BadRequest as refusal:
            return answers.refused(refusal)
        except (BadUserInput, BadPlace):
            again = BadRequest(400, "BAD_USER_INPUT", "Pass `after` on as it came, with the same other parameters.")
            return answers.refused(again)
        except Exception as error:  # noqa: BLE001 - whatever it is, the client gets a typed answer and the log the rest
            return answers.failed(error, ctx.locale)

    async def _calendar(self, request: Request, ctx: Context) -> Feed:
        """`/events.ics`: the events that the parameters ask for, the next first."""
        wanted = asked(request, unless_told=MOST)
        page = await self._page(ctx, wanted)
        entries = [Entry.of(each) for each in await listed(ctx, [placed.item for placed in page.items])]
        locale = wanted.locale or ctx.locale
        name = say(Sentence("feed-events"), locale)
        # In a thread: hundreds of events take a while to write, and others shouldn't wait for it.
        body = await asyncio.to_thread(calendars.calendar, entries, name=name, locale=locale, address=self.address)
        return Feed(
            body=body,
            media_type=calendars.MEDIA_TYPE,
            language=locale,
            told=wanted.locale is not None,
            changed=await resolve_feeds.last_change(ctx),
            headers=self._next(request, page),
        )

    async def _event_calendar(self, request: Request, ctx: Context) -> Feed:
        """`/events/{slug}.ics`: an event to put into one's calendar."""
        told = locale_asked(request)
        event, locale = await _event(request, ctx), told or ctx.locale
        entries = [Entry.of(each) for each in await listed(ctx, [event])]
        return Feed(
            body=calendars.calendar(entries, name=event.details.title, locale=locale, address=self.address),
            media_type=calendars.MEDIA_TYPE,
            language=locale,
            told=told is not None,
            changed=event.updated_at,
            headers={"Content-Disposition": f'inline; filename="{event.slug}.ics"'},
        )

    async def _agenda(self, request: Request, ctx: Context) -> Feed:
        """`/events.json`: the same in OpenAgenda's shape, page by page."""
        wanted = asked(request, unless_told=A_PAGE)
        page = await self._page(ctx, wanted)
        entries, total, changed = await asyncio.gather(
            listed(ctx, [placed.item for placed in page.items]),
            resolve.event_total(ctx, _lately(wanted.where, now=ctx.now())),
            resolve_feeds.last_change(ctx),
        )
        locale = wanted.locale or ctx.locale
        return Feed(
            body=agenda.agenda(entries, total=total, after=_after(page), locale=locale, address=self.address),
            media_type=agenda.MEDIA_TYPE,
            language=locale,
            told=wanted.locale is not None,
            changed=changed,
            headers=self._next(request, page),
        )

    async def _news(self, request: Request, ctx: Context) -> Feed:
        """`/events.atom`: what was published or changed last."""
        wanted = asked(request, unless_told=A_PAGE)
        if wanted.after is not None:
            raise BadRequest(400, "BAD_USER_INPUT", "There is one page of news: ask for more with `first`.")
        await _pay(ctx, wanted)
        latest = Window(wanted.first, backward=True)
        page = await resolve.events(ctx, wanted.where, order=EventOrder.UPDATED_AT_ASC, window=latest)
        events = [placed.item for placed in reversed(page.items)]
        entries, changed = await asyncio.gather(listed(ctx, events), resolve_feeds.last_change(ctx))
        locale = wanted.locale or ctx.locale
        query = f"?{request.url.query}" if request.url.query else ""
        return Feed(
            body=news.news(
                entries,
                itself=f"{self.address}{request.url.path}{query}",
                changed=events[0].updated_at if events else _midnight(ctx.now()),
                locale=locale,
                address=self.address,
            ),
            media_type=news.MEDIA_TYPE,
            language=locale,
            told=wanted.locale is not None,
            changed=changed,
        )

    async def _event(self, request: Request, ctx: Context) -> Feed:
        """`/events/{slug}`: an event as linked data."""
        if Accepted(request.headers.get("accept")).best(linked_data.MEDIA_TYPE, JSON) is None:
            raise BadRequest(406, "NOT_ACCEPTABLE", f"An event is {linked_data.MEDIA_TYPE} here: accept that.")
        told = locale_asked(request)
        event, locale = await _event(request, ctx), told or ctx.locale
        (entry,) = await listed(ctx, [event])
        return Feed(
            body=linked_data.linked_data(entry, locale=locale, address=self.address),
            media_type=linked_data.MEDIA_TYPE,
            language=locale,
            told=told is not None,
            changed=event.updated_at,
        )

    async def _page(self, ctx: Context, wanted: Asked) -> Page[Event]:
        """The events asked for, the next first; what they cost is counted as it is for a page of the API."""
        await _pay(ctx, wanted)
        where = _lately(wanted.where, now=ctx.now())
        return await resolve.events(ctx, where, order=_BY_START, window=wanted.window(_BY_START))

    def _next(self, request: Request, page: Page[Event]) -> Mapping[str, str]:
        """Where the rest of the list is, as RFC 8288 says it."""
        if (after := _after(page)) is None:
            return {}
        query = urlencode(parameters(request) | {"after": after})
        return {"Link": f'<{self.address}{request.url.path}?{query}>; rel="next"'}


async def _pay(ctx: Context, wanted: Asked) -> None:
    """Count what is asked for as a page of the API is counted."""
    if ctx.before_execution is not None:
        await ctx.before_execution(wanted.first)


def _after(page: Page[Event]) -> str | None:
    """What the next page is asked for with; None on the last."""
    return paging.seal(_BY_START.value, page.items[-1].place) if page.has_next else None


async def _event(request: Request, ctx: Context) -> Event:
    """The event that the URL names.

    Raises:
        BadRequest: there is none, or none that anybody may see.
    """
    slug = request.path_params["slug"]
    event = await resolve.event_by_slug(ctx, slug) if slug.isascii() and slug.isprintable() else None
    if event is None:
        raise _NO_SUCH_EVENT
    return event


def _lately(where: EventFilter, *, now: datetime) -> EventFilter:
    """A filter that says nothing of when leaves out what is long over: a list is bounded, and what comes counts."""
    if where.starts_after or where.starts_before or where.updated_since:
        return where
    return replace(where, starts_after=_midnight(now - LOOKING_BACK))


def _midnight(moment: datetime) -> datetime:
    return moment.astimezone(PARIS).replace(hour=0, minute=0, second=0, microsecond=0)


def _kept(request: Request, feed: Feed, *, now: datetime) -> Response:
    """A feed as caches may keep it.

    Its time of change is that of its events, midnight at least: then lists move on, and who renames themselves changes
    feeds too. None is told within the second that it names, which may bring another change.
    """
    headers = {
        **feed.headers,
        "Content-Type": f"{feed.media_type}; charset=utf-8",
        "Content-Language": feed.language.value,
        "Cross-Origin-Resource-Policy": "cross-origin",
        "X-Content-Type-Options": "nosniff",
    }
    if not feed.told:
        headers["Vary"] = "Accept-Language"
    latest = max(feed.changed or _midnight(now), _midnight(now))
    settled = latest.replace(microsecond=0) + timedelta(seconds=1) <= now
    return shared(request, Response(feed.body, headers=headers), seconds=SECONDS, changed=latest if settled else None)
