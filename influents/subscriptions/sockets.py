"""Operations through a WebSocket: graphql-transport-ws."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import ExitStack, aclosing, suppress
from typing import Final

from graphql import GraphQLError, OperationType
from starlette.websockets import WebSocket, WebSocketDisconnect
from strawberry.types import ExecutionResult

from domain.words import Locale
from influents.authentication import authenticate
from influents.gateways import came_through_the_gateway
from influents.http import answers
from influents.http.origins import Origins
from influents.languages import accepted
from influents.operations.executing import Operations
from influents.operations.refusing import BadRequest
from influents.rate_limits import RateLimits
from influents.subscriptions import messages
from influents.subscriptions.messages import PROTOCOL, Close, Said
from influents.subscriptions.streams import Body, Streams
from influents.telemetry import metrics
from resolvers.context import Context, Services

INIT_SECONDS = 5.0
MOST_OPERATIONS = 20
FULL = BadRequest(
    429, "RATE_LIMITED", f"A socket has {MOST_OPERATIONS} operations at once at most.", more={"retryAfter": 1}
)
GOING_AWAY, INTERNAL, TRY_AGAIN_LATER = 1001, 1011, 1013
SENT_IN_INIT: Final = ("authorization", "accept-language")
"""What browsers can't send in headers, they say in `connection_init`. Nothing else in it counts as one."""


class Sockets:
    """Answers WebSockets at `/graphql`."""

    def __init__(
        self, operations: Operations, services: Services, *, origins: Origins, rates: RateLimits, streams: Streams
    ) -> None:
        self.operations, self.services, self.streams = operations, services, streams
        self.origins, self.rates = origins, rates

    async def __call__(self, websocket: WebSocket) -> None:
        headers = websocket.headers
        if not self.origins.allows(headers.get("origin"), headers.get("host")):
            refusal = BadRequest(403, "FORBIDDEN", "Pages of that origin may not use this service.")
            await websocket.send_denial_response(answers.refused(refusal))
            return
        if PROTOCOL not in websocket.scope["subprotocols"]:
            await websocket.accept()
            await websocket.close(4406, f"Subprotocol not acceptable: speak {PROTOCOL}.")
            return
        await websocket.accept(PROTOCOL)
        socket = Socket(self, websocket)
        try:
            with self.streams.stopping.told(socket.say_goodbye):
                await socket.listen()
        except Close as end:
            await socket.close(end.code, end.reason)
        except WebSocketDisconnect:
            pass
        except Exception as error:  # noqa: BLE001 - whatever it is, the client learns whether to come back
            failed = _failed(error, Locale.FR)["errors"][0]
            again = failed["extensions"]["code"] in {"RATE_LIMITED", "SERVICE_UNAVAILABLE"}
            await socket.close(TRY_AGAIN_LATER if again else INTERNAL, failed["message"])
        finally:
            await socket.let_go()


class Socket:
    """One socket: who is at its other end, and the operations that are under way for them."""

    def __init__(self, sockets: Sockets, websocket: WebSocket) -> None:
        self.sockets, self.websocket = sockets, websocket
        self.headers: Mapping[str, str] = dict(websocket.headers)
        self.known = False
        self.operations: dict[str, asyncio.Task[None]] = {}
        self.tasks: set[asyncio.Task[None]] = set()
        self.closed = False

    async def listen(self) -> None:
        """Do what is said, until there is nobody to say more.

        Raises:
            Close: the socket is to be closed.
            WebSocketDisconnect: it was.
        """
        try:
            async with asyncio.timeout(INIT_SECONDS):
                said = await self._said()
                while said.type in {"ping", "pong"}:
                    await self._greet(said)
                    said = await self._said()
        except TimeoutError:
            raise Close(4408, "Connection initialisation timeout") from None
        if said.type != "connection_init":
            raise Close(4401, "Unauthorized")
        with ExitStack() as seat:
            await self._begin(said, seat)
            while True:
                await self._do(await self._said())

    async def _begin(self, init: Said, seat: ExitStack) -> None:
        """Take somebody's connection, by what they send along; their seat is theirs as long as the socket is open."""
        sent = {name.lower(): value for name, value in init.payload.items() if isinstance(value, str)}
        self.headers = {**self.headers, **{name: sent[name] for name in SENT_IN_INIT if name in sent}}
        ctx = self._request()
        await self._admit(ctx)
        try:
            seat.enter_context(self.sockets.streams.seat(ctx))
        except BadRequest as full:
            raise Close(TRY_AGAIN_LATER, full.message) from None
        self.known = ctx.caller is not None
        await self._send(messages.ack())

    def _request(self) -> Context:
        """A request of its own for each operation."""
        return Context(
            self.sockets.services,
            locale=accepted(self.headers.get("accept-language", "")),
            user_agent=self.headers.get("user-agent"),
            address=self.sockets.rates.address_of(self.websocket),
        )

    async def _admit(self, ctx: Context) -> None:
        """Make it theirs who is at the other end, as they are now, where they haven't asked too much.

        Raises:
            Close: they are known no longer.
            RateLimited: it is one too many.
        """
        try:
            await authenticate(ctx, self.headers)
        except BadRequest as refusal:
            raise Close(4403, f"Forbidden: {refusal.message}") from None
        finally:
            await self.sockets.rates.admit(ctx)

    async def _do(self, said: Said) -> None:
        match said.type:
            case "connection_init":
                raise Close(4429, "Too many initialisation requests")
            case "subscribe" if said.id in self.operations:
                raise Close(4409, f"Subscriber for {said.id} already exists")
            case "subscribe" if len(self.operations) >= MOST_OPERATIONS:
                await self._send(messages.result(said.id, {"errors": [FULL.error()]}))
            case "subscribe":
                task = asyncio.create_task(self._operate(said))
                self.operations[said.id] = task
                self.tasks.add(task)
                task.add_done_callback(self.tasks.discard)
            case "complete":
                if stopped := self.operations.pop(said.id, None):
                    stopped.cancel()
            case _:
                await self._greet(said)

    async def _greet(self, said: Said) -> None:
        if said.type == "ping":
            await self._send(messages.pong(said.payload))

    async def _operate(self, said: Said) -> None:
        """Do an operation and tell what comes of it. Its id is free once the last of that is told."""
        try:
            last = messages.complete(said.id)
            async with aclosing(self._results(said)) as results:
                async for body in results:
                    if "data" not in body:
                        last = messages.result(said.id, body)
                        self._check_known(body)
                        break
                    await self._send(messages.result(said.id, body))
            if self.operations.get(said.id) is asyncio.current_task():
                del self.operations[said.id]
            await self._send(last)
        except Close as end:
            await self.close(end.code, end.reason)
        except WebSocketDisconnect:
            pass

    async def _results(self, said: Said) -> AsyncGenerator[Body]:
        """What comes of an operation: of a subscription a result for each change, else one."""
        ctx = self._request()
        try:
            await self._admit(ctx)
            ours = came_through_the_gateway(self.websocket.scope)
            operation = self.sockets.operations.read(said.payload, any_document=ours)
            if operation.kind == OperationType.SUBSCRIPTION:
                with self.sockets.streams.seat(ctx):
                    told = self.sockets.streams.results(operation, ctx, self.headers)
                    async with aclosing(told):
                        async for body in told:
                            yield body
            else:
                yield _counted(answers.body_of(await self.sockets.operations.execute(operation, ctx), ctx.locale))
        except Close:
            raise
        except BadRequest as refusal:
            yield _counted({"errors": [refusal.error()]})
        except GraphQLError as error:
            yield _counted(answers.body_of(ExecutionResult(data=None, errors=[error]), ctx.locale))
        except Exception as error:  # noqa: BLE001 - whatever it is, the client is told, and the log the rest
            yield _counted(_failed(error, ctx.locale))

    def _check_known(self, last: Body) -> None:
        """Whoever is known no longer has to come back with another token: their socket is of no use any more."""
        if self.known and last["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED":
            raise Close(4403, f"Forbidden: {last['errors'][0]['message']}")

    async def _said(self) -> Said:
        message = await self.websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1005))
        text = message.get("text")
        if text is None:
            raise Close(4400, "Invalid message: text is spoken here.")
        return messages.read(text)

    async def _send(self, message: bytes) -> None:
        if self.closed:
            raise WebSocketDisconnect(1006)
        try:
            await self.websocket.send_text(message.decode())
        except WebSocketDisconnect:
            self.closed = True
            raise

    async def say_goodbye(self) -> None:
        await self.close(GOING_AWAY, "Going away: come back to another.")

    async def close(self, code: int, reason: str) -> None:
        """End all that is under way, and close the socket."""
        if self.closed:
            return
        self.closed = True
        for task in self.tasks - {asyncio.current_task()}:
            task.cancel()
        with suppress(WebSocketDisconnect):
            await self.websocket.close(code, reason)

    async def let_go(self) -> None:
        """Keep nothing of what was under way."""
        self.closed = True
        while self.tasks:
            for task in self.tasks:
                task.cancel()
            await asyncio.wait(self.tasks)


def _counted(body: Body) -> Body:
    metrics.errors_told(body)
    return body


def _failed(error: Exception, locale: Locale) -> Body:
    wrapped = GraphQLError(type(error).__name__, original_error=error)
    return answers.body_of(ExecutionResult(data=None, errors=[wrapped]), locale)
