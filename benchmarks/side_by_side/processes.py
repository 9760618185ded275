"""Servers as processes: pinned to a core, counted by what the system says of them, and ended with the block."""

import os
import socket
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import psutil

from benchmarks.side_by_side.variants import Variant, inherited

PATIENCE = 60.0
"""Seconds until a server must listen."""
LEAVING = 15.0
"""Seconds that it has to end."""


class NotRunning(Exception):  # noqa: N818
    """A server didn't come up, or went; the message is one line."""


@dataclass(frozen=True, slots=True)
class Cores:
    """Where servers run, and where what asks them and the database run; None where the system pins nothing."""

    server: int | None
    rest: int | None

    @classmethod
    def found(cls) -> "Cores":
        if not hasattr(os, "sched_setaffinity") or len(os.sched_getaffinity(0)) < 2:  # noqa: PLR2004
            return cls(None, None)
        first, second, *_ = sorted(os.sched_getaffinity(0))
        return cls(first, second)

    def __str__(self) -> str:
        if self.server is None:
            return "nothing is pinned"
        return f"servers on core {self.server}; the database and what asks on core {self.rest}"


def pin(process: psutil.Process, core: int | None) -> None:
    """A process and its children, with all their threads and whatever they start from now on; to none in particular."""
    if hasattr(os, "sched_setaffinity"):
        for each in family(process):
            with suppress(psutil.Error, OSError):
                for thread in each.threads():
                    os.sched_setaffinity(thread.id, _cores(core))


def pin_this(core: int | None) -> None:
    """This thread, and what it starts from now on."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, _cores(core))


def _cores(core: int | None) -> set[int]:
    return set(range(psutil.cpu_count() or 1)) if core is None else {core}


def family(process: psutil.Process) -> list[psutil.Process]:
    with suppress(psutil.Error):
        return [process, *process.children(recursive=True)]
    return []


def cpu_seconds(process: psutil.Process) -> float:
    """What a process and its children have computed so far."""
    return sum(_thread_seconds(each) for each in family(process))


def _thread_seconds(process: psutil.Process) -> float:
    """By the scheduler's own nanoseconds where it tells them: ticks are hundredths of a second, and guessed."""
    threads = Path(f"/proc/{process.pid}/task")
    with suppress(OSError, ValueError, IndexError):
        told = [(each / "schedstat").read_text(encoding="ascii").split()[0] for each in threads.iterdir()]
        return sum(map(int, told)) / 1e9
    with suppress(psutil.Error):
        times = process.cpu_times()
        return times.user + times.system
    return 0.0


def memory_mb(process: psutil.Process) -> float:
    """What a process and its children hold in memory."""
    total = 0
    for each in family(process):
        with suppress(psutil.Error):
            total += each.memory_info().rss
    return total / 2**20


@dataclass(frozen=True, slots=True)
class Running:
    """A server that listens."""

    variant: Variant
    process: psutil.Process


@contextmanager
def running(variants: Iterable[Variant], core: int | None) -> Iterator[list[Running]]:
    """All of them, listening; ended with the block, whatever ends it."""
    started: list[tuple[Variant, subprocess.Popen[bytes]]] = []
    with tempfile.TemporaryDirectory(prefix="influents-bench-logs-") as folder:
        try:
            # One by one: each that runs is ended, even where the next doesn't start.
            started.extend((variant, _start(variant, core, f"{folder}/{variant.name}")) for variant in variants)
            up = []
            for variant, process in started:
                _wait(variant, process, f"{folder}/{variant.name}")
                up.append(Running(variant, psutil.Process(process.pid)))
            yield up
        finally:
            for _, process in started:
                process.terminate()
            for _, process in started:
                _end(process)


def _start(variant: Variant, core: int | None, log: str) -> subprocess.Popen[bytes]:
    before = os.sched_getaffinity(0) if core is not None else None
    if core is not None:
        pin_this(core)  # what is started inherits it, threads of its start included
    try:
        with open(log, "wb") as file:  # noqa: PTH123
            return subprocess.Popen(  # noqa: S603 - fixed words
                variant.command,
                cwd=variant.cwd,
                env={**inherited(), **variant.environment},
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
            )
    except OSError as error:
        raise NotRunning(f"{variant.name} can't be started: {error}") from None
    finally:
        if before is not None:
            os.sched_setaffinity(0, before)


def _wait(variant: Variant, process: subprocess.Popen[bytes], log: str) -> None:
    until = monotonic() + PATIENCE
    while monotonic() < until:
        if process.poll() is not None:
            raise NotRunning(f"{variant.name} ended with {process.returncode}: {_last_words(log)}")
        with suppress(OSError), socket.create_connection(("127.0.0.1", variant.port), timeout=1):
            return
        sleep(0.05)
    raise NotRunning(f"{variant.name} doesn't listen after {PATIENCE:.0f} s: {_last_words(log)}")


def _last_words(log: str) -> str:
    with open(log, encoding="utf-8", errors="replace") as file:  # noqa: PTH123
        lines = [line.strip() for line in file if line.strip()]
    telling = [line for line in lines if "error" in line.lower()] or lines or ["it said nothing"]
    return telling[-1][:300]


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(LEAVING)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
