"""What asks: a few connections that are kept, each of which sends a prepared request as soon as it has an answer."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import cycle
from time import perf_counter
from typing import cast

import httptools

from benchmarks.side_by_side.questions import Body

CONNECTIONS = 8
LONGEST = 30.0
"""Seconds that what is under way may take to end."""
REFUSED = b'"errors":[{'


class Unanswered(Exception):  # noqa: N818
    """A request was refused, failed, or was never answered; the message is one line."""


@dataclass(slots=True)
class Asked:
    """What came of asking: how long each answer took, and how long all of it."""

    milliseconds: list[float] = field(default_factory=list)
    seconds: float = 0.0
    refused: int = 0
    first_refusal: str = ""

    @property
    def requests_per_second(self) -> float:
        return len(self.milliseconds) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        return percentile(self.milliseconds, share)


def percentile(values: Iterable[float], share: float) -> float:
    """The value that so large a share of them stays below; 0 where there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def request(port: int, body: Body) -> bytes:
    """A request as it goes over the wire."""
    authorization = f"Authorization: Bearer {body.token}\r\n" if body.token else ""
    head = (
        f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"Accept: application/json\r\n{authorization}Content-Length: {len(body.text)}\r\n\r\n"
    )
    return head.encode() + body.text


class _Connection(asyncio.Protocol):
    """Sends, waits, sends again."""

    def __init__(self, next_request: Callable[[], bytes | None], asked: Asked, ended: Callable[[], None]) -> None:
        self._next, self._asked, self._ended = next_request, asked, ended
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._sent = 0.0
        self._refused = False
        self._waiting = False
        self._body = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        self._refused, self._body = False, b""

    def on_body(self, body: bytes) -> None:
        if not self._body:
            self._body = body[:300]
        if REFUSED in body:
            self._refused = True

    def on_message_complete(self) -> None:
        self._waiting = False
        self._asked.milliseconds.append((perf_counter() - self._sent) * 1000)
        if self._refused or self._parser.get_status_code() != 200:  # noqa: PLR2004
            self._asked.refused += 1
            self._asked.first_refusal = self._asked.first_refusal or self._body.decode(errors="replace")
        self._send()

    def connection_lost(self, _: Exception | None) -> None:
        if self._waiting:
            self._asked.refused += 1
            self._asked.first_refusal = self._asked.first_refusal or "the connection was closed"
        self._ended()

    def _send(self) -> None:
        assert self._transport is not None
        following = self._next()
        if following is None:
            self._transport.close()
            return
        self._waiting = True
        self._sent = perf_counter()
        self._transport.write(following)


async def ask(
    ports: Iterable[int], bodies: Iterable[Body], *, seconds: float, connections: int = CONNECTIONS, once: bool = False
) -> Asked:
    """Ask for so many seconds.

    Args:
        ports: Whom to ask, in turn.
        bodies: What is sent, over and over; where `once`, until there is nothing left.
        seconds: How long new requests are sent.
        connections: How many requests are under way at once.
        once: Whether each body is good for one request alone.

    Raises:
        Unanswered: something was refused, or took too long.
    """
    asked, loop = Asked(), asyncio.get_running_loop()
    done, left = asyncio.Event(), connections
    targets = [port for port, _ in zip(cycle(ports), range(connections), strict=False)]
    prepared: Iterator[bytes]
    if once:
        prepared = (request(targets[0], body) for body in bodies)
    else:
        prepared = cycle([request(targets[0], body) for body in bodies])
    begun = perf_counter()
    until = begun + seconds

    def following() -> bytes | None:
        return next(prepared, None) if perf_counter() < until and not asked.refused else None

    def ended() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            done.set()

    for port in targets:
        await loop.create_connection(lambda: _Connection(following, asked, ended), "127.0.0.1", port)
    try:
        await asyncio.wait_for(done.wait(), seconds + LONGEST)
    except TimeoutError:
        raise Unanswered(f"no answer for {LONGEST:.0f} s") from None
    asked.seconds = perf_counter() - begun
    if asked.refused:
        raise Unanswered(asked.first_refusal[:300])
    return asked


async def answer(port: int, body: Body, *, who: str = "a server") -> bytes:
    """One answer's body.

    Raises:
        Unanswered: it wasn't a 200, or didn't come.
    """
    try:
        return await _answer(port, body)
    except (Unanswered, OSError, TimeoutError) as wrong:
        raise Unanswered(f"{who}: {str(wrong) or 'no answer'}") from None


async def _answer(port: int, body: Body) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request(port, body).replace(b"Accept:", b"Connection: close\r\nAccept:", 1))
        raw = await asyncio.wait_for(reader.read(), LONGEST)
    finally:
        writer.close()
    return _read(raw)


def _read(raw: bytes) -> bytes:
    class Message:
        body = b""

        def on_body(self, part: bytes) -> None:
            self.body += part

    message = Message()
    parser = httptools.HttpResponseParser(message)
    parser.feed_data(raw)
    if parser.get_status_code() != 200:  # noqa: PLR2004
        raise Unanswered(f"{parser.get_status_code()}: {message.body[:300].decode(errors='replace')}")
    return message.body
