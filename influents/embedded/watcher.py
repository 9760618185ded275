"""What outlives a process that is killed: it waits for that process to end, then stops the server if it was the last.

Run as `python -m influents.embedded.watcher BIN_DIR HOME`, with a pipe as stdin whose other end only that
process holds: the kernel closes it, however the process ends. Who gives its lease back itself says so before.
"""

import signal
import sys
import time
from pathlib import Path

from influents.embedded.account import Account
from influents.embedded.locks import RELEASED
from influents.embedded.server import Server

DYING = 5.0
"""Seconds in which the kernel gives back all that a killed process had: its lease may go after its end of the pipe."""


def main() -> None:
    bin_dir, home = (Path(argument) for argument in sys.argv[1:])
    # A Ctrl-C or a service manager's signal goes to the whole group: the end of the other process is what counts.
    for deaf_to in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(deaf_to, signal.SIG_IGN)
    released = sys.stdin.buffer.read() == RELEASED
    server = Server(bin_dir=bin_dir, home=home, account=Account.for_server(home.parent))
    deadline = time.monotonic() + (0 if released else DYING)
    while not server.stop_if_last() and time.monotonic() < deadline:
        time.sleep(0.05)


if __name__ == "__main__":
    main()
