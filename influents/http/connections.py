"""Connections that are bounded where uvicorn's are not: how long a request's head may take, and how large it may be.

Who sends half a request and waits, or a byte now and then, is sent away; so is who asks and doesn't read the answer.
"""

import asyncio
from itertools import chain
from typing import Any, Final, cast

import orjson
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from influents.http.gathering import Gathering
from influents.operations.refusing import BadRequest
from influents.settings import Settings

MAXIMUM_HEAD: Final = 32 * 1024
MAXIMUM_URL: Final = 16 * 1024
MAXIMUM_HEADERS: Final = 100
LINGER_SECONDS: Final = 2.0
"""For who is answered before all of the body has come: time to read the answer."""
UNREAD_SECONDS: Final = 30.0
"""How long an answer may wait to be read."""


class TooMuch(Exception):  # noqa: N818
    """A head that is larger than we take."""


class BoundedProtocol(HttpToolsProtocol):
    """One connection. `head_seconds` is how long each request's head may take, from its first byte or the beginning."""

    head_seconds = 10.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn does
        self._gathering = Gathering(transport, self.loop)
        super().connection_made(cast("Any", self._gathering))  # Any: all that is asked of a transport
        self._head_deadline: asyncio.TimerHandle | None = None
        self._body_deadline: asyncio.TimerHandle | None = None
        self._unread_deadline: asyncio.TimerHandle | None = None
        self._head_bytes = 0
        self._in_body = False
        self._unanswered = 0
        self._refusal = BadRequest(400, "BAD_REQUEST", "This is not HTTP.")
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if not self._in_body:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._head_bytes:  # the rest of a head is to come: most come whole
            self._expect_head()
            if self._head_bytes > MAXIMUM_HEAD and not self.transport.is_closing():
                self._refuse(_too_large())
        elif self._in_body and len(self.headers) > MAXIMUM_HEADERS and not self.transport.is_closing():
            self._refuse(_too_large())  # of what comes after a body in chunks

    def on_message_begin(self) -> None:
        self._head_bytes = max(self._head_bytes, 1)
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > MAXIMUM_URL:
            self._refusal = BadRequest(414, "URI_TOO_LONG", f"A URL has {MAXIMUM_URL} bytes at most.")
            raise TooMuch

    def on_headers_complete(self) -> None:
        if len(self.headers) > MAXIMUM_HEADERS or sum(map(len, chain.from_iterable(self.headers))) > MAXIMUM_HEAD:
            self._refusal = _too_large()
            raise TooMuch
        self._cancel(self._head_deadline)
        self._head_deadline = None
        self._head_bytes = 0
        self._in_body = True
        self._unanswered += 1
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_body = False
        self._cancel(self._body_deadline)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        self._unanswered -= 1
        self._gathering.flush()
        super().on_response_complete()
        if self._head_deadline is not None:
            self._unset_keepalive_if_required()  # the next request has begun
        if self._in_body and not self.transport.is_closing():
            self._body_deadline = self.loop.call_later(LINGER_SECONDS, self.transport.close)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words
        self._refuse(self._refusal)

    def handle_websocket_upgrade(self) -> None:
        self._stop_waiting()
        self._gathering.flush()
        self.transport = self._gathering.plain
        super().handle_websocket_upgrade()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._cancel(self._unread_deadline)
        self._unread_deadline = self.loop.call_later(UNREAD_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        self._cancel(self._unread_deadline)
        super().resume_writing()

    def _expect_head(self) -> None:
        if self._head_deadline is None:
            self._head_deadline = self.loop.call_later(self.head_seconds, self._head_is_late)

    def _head_is_late(self) -> None:
        self._head_deadline = None
        if self.transport.is_closing():
            return
        if self._unanswered:
            self._expect_head()  # we are the slow ones: what was asked before is not answered yet
        elif self._head_bytes:
            self._refuse(BadRequest(408, "REQUEST_TIMEOUT", f"A request begins within {self.head_seconds:g} seconds."))
        else:
            self.transport.close()

    def _refuse(self, refusal: BadRequest) -> None:
        """Answer what never became a request, and hang up."""
        body = orjson.dumps({"errors": [refusal.error()]})
        head = (
            f"content-type: application/json; charset=utf-8\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(STATUS_LINE[refusal.status] + head.encode("ascii") + body)
        self.transport.close()

    def _stop_waiting(self) -> None:
        for deadline in (self._head_deadline, self._body_deadline, self._unread_deadline):
            self._cancel(deadline)

    @staticmethod
    def _cancel(deadline: asyncio.TimerHandle | None) -> None:
        if deadline is not None:
            deadline.cancel()


def bounded(settings: Settings) -> type[BoundedProtocol]:
    """Connections as patient as the settings say."""
    return type("Connection", (BoundedProtocol,), {"head_seconds": settings.head_seconds})


def _too_large() -> BadRequest:
    return BadRequest(
        431,
        "REQUEST_HEADER_FIELDS_TOO_LARGE",
        f"A request's head has {MAXIMUM_HEAD} bytes and {MAXIMUM_HEADERS} headers at most.",
    )
