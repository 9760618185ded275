"""The ASGI application."""

from collections.abc import Awaitable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from influents import graphiql
from influents.badges.publishing import Publishing
from influents.feeds.answering import Feeds
from influents.feeds.own import OwnCalendars
from influents.gateways import Gateways
from influents.http.admission import Admission
from influents.http.caching import SharedAnswers
from influents.http.cross_origin import CrossOrigin
from influents.http.endpoint import GraphQLEndpoint
from influents.http.failing import TypedFailures, no_such_thing
from influents.http.origins import Origins
from influents.operations.executing import Operations
from influents.operations.sources import Sources
from influents.operations.trusted import tell_of_unfit, trusted_documents
from influents.pictures.answering import Pictures
from influents.requests import RequestLog
from influents.settings import Settings
from influents.stopping import Stopping
from influents.subscriptions.sockets import Sockets
from influents.subscriptions.streams import Streams
from influents.telemetry import metrics
from influents.telemetry.exposition import health_routes
from influents.telemetry.readiness import Readiness
from resolvers.context import Services
from schema.build import InfluentsSchema, build


def application(
    services: Services,
    *,
    settings: Settings | None = None,
    stopping: Stopping | None = None,
    readiness: Readiness | None = None,
) -> ASGIApp:
    """The service, over what a process has. Whoever opened that closes it, and says when the process stops.

    What isn't set is as `.env.example` says.

    Raises:
        BadManifest: the trusted documents can't be read.
    """
    settings, stopping = settings or Settings.model_construct(), stopping or Stopping()
    origins = Origins(settings.origins)
    schema = build(
        settings.bounds,
        tells_authorization=settings.sdl_authorization,
        executor=settings.executor,
        declined=metrics.left_to_core,
    )
    operations = Operations(schema, _sources(settings, schema))
    streams = Streams(operations, services, settings, stopping)
    graphql = GraphQLEndpoint(
        operations,
        services,
        origins=origins,
        shared=SharedAnswers(schema, seconds=settings.cache_seconds),
        rates=settings.rates,
        streams=streams,
    )
    sockets = Sockets(operations, services, origins=origins, rates=settings.rates, streams=streams)

    async def keys(_: Request) -> Response:
        """The public keys that access tokens are verified with."""
        return JSONResponse(services.tokens.jwks(), headers={"Cache-Control": "public, max-age=300"})

    async def home(_: Request) -> Response:
        return RedirectResponse("/graphql")

    rest = Starlette(
        routes=[
            Route("/graphql", graphql),
            Route("/", home),
            WebSocketRoute("/graphql", sockets.__call__),
            *health_routes(readiness or Readiness(services.database, stopping)),
            Route("/.well-known/jwks.json", keys),
            *Publishing(services, settings.rates).routes(),
            *Pictures(services, settings.rates).routes(),
            *Feeds(services, settings.rates).routes(),
            *OwnCalendars(services, settings.rates).routes(),
            *graphiql.routes(),
        ],
        middleware=[Middleware(TypedFailures)],
        exception_handlers={HTTPException: no_such_thing},
    )
    app: ASGIApp = Straight("/graphql", graphql, rest)  # and around it what all requests pass, the innermost first
    if settings.origins:
        app = CrossOrigin(app, origins)
    app = Admission(_traced(RequestLog(app, stopping), settings), origins)
    if settings.gateway_secret is not None:
        app = Gateways(app, settings.gateway_secret, alone=settings.gateway_only)
    return app


class Straight:
    """Leads to the one path that nearly everybody asks for, past the looking for routes."""

    def __init__(self, path: str, there: ASGIApp, rest: ASGIApp) -> None:
        self.path, self.there, self.rest = path, there, rest

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        straight = scope["type"] == "http" and scope["path"] == self.path
        return (self.there if straight else self.rest)(scope, receive, send)


def _traced(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Requests are traced where traces are wanted: OpenTelemetry isn't imported otherwise."""
    if settings.otlp_endpoint is None:
        return app
    from influents.telemetry.tracing import TracedRequests

    return TracedRequests(app, trusting=settings.gateway_secret is not None)


def _sources(settings: Settings, schema: InfluentsSchema) -> Sources:
    """Where documents come from; the trusted ones are looked at once, when the process begins."""
    if settings.trusted_documents is None:
        return Sources()
    trusted = trusted_documents(settings.trusted_documents)
    tell_of_unfit(trusted, schema)
    return Sources(trusted, nothing_else=settings.only_trusted_documents)
