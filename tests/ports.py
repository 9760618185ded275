"""Ports for what can't be told port 0, and for what must come back where it was.

The kernel gives ports of its ephemeral range to whoever connects and to whoever asks for any: one that was free a
moment ago needn't be any more. These are none of that range. They come in blocks, and the process that has bound a
block's first port has the block for as long as it lives: the kernel lets no other bind it.
"""

import os
import socket
from contextlib import suppress
from pathlib import Path

EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")
LOWEST, END = 10_000, 65_536
BLOCK = 64
ENOUGH = 64 * BLOCK
EVERYWHERE = "0.0.0.0"  # noqa: S104 - nobody may have it at any address; nothing listens


def free_port() -> int:
    """A port that nobody has, and that nobody else is given."""
    return free_ports(1)[0]


def free_ports(many: int) -> range:
    """As many in a row."""
    return PORTS.take(many)


def ephemeral() -> range:
    """What the kernel hands out itself; where it doesn't tell, what it hands out unless it is told otherwise."""
    with suppress(OSError, ValueError):
        first, last = map(int, EPHEMERAL.read_text(encoding="ascii").split())
        return range(first, last + 1)
    return range(32_768, 61_000)


def ours(theirs: range) -> range:
    """Where there is room: below the ephemeral range, else above it, else within."""
    outside = (range(LOWEST, theirs.start), range(theirs.stop, END))
    return next((each for each in outside if len(each) >= ENOUGH), range(LOWEST, END))


class Ports:
    """Those of a process: none is given twice."""

    def __init__(self, among: range) -> None:
        firsts = among[: 1 - BLOCK : BLOCK]
        turn = os.getpid() % len(firsts)  # not where those who just left had theirs
        self._blocks = iter([range(first, first + BLOCK) for first in (*firsts[turn:], *firsts[:turn])])
        self._left = range(0)

    def take(self, many: int) -> range:
        """So many in a row, all of them free; fewer than a block has.

        Raises:
            LookupError: there are none left.
        """
        assert many < BLOCK
        while True:
            while len(self._left) >= many:
                taken, self._left = self._left[:many], self._left[many:]
                if all(map(_is_free, taken)):
                    return taken
            self._left = self._another()

    def _another(self) -> range:
        """What is given of a block that this process has from now on."""
        for block in self._blocks:
            if holder := _bound(EVERYWHERE, block.start):
                holder.detach()  # it stays bound until the process ends
                return block[1:]
        raise LookupError("no ports are left")

    def after_fork(self) -> None:
        """The parent goes on giving what is left: a child takes blocks of its own."""
        self._left = range(0)


def _bound(host: str, port: int) -> socket.socket | None:
    """A socket that has the port; None where anybody else has."""
    made = socket.socket()
    try:
        made.bind((host, port))
    except OSError:
        made.close()
        return None
    return made


def _is_free(port: int) -> bool:
    for host in ("127.0.0.1", EVERYWHERE):
        if (probe := _bound(host, port)) is None:
            return False
        probe.close()
    return True


PORTS = Ports(ours(ephemeral()))
os.register_at_fork(after_in_child=PORTS.after_fork)
