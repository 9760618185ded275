"""Stopping in order: not ready at once, then nobody new, then what lasts is told goodbye, and what is begun is ended.

Whoever holds something that would last for ever (a WebSocket, a stream) joins in by `told`, or waits for `ending`.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import FrameType

import structlog

GOODBYE_SECONDS = 2.0
"""How long all goodbyes together may take."""

SIGNALS = (signal.SIGTERM, signal.SIGINT)

log = structlog.get_logger()
Goodbye = Callable[[], Awaitable[None]]


class Stopping:
    """Whether a process is stopping, and what has to be told so.

    Attributes:
        begun: Set at once: the process isn't ready any more, but still answers.
        ending: Set when nobody new can come in: what waits for more to happen ends now.
        replaced: Whether another process answers on the same socket in its place.
    """

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.ending = asyncio.Event()
        self.replaced = False
        self._goodbyes: set[Goodbye] = set()

    @contextmanager
    def told(self, goodbye: Goodbye) -> Iterator[None]:
        """While the block lasts, `goodbye` is to be awaited at the end: it closes a socket with 1001, say."""
        self._goodbyes.add(goodbye)
        try:
            yield
        finally:
            self._goodbyes.discard(goodbye)

    async def end(self) -> None:
        """Say goodbye to everything that lasts, all at once; whatever doesn't listen is left to be cut off."""
        self.begun.set()
        self.ending.set()
        goodbyes = [asyncio.ensure_future(each()) for each in tuple(self._goodbyes)]
        if not goodbyes:
            return
        done, late = await asyncio.wait(goodbyes, timeout=GOODBYE_SECONDS)
        for each in late:
            each.cancel()
        failed = [type(each.exception()).__name__ for each in done if each.exception()]
        log.info("goodbyes said", number=len(goodbyes), late=len(late), failed=failed)


@asynccontextmanager
async def stopped_by_signals(stopping: Stopping) -> AsyncIterator[None]:
    """The first SIGTERM or SIGINT begins to stop; a second one ends the process there and then, as the kernel does."""
    loop = asyncio.get_running_loop()

    def first(number: int, _: FrameType | None) -> None:
        for each in SIGNALS:
            signal.signal(each, signal.SIG_DFL)
        loop.call_soon_threadsafe(begin, number)

    def begin(number: int) -> None:
        log.info("stopping", signal=signal.Signals(number).name)
        stopping.begun.set()

    for each in SIGNALS:
        signal.signal(each, first)
    yield
