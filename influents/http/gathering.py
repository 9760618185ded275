"""Writes that leave together: a response's head and its body in one packet, by one call of the system's.

uvicorn writes one after the other. Sending is most of what a small answer takes, to both sides, and was done twice.
"""

import asyncio
from collections.abc import Iterable
from typing import Any, Final

MOST_HELD: Final = 64 * 1024
"""Bytes that are held back at most: what is streamed is for the transport to buffer, which tells when to wait."""


class Gathering:
    """A transport whose writes leave when `flush` is called, or at the end of this turn of the loop.

    All else is the transport's own.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self.plain, self._loop = transport, loop
        self.is_closing = transport.is_closing
        self._held: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> None:
        if not self._held:
            self._loop.call_soon(self.flush)
        self._held.append(data)
        self._size += len(data)
        if self._size > MOST_HELD:
            self.flush()

    def writelines(self, parts: Iterable[bytes]) -> None:
        for each in parts:
            self.write(each)

    def flush(self) -> None:
        """Send what is held back; nobody is there to read it any more where the transport is closing."""
        if not self._held:
            return
        held, self._held, self._size = self._held, [], 0
        if not self.plain.is_closing():
            self.plain.writelines(held)

    def close(self) -> None:
        """Close once what was written has been sent."""
        self.flush()
        self.plain.close()

    def __getattr__(self, name: str) -> Any:  # Any: whatever a transport has
        return getattr(self.plain, name)
