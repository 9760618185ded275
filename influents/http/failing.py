"""What goes wrong outside of `/graphql` is answered in the same form: JSON with a code, whatever it is."""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.words import Locale
from influents.http import answers
from influents.operations.refusing import BadRequest


async def no_such_thing(_: Request, exception: Exception) -> Response:
    """The answer to an unknown path, or to a method that a path doesn't know."""
    if not isinstance(exception, HTTPException):
        raise exception
    status = HTTPStatus(exception.status_code)
    return answers.refused(
        BadRequest(status.value, status.name, f"{status.phrase}.", headers=dict(exception.headers or {}))
    )


class TypedFailures:
    """Whatever is raised is logged under an id, and answered with it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            if begun:
                raise
            await answers.failed(error, Locale.FR)(scope, receive, send)
