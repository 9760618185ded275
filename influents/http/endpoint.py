"""`/graphql`: one operation a request, by POST or, where it is a query, by GET; GraphiQL for browsers."""

from collections.abc import Mapping

from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import Response
from strawberry.types import ExecutionResult

from influents import graphiql
from influents.authentication import Caller, authenticate
from influents.http import answers, bodies, urls
from influents.http.forgery import check_not_forged
from influents.http.negotiation import GRAPHQL, HTML, JSON, Accepted, for_answers
from influents.http.origins import Origins
from influents.http.reading import check_readable
from influents.languages import accepted
from influents.operations.executing import Operations
from influents.operations.json_objects import json_object
from influents.operations.refusing import BadRequest
from resolvers.context import Context, Services

METHODS = {"Allow": "GET, HEAD, POST, OPTIONS"}
NO_METHOD = BadRequest(405, "METHOD_NOT_ALLOWED", "Send operations by POST, or queries by GET.", headers=METHODS)


class GraphQLEndpoint:
    """Answers `/graphql`."""

    def __init__(self, operations: Operations, services: Services, origins: Origins) -> None:
        self.operations = operations
        self.services = services
        self.origins = origins

    async def __call__(self, request: Request) -> Response:
        accepts = Accepted(request.headers.get("accept"))
        reading = request.method in ("GET", "HEAD")
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=METHODS)
        if not reading and request.method != "POST":
            return answers.refused(NO_METHOD)
        if reading and accepts.best(GRAPHQL, JSON, HTML) == HTML:
            return graphiql.page()
        try:
            media_type = for_answers(accepts)
        except BadRequest as refusal:
            return answers.refused(refusal)
        return await self._answered(request, media_type, reading=reading)

    async def _answered(self, request: Request, media_type: str, *, reading: bool) -> Response:
        ctx = Context(
            self.services,
            locale=accepted(request.headers.get("accept-language", "")),
            user_agent=request.headers.get("user-agent"),
        )
        try:
            if reading:
                check_not_forged(request, self.origins)
            else:
                bodies.check_media_type(request)
            caller = await authenticate(ctx, request.headers)
            operation = self.operations.read(await _parameters(request, caller, reading=reading))
            if reading:
                check_readable(operation)
            result = await self.operations.execute(operation, ctx)
        except BadRequest as refusal:
            return answers.refused(refusal, media_type)
        except GraphQLError as error:
            result = ExecutionResult(data=None, errors=[error])
        except Exception as error:  # noqa: BLE001 - whatever it is, the client gets a typed answer and the log the rest
            return answers.failed(error, ctx.locale, media_type)
        return answers.answer(answers.body_of(result, ctx.locale), media_type)


async def _parameters(request: Request, caller: Caller, *, reading: bool) -> Mapping[str, object]:
    if reading:
        return urls.parameters(request)
    return json_object(await bodies.body(request, maximum=caller.maximum_body))
