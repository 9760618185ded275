"""`/graphql`: one operation a POST, answered as JSON; GraphiQL for a browser's GET."""

from starlette.requests import Request
from starlette.responses import Response

from influents import graphiql
from influents.authentication import authenticate
from influents.http import answers, bodies
from influents.languages import accepted
from influents.operations.asking import asked
from influents.operations.executing import Operations
from influents.operations.json_objects import json_object
from influents.operations.refusing import BadRequest
from resolvers.context import Context, Services


class GraphQLEndpoint:
    """Answers `/graphql`."""

    def __init__(self, operations: Operations, services: Services) -> None:
        self.operations = operations
        self.services = services

    async def __call__(self, request: Request) -> Response:
        if request.method == "POST":
            return await self._post(request)
        if request.method in ("GET", "HEAD") and "text/html" in request.headers.get("accept", ""):
            return graphiql.page()
        return answers.refused(
            BadRequest(405, "METHOD_NOT_ALLOWED", "Send operations by POST.", headers={"Allow": "POST"})
        )

    async def _post(self, request: Request) -> Response:
        ctx = Context(
            self.services,
            locale=accepted(request.headers.get("accept-language", "")),
            user_agent=request.headers.get("user-agent"),
        )
        try:
            bodies.check_media_type(request)
            caller = await authenticate(ctx, request.headers)
            body = await bodies.body(request, maximum=caller.maximum_body)
            result = await self.operations.execute(asked(json_object(body)), ctx)
        except BadRequest as refusal:
            return answers.refused(refusal)
        except Exception as error:  # noqa: BLE001 - whatever it is, the client gets a typed answer and the log the rest
            return answers.failed(error, ctx.locale)
        return answers.answer(result, ctx.locale)
