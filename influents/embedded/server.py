"""One PostgreSQL server: made, started, stopped, and asked how it is.

What changes it (`create`, `start`, `stop`) is called under `locks.changing`.
"""

import shlex
import shutil
import signal
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from influents.embedded import locks, place
from influents.embedded.account import Account
from influents.embedded.errors import EmbeddedDatabaseError

OWNER = "influents"  # the database role, a superuser here
PORT = "5432"  # no more than a part of the socket's name
PATIENCE = 60.0  # seconds for a server to come up, or to go
NO_PROCESS = 2**31 - 1  # a pid that no process has: systems stop well below
BUILTIN_LOCALES = 17  # the major version that brought them
# What a start says while the children of a killed server are on their way out.
LEAVING = ("pre-existing shared memory block", '"postmaster.pid" already exists')


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where its programs are, where it lives, and as whom it runs."""

    bin_dir: Path
    home: Path
    account: Account

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def socket_dir(self) -> Path:
        return place.socket_dir(self.home)

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    def create(self, *, major: int, sync: bool) -> None:
        """Makes the data folder; without `sync` it may be lost in a power cut.

        The folder is made under another name and gets its own at the very end: a folder of that name is
        whole, and what an interrupted call has left is rubbish.
        """
        for remains in self.home.glob("unfinished-*"):
            shutil.rmtree(remains, ignore_errors=True)
        unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=self.home))
        self.account.own(unfinished)
        # Bytes decide the order, Unicode the lower case, and the machine's locale nothing. No password:
        # there is no TCP, and only this account gets into the socket's folder.
        options = ["--username", OWNER, "--auth=trust", "--encoding=UTF8", "--locale=C"]
        if major >= BUILTIN_LOCALES:
            options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        else:
            options += ["--lc-ctype=C.UTF-8"]
        if not sync:
            options += ["--no-sync"]
        self.account.run(self.bin_dir / "initdb", "-D", unfinished, *options, timeout=180)
        unfinished.rename(self.data)

    def start(self, settings: Mapping[str, str]) -> None:
        """Returns when the server takes connections; it may have been up all along, or on its way."""
        deadline = time.monotonic() + PATIENCE
        while not self.ready():
            if time.monotonic() > deadline:
                raise EmbeddedDatabaseError(f"PostgreSQL doesn't answer in {self.socket_dir}: {self.log} may tell why")
            if self._postmaster() is not None:
                time.sleep(0.05)
            else:
                self._launch(settings)

    def stop(self) -> None:
        """Stops the server if it runs; open sessions are cut, and what they committed is safe.

        `pg_ctl stop` isn't asked: it waits for a killed server as long as nobody has reaped its process,
        and signals whatever program a stale postmaster.pid names.
        """
        if (postmaster := self._postmaster()) is None:
            return
        postmaster.send_signal(signal.SIGINT)  # PostgreSQL's "fast shutdown"
        deadline = time.monotonic() + PATIENCE
        while self._postmaster() == postmaster:
            if time.monotonic() > deadline:
                raise EmbeddedDatabaseError(f"PostgreSQL doesn't stop: {self.log} may tell why")
            time.sleep(0.02)

    def stop_if_last(self) -> bool:
        """Stops the server unless a process has a lease on it; whether none has."""
        with locks.changing(self.home), locks.alone(self.home) as last:
            if last:
                self.stop()
            return last

    def ready(self) -> bool:
        where = ("-h", self.socket_dir, "-p", PORT, "-U", OWNER, "-d", "postgres")
        code, output = self.account.attempt(self.bin_dir / "pg_isready", *where)
        if code not in {0, 1, 2}:  # it takes connections, it refuses them, there is none
            raise EmbeddedDatabaseError(f"{self.bin_dir / 'pg_isready'} failed: {output.strip()}")
        return code == 0

    def _postmaster(self) -> psutil.Process | None:
        """The process that postmaster.pid names, if it is this server and alive, and not another program."""
        try:
            process = psutil.Process(int((self.data / "postmaster.pid").read_text().split(maxsplit=1)[0]))
            ours = process.status() != psutil.STATUS_ZOMBIE and str(self.data) in process.cmdline()
        except (FileNotFoundError, ValueError, IndexError, psutil.NoSuchProcess, psutil.AccessDenied):
            return None
        return process if ours else None

    def _launch(self, settings: Mapping[str, str]) -> None:
        place.make_private(self.socket_dir, self.account)
        for lock in (self.data / "postmaster.pid", self.socket_dir / f"{place.SOCKET}.lock"):
            self._disown(lock)
        told_before = self.log.stat().st_size if self.log.exists() else 0
        try:
            self.account.run(
                self.bin_dir / "pg_ctl", "start", "-D", self.data, "--wait", f"--timeout={PATIENCE:.0f}",
                "--log", self.log, "--options", self._options(settings), timeout=PATIENCE + 10,
            )  # fmt: skip
        except EmbeddedDatabaseError as error:
            told = self.log.read_bytes()[told_before:].decode(errors="replace") if self.log.exists() else ""
            if any(reason in told for reason in LEAVING):
                time.sleep(0.2)  # and `start` tries again
                return
            reason = next((line for line in told.splitlines() if "FATAL:" in line), str(error))
            raise EmbeddedDatabaseError(f"PostgreSQL doesn't start: {reason} (see {self.log})") from error

    def _options(self, settings: Mapping[str, str]) -> str:
        chosen = {
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_error_verbosity": "terse",  # without the rows that an error is about
            **settings,
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_dir),
            "port": PORT,
        }
        return " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in chosen.items())

    def _disown(self, lock: Path) -> None:
        """Puts an impossible pid into the lock file of a dead server: that number may be in use again.

        PostgreSQL would then take the other program for a server. The rest of the file stays: it is how
        PostgreSQL sees that children of the dead server are still at work on the data.
        """
        try:
            _, *rest = lock.read_text().splitlines()
        except FileNotFoundError:
            return
        except ValueError:  # empty: the crash came while it was written
            rest = []
        lock.unlink()
        if rest:
            with lock.open("x") as file:  # never through a link
                file.write("\n".join([str(NO_PROCESS), *rest, ""]))
            self.account.own(lock)
