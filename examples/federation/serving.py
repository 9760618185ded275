"""A partner's subgraph over HTTP."""

import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from strawberry.asgi import GraphQL
from strawberry.federation import Schema


def application(schema: Schema, context: object) -> Starlette:
    """The subgraph at `/graphql`, whose resolvers are all given the same context."""

    class Subgraph(GraphQL[object, None]):
        async def get_context(self, *_: object, **__: object) -> object:
            return context

    async def alive(_: object) -> Response:
        return JSONResponse({"status": "alive"})

    return Starlette(routes=[Route("/graphql", Subgraph(schema, graphql_ide=None)), Route("/healthz", alive)])


def serve(app: Starlette, *, port: int) -> None:
    """Until it is told to stop."""
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")
