"""Where clusters live.

DATA_DIR/postgresql/            may be a link
    postgresql-18.4/            a copy of the programs, if the originals are out of reach
    pg18/                       the home of a cluster, one for each major version: they can't read each other's data
        data/                   PostgreSQL's own
        run/                    the socket, unless that path is too long
        start.lock, lease.lock  see locks
"""

import hashlib
import logging
import os
import re
import tempfile
from pathlib import Path

from influents.embedded.account import Account
from influents.embedded.errors import EmbeddedDatabaseError

ELSEWHERE = Path("/var/lib/influents")
SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET = 102  # bytes of a socket's path: the kernel has room for 104 on macOS, 108 on Linux

log = logging.getLogger(__name__)


def settle(data_dir: Path) -> tuple[Path, Account]:
    """The folder of the clusters that belong to `data_dir`, made if absent, and who runs their servers.

    It is `data_dir/postgresql`. Where the user that root lends the server can't get there (a checkout
    under /root), that is a link to a folder in /var/lib/influents: no folder that isn't ours is opened
    up, and removing `data_dir` still means starting afresh.
    """
    data_dir = data_dir.resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    base = data_dir / "postgresql"
    account = Account.for_server(base)
    if not base.is_symlink() and not base.exists() and not account.can_enter(data_dir):
        _settle_elsewhere(base, account)
    base = base.resolve()
    make_passage(base, account)
    if not account.can_enter(base):
        raise EmbeddedDatabaseError(
            f"{account.name}, who runs PostgreSQL for root, can't get into {base}: "
            "set INFLUENTS_DATA_DIR to another folder, or set DATABASE_URL"
        )
    return base, account


def _settle_elsewhere(base: Path, account: Account) -> None:
    if not ELSEWHERE.exists():
        ELSEWHERE.mkdir(parents=True, exist_ok=True)
        ELSEWHERE.chmod(0o755)
    folder = Path(tempfile.mkdtemp(prefix=f"{base.parent.parent.name}-", dir=ELSEWHERE))
    try:
        base.symlink_to(folder)
    except FileExistsError:  # another process was first: its folder counts
        folder.rmdir()
    else:
        log.warning("%s can't get into %s: the database is kept in %s", account.name, base.parent, folder)


def make_passage(folder: Path, account: Account) -> None:
    """Makes a folder of ours, through which the account can go to what is its own."""
    folder.mkdir(parents=True, exist_ok=True)
    if folder.stat().st_uid == os.geteuid():
        folder.chmod(0o700 if account.uid is None else 0o711)


def socket_dir(home: Path) -> Path:
    """Beside the data, or in /tmp when that path is too long for a socket or needs escapes in a URL.

    The answer depends on `home` alone, so that all processes agree (TMPDIR may differ).
    """
    beside = home / "run"
    plain = re.fullmatch(r"[\w./-]+", str(beside), re.ASCII)
    if plain and len(os.fsencode(beside / SOCKET)) <= LONGEST_SOCKET:
        return beside
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()
    return Path("/tmp") / f"influents-{digest[:16]}"  # noqa: S108 - make_private refuses someone else's


def make_private(folder: Path, account: Account) -> None:
    """Makes a folder that only the account can use; one that another user has put there is refused."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid not in {account.uid, os.geteuid()}:
        raise EmbeddedDatabaseError(
            f"{folder} belongs to another user: remove it, or set INFLUENTS_DATA_DIR to a shorter path"
        )
    account.own(folder)
