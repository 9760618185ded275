"""As whom PostgreSQL runs: it refuses root, so root lends it another system user."""

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from influents.embedded.errors import EmbeddedDatabaseError

if sys.platform != "win32":  # `start` refuses Windows before it comes here
    import pwd


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A system user; without ids, whoever runs this process."""

    name: str
    uid: int | None = None
    gid: int | None = None

    @classmethod
    def ourselves(cls) -> "Account":
        return cls(name="you")

    @classmethod
    def for_server(cls, base: Path) -> "Account":
        """Who runs the servers of this folder: ourselves; for root the owner of the data, else a humble user."""
        if os.geteuid() != 0:
            return cls.ourselves()
        for data in base.glob("pg*/data"):
            owner = data.stat()
            if owner.st_uid != 0:
                return cls(name=f"user {owner.st_uid}", uid=owner.st_uid, gid=owner.st_gid)
        for name in ("postgres", "nobody"):
            try:
                user = pwd.getpwnam(name)
            except KeyError:
                continue
            return cls(name=name, uid=user.pw_uid, gid=user.pw_gid)
        raise EmbeddedDatabaseError(
            "PostgreSQL doesn't run as root, and there is no user postgres or nobody: "
            "run as another user, or set DATABASE_URL"
        )

    def run(self, *command: str | Path, timeout: float = 60) -> str:
        """Runs a program as this user and returns what it prints.

        Raises EmbeddedDatabaseError when it fails, OSError when it can't even be run.
        """
        code, output = self.attempt(*command, timeout=timeout)
        if code != 0:
            lines = output.strip().splitlines() or [f"exit code {code}"]
            reason = next((line for line in lines if "error:" in line or "FATAL:" in line), lines[-1])
            raise EmbeddedDatabaseError(f"{Path(command[0]).name} failed: {reason}")
        return output

    def attempt(self, *command: str | Path, timeout: float = 60) -> tuple[int, str]:
        """Runs a program as this user and returns its exit code and what it prints."""
        # A file and not a pipe: the server that pg_ctl leaves behind would keep a pipe open. Few variables:
        # a PGPORT would move the server, and our secrets are not for another user's processes.
        variables = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
        with tempfile.TemporaryFile() as output:
            code = subprocess.run(  # noqa: S603 - the programs are PostgreSQL's and sh, never a visitor's words
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env=variables,
                timeout=timeout,
                check=False,
                user=self.uid,
                group=self.gid,
                extra_groups=None if self.uid is None else [],
            ).returncode
            output.seek(0)
            return code, output.read().decode(errors="replace")

    def can_enter(self, folder: Path) -> bool:
        """Whether this user gets into the folder through all of its parents, whatever modes and ACLs say."""
        return self.uid is None or self.attempt("/bin/sh", "-c", 'cd -- "$0"', folder)[0] == 0

    def own(self, path: Path) -> None:
        """Makes a file or folder private to this user."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)
        path.chmod(0o700 if path.is_dir() else 0o600)
