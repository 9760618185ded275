"""What a caller gets: a running PostgreSQL in a folder, and a lease on it."""

import atexit
import logging
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from influents.embedded import binaries, locks, place
from influents.embedded.errors import EmbeddedDatabaseError
from influents.embedded.server import OWNER, PATIENCE, PORT, Server

log = logging.getLogger(__name__)


class Cluster:
    """A lease on the server of a data folder."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._pid = os.getpid()
        self._held = True
        self._lease = locks.lease(server.home)
        self._watcher = _watch(server)

    @property
    def bin_dir(self) -> Path:
        """The folder of the programs that came with the server."""
        return self._server.bin_dir

    def url(self, database: str = "influents") -> str:
        """A URL for SQLAlchemy; it names the port so that a PGPORT in the environment has no say."""
        host = f"host={self._server.socket_dir}&port={PORT}"
        return f"postgresql+asyncpg://{OWNER}@/{quote(database, safe='')}?{host}"

    def ensure_database(self, name: str = "influents") -> None:
        """Creates the database if it isn't there. It blocks: not for an event loop that serves."""
        from influents.embedded import databases  # the watcher imports this module too, without asyncpg

        databases.ensure(self._server.socket_dir, name)

    def release(self) -> None:
        """Gives the lease back and, if it was the last, returns once the server is stopped.

        A second call does nothing. It doesn't raise: there is nobody to tell at the end of a process.
        """
        if not self._held or os.getpid() != self._pid:  # a forked child has no lease of its own
            return
        self._held = False
        atexit.unregister(self.release)
        os.close(self._lease)
        try:
            self._watcher.communicate(locks.RELEASED, timeout=2 * PATIENCE)
            if self._watcher.returncode != 0:  # it was killed, or it failed: then it is our turn
                self._server.stop_if_last()
        except (subprocess.TimeoutExpired, EmbeddedDatabaseError, OSError) as error:
            log.warning("The embedded database may still run (see %s): %s", self._server.log, error)


def start(data_dir: Path, settings: Mapping[str, str] = {}) -> Cluster:
    """Joins the server that lives in `data_dir`, or starts it, and makes it the first time.

    Its database `influents` exists afterwards. `settings` are PostgreSQL's (`{"fsync": "off"}`); they
    count when it is this call that starts the server. It blocks: call it before the event loop runs.
    Raises EmbeddedDatabaseError, whose message is one line that says what to do.
    """
    if sys.platform == "win32":
        raise EmbeddedDatabaseError("Windows has no flock, which the embedded PostgreSQL needs: set DATABASE_URL")
    try:
        return _start(data_dir, settings)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EmbeddedDatabaseError(
            f"the embedded PostgreSQL can't be used in {data_dir} ({error}): "
            "set INFLUENTS_DATA_DIR to a folder of your own, or set DATABASE_URL"
        ) from error


def _start(data_dir: Path, settings: Mapping[str, str]) -> Cluster:
    base, account = place.settle(data_dir)
    with locks.changing(base):  # it may be copying them
        found = binaries.find(account, base)
    server = Server(bin_dir=found.folder, home=base / f"pg{found.major}", account=account)
    place.make_passage(server.home, account)
    # The lease and its watcher come first: whatever happens from here, no server is left behind.
    cluster = Cluster(server)
    atexit.register(cluster.release)
    try:
        with locks.changing(server.home):
            if not server.data.exists():
                _warn_of_others(server.home)
                server.create(major=found.major, sync=settings.get("fsync") != "off")
            server.start(settings)
        cluster.ensure_database()
    except BaseException:
        cluster.release()
        raise
    return cluster


def _warn_of_others(home: Path) -> None:
    for data in sorted(home.parent.glob("pg*/data")):
        log.warning(
            "PostgreSQL %s starts with an empty database in %s: what PostgreSQL %s kept is still in %s",
            home.name.removeprefix("pg"),
            home,
            data.parent.name.removeprefix("pg"),
            data.parent,
        )


def _watch(server: Server) -> subprocess.Popen[bytes]:
    checkout = str(Path(__file__).parents[2])
    search = os.pathsep.join(filter(None, [checkout, os.environ.get("PYTHONPATH")]))
    module = "influents.embedded.watcher"
    return subprocess.Popen(  # noqa: S603 - this interpreter, and our own module
        [sys.executable, "-P", "-m", module, server.bin_dir, server.home],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=os.environ | {"PYTHONPATH": search},
        start_new_session=True,
    )
