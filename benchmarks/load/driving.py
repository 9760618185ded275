"""Asking at a rate, whether or not answers come: who waits for an answer before asking on would hide that it is late."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter
from typing import cast

import httptools

from benchmarks.side_by_side.loading import percentile, request
from benchmarks.side_by_side.questions import Body

MOST_LINES = 400
"""Connections at once: a gateway's."""
LATE_SECONDS = 20.0
"""After which an answer isn't waited for any more."""
SHED = (429, 503)
BUSY = (b"RATE_LIMITED", b"SERVICE_UNAVAILABLE", b"TIMEOUT")


@dataclass(slots=True)
class Came:
    """What came of a second of asking, or of many.

    Attributes:
        shed: Refused in time and with reason: 429 or 503, or an error that says so.
        failed: Anything else that isn't an answer.
    """

    milliseconds: list[float] = field(default_factory=list)
    shed_milliseconds: list[float] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    unsent: int = 0

    @property
    def asked(self) -> int:
        return len(self.milliseconds) + len(self.shed_milliseconds) + self.failed.total() + self.unsent

    def percentile(self, share: float) -> float:
        return percentile(self.milliseconds, share)


class _Line(asyncio.Protocol):
    """A connection that is kept, for one request at a time."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._body = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        self._body = b""

    def on_body(self, part: bytes) -> None:
        self._body += part[: 2_000 - len(self._body)]

    def on_message_complete(self) -> None:
        if not self._parser.should_keep_alive() and self.transport is not None:
            self.transport.close()
        if self.answer is not None and not self.answer.done():
            self.answer.set_result((self._parser.get_status_code(), self._body))
        self._parser = httptools.HttpResponseParser(self)

    def connection_lost(self, _: Exception | None) -> None:
        self.transport = None
        if self.answer is not None and not self.answer.done():
            self.answer.set_exception(ConnectionError("closed"))

    async def ask(self, written: bytes) -> tuple[int, bytes]:
        assert self.transport is not None
        self.answer = asyncio.get_running_loop().create_future()
        self.transport.write(written)
        return await asyncio.wait_for(self.answer, LATE_SECONDS)


class Driver:
    """Asks one server."""

    def __init__(self, port: int, requests: Iterator[tuple[str, Body]]) -> None:
        self._port, self._requests = port, requests
        self._idle: list[_Line] = []
        self._open = 0
        self._address = 0
        self.under_way: set[asyncio.Task[None]] = set()

    async def drive(self, rate: float, seconds: float) -> Came:
        """Ask at a rate for so long; what is under way at the end is waited for."""
        came, begun = Came(), perf_counter()
        for number in range(int(rate * seconds)):
            if (ahead := begun + number / rate - perf_counter()) > 0.001:  # noqa: PLR2004 - else nobody is waited for
                await asyncio.sleep(ahead)
            elif number % 10 == 0:
                await asyncio.sleep(0)
            self._begin(came, begun + number / rate)
        if self.under_way:
            await asyncio.wait(self.under_way)
        return came

    async def one(self) -> float:
        """How long an ordinary request takes now, in milliseconds."""
        came = Came()
        kind, body = next(each for each in self._requests if each[0] == "profile")
        await self._ask(kind, body, came, perf_counter())
        return came.milliseconds[0] if came.milliseconds else float("inf")

    def _begin(self, came: Came, due: float) -> None:
        if not self._idle and self._open >= MOST_LINES:
            came.unsent += 1
            return
        following = next(self._requests, None)
        if following is None:
            raise RuntimeError("nobody is left to take part: take more citizens")
        task = asyncio.create_task(self._ask(*following, came, due))
        self.under_way.add(task)
        task.add_done_callback(self.under_way.discard)

    async def _ask(self, kind: str, body: Body, came: Came, due: float) -> None:
        came.kinds[kind] += 1
        try:
            line = await self._line()
            try:
                status, answer = await line.ask(self._written(body))
            finally:
                self._give_back(line)
        except (OSError, TimeoutError) as wrong:
            came.failed[type(wrong).__name__] += 1
            return
        took = (perf_counter() - due) * 1000
        if status == 200 and b'"errors":[{' not in answer:  # noqa: PLR2004
            came.milliseconds.append(took)
        elif status in SHED or any(code in answer for code in BUSY):
            came.shed_milliseconds.append(took)
        else:
            came.failed[f"{status} {answer[:120].decode(errors='replace')}"] += 1

    def _written(self, body: Body) -> bytes:
        """From another address each time, as a proxy would say."""
        self._address = (self._address + 1) % 60_000
        said = f"X-Forwarded-For: 10.1.{self._address // 250}.{self._address % 250}\r\nAccept:".encode()
        return request(self._port, body).replace(b"Accept:", said, 1)

    async def _line(self) -> _Line:
        while self._idle:
            line = self._idle.pop()
            if line.transport is not None and not line.transport.is_closing():
                return line
            self._open -= 1
        self._open += 1
        try:
            _, line = await asyncio.get_running_loop().create_connection(_Line, "127.0.0.1", self._port)
        except OSError:
            self._open -= 1
            raise
        return line

    def _give_back(self, line: _Line) -> None:
        if line.transport is not None and not line.transport.is_closing() and line.answer and line.answer.done():
            self._idle.append(line)
            return
        self._open -= 1
        if line.transport is not None:
            line.transport.close()
