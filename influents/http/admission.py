"""More than can be answered in time isn't begun: who is too many is told at once to come back, and the rest is quick.

Without it all of them would wait for all, and those who went away long ago would be answered first.
"""

from collections.abc import Awaitable
from time import perf_counter
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from influents.http import answers
from influents.http.cross_origin import CrossOrigin
from influents.http.origins import Origins
from influents.operations.refusing import BadRequest
from influents.telemetry.metrics import REFUSED

FEW: Final = 24
"""So many requests may be under way however slow they are: one of them may wait for something else."""
MOST: Final = 256
"""And so many at most, however quick."""
LATE_SECONDS: Final = 1.0
"""Beyond the few, another is let in as long as answers take less than that."""
WEIGHT: Final = 0.1
"""Of the last answer, in how long answers take."""
BUSY = BadRequest(
    503, "SERVICE_UNAVAILABLE", "Too much is being asked at the moment. Try again.", headers={"Retry-After": "1"}
)
ALWAYS = frozenset({"/healthz", "/readyz"})


class Admission:
    """Lets in as many requests as are answered in time. A stream counts until it begins, a WebSocket doesn't."""

    def __init__(self, app: ASGIApp, origins: Origins) -> None:
        self.app = app
        self._busy = CrossOrigin(answers.refused(BUSY), origins)  # pages of other sites may read why
        self._under_way = 0
        self._seconds = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in ALWAYS:
            await self.app(scope, receive, send)
            return
        if self._under_way >= FEW and (self._under_way >= MOST or self._seconds > LATE_SECONDS):
            REFUSED.labels("busy").inc()
            await self._busy(scope, receive, send)
            return
        begun, counted, whole = perf_counter(), True, False
        self._under_way += 1

        async def body() -> Message:
            """What is sent slowly holds nobody up but who sends it: meanwhile they count as if they weren't there."""
            nonlocal begun, whole
            if whole or not counted:
                return await receive()
            since = perf_counter()
            self._under_way -= 1
            try:
                message = await receive()
            finally:
                self._under_way += 1
                begun += perf_counter() - since
            whole = not message.get("more_body", False)
            return message

        def answered() -> None:
            nonlocal counted
            counted = False
            self._under_way -= 1
            self._seconds += WEIGHT * (perf_counter() - begun - self._seconds)

        def answer(message: Message) -> Awaitable[None]:
            if counted:
                answered()
            return send(message)

        try:
            await self.app(scope, body, answer)
        finally:
            if counted:
                answered()
