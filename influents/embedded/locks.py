"""Who may start and stop a server, and who still needs it: two files under flock.

The kernel frees a flock when its holder dies, however it dies, so neither file can go stale.

- `start.lock`, exclusive: held while a server is made, started or stopped. One at a time.
- `lease.lock`, shared: held by each process for as long as it uses the server. Whoever gets it exclusively is alone.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from influents.embedded.errors import EmbeddedDatabaseError

if sys.platform != "win32":  # `start` refuses Windows before it comes here
    import fcntl

RELEASED = b"released"
"""What a process tells its watcher once it has closed its lease itself."""


@contextmanager
def changing(home: Path) -> Iterator[None]:
    """Waits until nobody else makes, starts or stops what is in this folder, and keeps others out meanwhile."""
    lock = _lock(home / "start.lock", fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(lock)


def lease(home: Path) -> int:
    """Says that this process uses the server, until the returned file descriptor is closed."""
    return _lock(home / "lease.lock", fcntl.LOCK_SH)


@contextmanager
def alone(home: Path) -> Iterator[bool]:
    """Whether no process has a lease; if so, none gets one meanwhile."""
    try:
        lock = _lock(home / "lease.lock", fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
        return
    try:
        yield True
    finally:
        os.close(lock)


def _lock(path: Path, how: int) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, how)
    except BlockingIOError:
        os.close(descriptor)
        raise
    except OSError as error:
        os.close(descriptor)
        raise EmbeddedDatabaseError(
            f"{path.parent} can't be locked ({error.strerror}): set INFLUENTS_DATA_DIR to a folder on a local disk, "
            "or set DATABASE_URL"
        ) from error
    return descriptor
