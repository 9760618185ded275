"""Several processes that answer on one socket, and the one that keeps them running.

They share the socket, so that nobody is turned away while one takes another's place. Between the one that keeps them
and each of them is a line: at its end, whoever is left alone leaves too.
"""

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass

import structlog

from influents.stopping import SIGNALS, Stopping

READY, REPLACED = b"+", b"-"
AGAIN_SECONDS = (0.1, 0.5, 2.0, 5.0)
"""How long to wait before one that died is started again: each time longer, until one has lasted."""
LASTED_SECONDS = 60.0

log = structlog.get_logger()


class Lifeline:
    """One of several: its end of the line to whoever keeps it running."""

    def __init__(self, descriptor: int) -> None:
        self._line = socket.socket(fileno=descriptor)
        self._line.setblocking(False)

    def ready(self) -> None:
        """Say that it listens."""
        with suppress(OSError):
            self._line.send(READY)

    @asynccontextmanager
    async def heeded(self, stopping: Stopping) -> AsyncIterator[None]:
        """Stop once another has taken its place, or there is nobody on the line any more."""

        async def heed() -> None:
            stopping.replaced = await asyncio.get_running_loop().sock_recv(self._line, 1) == REPLACED
            log.info("stopping", replaced=stopping.replaced)
            stopping.begun.set()

        heeding = asyncio.create_task(heed())
        try:
            yield
        finally:
            heeding.cancel()
            await asyncio.wait({heeding})
            self._line.close()


@dataclass(eq=False, slots=True)
class _Started:
    """A process that was started, with the line to it.

    Attributes:
        at: When, by the event loop's clock.
    """

    process: Process
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    at: float

    async def is_ready(self) -> bool:
        """Wait until it listens; False where it ended before."""
        return await self.reader.read(1) == READY

    async def end(self) -> int:
        """Wait until it has ended; its exit code."""
        code = await self.process.wait()
        self.writer.close()
        return code

    def tell(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            self.process.send_signal(number)


class Supervisor:
    """Keeps a number of processes running until it is told to stop; on SIGHUP new ones take their places, in turn.

    Args:
        listener: The socket that they share.
        number: How many there are to be.
        arguments: Those of `python -m influents` for each place, from 0 on.
        environment: The variables for each place.
    """

    def __init__(
        self,
        listener: socket.socket,
        number: int,
        *,
        arguments: Callable[[int], Sequence[str]],
        environment: Callable[[int], Mapping[str, str]],
    ) -> None:
        self._listener, self._number = listener, number
        self._arguments, self._environment = arguments, environment
        self._places: dict[int, _Started] = {}
        self._alive: dict[_Started, asyncio.Task[int]] = {}
        self._taking = [asyncio.Lock() for _ in range(number)]
        self._stop, self._renew = asyncio.Event(), asyncio.Event()

    async def run(self, greet: Callable[[], None]) -> bool:
        """Keep them running, and greet once all of them listen. False where one of the first didn't start.

        The first one begins alone: what is to be done once is done by it.
        """
        loop = asyncio.get_running_loop()
        for each in SIGNALS:
            loop.add_signal_handler(each, self._stop_all)
        loop.add_signal_handler(signal.SIGHUP, self._renew.set)
        try:
            others = range(1, self._number)
            if not (await self._take(0) and all(await asyncio.gather(*map(self._take, others)))):
                return self._stop.is_set()
            greet()
            tasks = [asyncio.create_task(self._keep(place)) for place in range(self._number)]
            tasks.append(asyncio.create_task(self._renew_when_told()))
            await self._stop.wait()
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            return True
        finally:
            if not self._stop.is_set():
                self._stop_all()
            await asyncio.gather(*self._alive.values())

    def _stop_all(self) -> None:
        """Told twice, there and then."""
        number = signal.SIGKILL if self._stop.is_set() else signal.SIGTERM
        log.info("stopping", processes=len(self._alive), signal=number.name)
        self._stop.set()
        for each in self._alive:
            each.tell(number)

    async def _take(self, place: int) -> bool:
        """Start one in a place, and let whoever is there leave once it listens. Whether it does."""
        async with self._taking[place]:
            try:
                started = await self._start(place)
            except OSError as wrong:  # no memory, no process, no file: there may be later
                log.warning("no process", place=place, error=str(wrong))
                return False
            if not await self._unless_stopped(started.is_ready()):
                started.tell(signal.SIGTERM)
                return False
            before, self._places[place] = self._places.get(place), started
            log.info("process ready", place=place, process=started.process.pid)
            if before in self._alive:
                before.writer.write(REPLACED)
            return True

    async def _start(self, place: int) -> _Started:
        ours, theirs = socket.socketpair()
        with ExitStack() as unless_started, theirs:
            unless_started.callback(ours.close)
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "influents",
                *self._arguments(place),
                f"--listener={self._listener.fileno()}",
                f"--lifeline={theirs.fileno()}",
                env={**os.environ, **self._environment(place)},
                pass_fds=(self._listener.fileno(), theirs.fileno()),
                start_new_session=True,  # Ctrl-C is for whoever keeps them
            )
            unless_started.pop_all()
        started = _Started(process, *await asyncio.open_connection(sock=ours), asyncio.get_running_loop().time())
        self._alive[started] = task = asyncio.create_task(started.end())
        task.add_done_callback(lambda _: self._alive.pop(started))
        return started

    async def _keep(self, place: int) -> None:
        """Start another wherever one ends by itself."""
        died, last = 0, None
        while True:
            current = self._places[place]
            code = await current.process.wait()
            if self._places[place] is not current:  # another has taken its place
                continue
            lasted = asyncio.get_running_loop().time() - current.at > LASTED_SECONDS
            died = 1 if lasted and current is not last else died + 1
            last = current
            log.error("process ended", place=place, process=current.process.pid, code=code)
            await asyncio.sleep(AGAIN_SECONDS[min(died, len(AGAIN_SECONDS)) - 1])
            await self._take(place)

    async def _renew_when_told(self) -> None:
        """One place after the other; where a new one doesn't start, those that are there stay."""
        while True:
            await self._renew.wait()
            self._renew.clear()
            for place in range(self._number):
                if not await self._take(place):
                    log.error("the new process didn't start: the others stay", place=place)
                    break
            else:
                log.info("processes renewed", number=self._number)

    async def _unless_stopped(self, question: Awaitable[bool]) -> bool:
        """The answer; False where it is told to stop before."""
        asked, stopped = asyncio.ensure_future(question), asyncio.ensure_future(self._stop.wait())
        try:
            await asyncio.wait({asked, stopped}, return_when=asyncio.FIRST_COMPLETED)
            return asked.done() and asked.result()
        finally:
            asked.cancel()
            stopped.cancel()
