"""A WebSocket that says whatever a test wants, and hears what it is told."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

SECONDS = 10


@dataclass
class Socket:
    """One end of a socket; the service is at the other."""

    connection: ClientConnection

    async def say(self, *messages: object) -> None:
        for message in messages:
            await self.connection.send(message if isinstance(message, str | bytes) else json.dumps(message))

    async def hear(self, *, seconds: float | None = SECONDS) -> Any:  # Any: JSON
        """What is said next; where the socket is closed, its code."""
        try:
            async with asyncio.timeout(seconds):
                return json.loads(await self.connection.recv())
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None

    async def begin(self, token: str | None = None) -> None:
        await self.say({"type": "connection_init", "payload": {"Authorization": f"Bearer {token}"} if token else None})
        assert await self.hear() == {"type": "connection_ack"}

    async def subscribe(self, query: str, *, as_: str = "1", **variables: object) -> None:
        await self.say({"id": as_, "type": "subscribe", "payload": {"query": query, "variables": variables}})

    async def ask(self, query: str, **variables: object) -> Any:  # Any: JSON
        """The answer to a query: what was said before it is seen to by then."""
        await self.subscribe(query, as_="ask", **variables)
        answer = await self.hear()
        assert await self.hear() == {"id": "ask", "type": "complete"}
        return answer["payload"]

    def vanish(self) -> None:
        """Be gone without a word."""
        self.connection.transport.abort()


@asynccontextmanager
async def socket_to(
    address: str, *, protocol: str | None = "graphql-transport-ws", origin: str | None = None
) -> AsyncIterator[Socket]:
    protocols = [Subprotocol(protocol)] if protocol else None
    url = address.replace("http", "ws", 1) + "/graphql"
    async with connect(url, subprotocols=protocols, additional_headers={"Origin": origin} if origin else None) as made:
        yield Socket(made)
