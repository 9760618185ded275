"""Subscriptions over HTTP: server-sent events (graphql-sse, distinct connections), and Apollo's multipart."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import ExitStack, aclosing
from dataclasses import dataclass
from typing import Final

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from influents.http import negotiation
from influents.operations.asking import Operation
from influents.stopping import Stopping
from influents.subscriptions.streams import Body, Streams
from influents.telemetry import metrics
from resolvers.context import Context

HEARTBEAT_SECONDS = 10.0
"""So that neither proxies nor clients take a silent stream for a dead one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Framing:
    """How results stand in a stream.

    Attributes:
        content_type: What the response says it is.
        opening: What comes first.
        before: What stands before each result.
        after: What stands after it.
        heartbeat: What says that nothing happened.
        closing: What says that there will be nothing more.
    """

    content_type: str
    opening: bytes
    before: bytes
    after: bytes
    heartbeat: bytes
    closing: bytes

    def framed(self, body: Body) -> bytes:
        return self.before + orjson.dumps(body, default=str) + self.after


EVENTS: Final = Framing(
    content_type="text/event-stream; charset=utf-8",
    opening=b":\n\n",
    before=b"event: next\ndata: ",
    after=b"\n\n",
    heartbeat=b":\n\n",
    closing=b"event: complete\ndata:\n\n",
)
_PART = b"\r\ncontent-type: application/json\r\n\r\n"
# A part shows once the boundary after it has come: so that comes at once.
MULTIPART: Final = Framing(
    content_type='multipart/mixed;boundary="-";subscriptionSpec=1.0',
    opening=b"\r\n---",
    before=_PART + b'{"payload":',
    after=b"}\r\n---",
    heartbeat=_PART + b"{}\r\n---",
    closing=b"--\r\n",
)


FRAMINGS: Final[Mapping[str, Framing]] = {negotiation.EVENTS: EVENTS, negotiation.MULTIPART: MULTIPART}


def streamed(
    streams: Streams, operation: Operation, ctx: Context, request: Request, media_type: str
) -> "StreamResponse":
    """The answer to a subscription.

    Raises:
        BadRequest: too many are watching.
    """
    seat = ExitStack()
    seat.enter_context(streams.seat(ctx))
    return StreamResponse(
        streams.results(operation, ctx, dict(request.headers)),
        FRAMINGS[media_type],
        seat,
        streams.stopping,
    )


def streamed_error(streams: Streams, body: Body, media_type: str) -> "StreamResponse":
    """The answer to a document that can't be read, for who takes streams alone: it may be meant for a subscription."""

    async def results() -> AsyncGenerator[Body]:
        yield body

    metrics.errors_told(body)
    return StreamResponse(results(), FRAMINGS[media_type], ExitStack(), streams.stopping)


class StreamResponse(Response):
    """A subscription's results, as they come; `seat` is given up when it ends.

    It ends when there is nothing more, when the client goes, or when the process stops. In the last case it breaks off,
    for clients take an end that is said for the end of the subscription, and don't come back.
    """

    def __init__(self, results: AsyncGenerator[Body], framing: Framing, seat: ExitStack, stopping: Stopping) -> None:
        super().__init__(
            headers={
                "Content-Type": framing.content_type,
                "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
                "X-Accel-Buffering": "no",
            }
        )
        del self.headers["content-length"]
        self.results, self.framing, self.seat, self.stopping = results, framing, seat, stopping

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        over = [asyncio.create_task(self.stopping.ending.wait()), asyncio.create_task(_left(receive))]
        telling = asyncio.create_task(self._tell(send))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await asyncio.wait({telling, *over}, return_when=asyncio.FIRST_COMPLETED)
            if not telling.done():
                telling.cancel()
            await asyncio.wait({telling})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            if not telling.cancelled():
                telling.result()
        finally:
            for each in (telling, *over):
                each.cancel()
            await asyncio.wait({telling, *over})
            self.seat.close()

    async def _tell(self, send: Send) -> None:
        async with aclosing(frames(self.results, self.framing)) as parts:
            async for part in parts:
                await send({"type": "http.response.body", "body": part, "more_body": True})


async def frames(results: AsyncGenerator[Body], framing: Framing) -> AsyncGenerator[bytes]:
    """A stream's parts: its results, and signs of life meanwhile."""
    coming = asyncio.ensure_future(anext(results, None))
    try:
        yield framing.opening
        while True:
            await asyncio.wait({coming}, timeout=HEARTBEAT_SECONDS)
            if not coming.done():
                yield framing.heartbeat
                continue
            body = coming.result()
            if body is None:
                break
            yield framing.framed(body)
            coming = asyncio.ensure_future(anext(results, None))
    finally:
        coming.cancel()
        await asyncio.wait({coming})
        await results.aclose()
    yield framing.closing


async def _left(receive: Receive) -> None:
    """Wait until the client goes."""
    while (await receive())["type"] != "http.disconnect":
        pass
