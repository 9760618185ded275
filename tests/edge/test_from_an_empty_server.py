"""The page's way from an empty server to two processes, a replica and a backup, as it stands there: with Debian's own
tools, in folders and on ports of a test's own.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.ports import free_ports

ROOT = Path(__file__).parents[2]
TOOLS = ("pg_createcluster", "pg_ctlcluster", "runuser", "openssl", "curl", "bash", "psql")
CODE = ("influents", "schema", "engine", "resolvers", "db", "domain", "deploy")
DEBIANS_15 = Path("/usr/lib/postgresql/15/bin")
pytestmark = [
    pytest.mark.skipif(
        not DEBIANS_15.is_dir() or not all(map(shutil.which, TOOLS)) or os.geteuid() != 0,
        reason=f"PostgreSQL 15 is not in {DEBIANS_15}, with Debian's tools, for root to make servers of",
    ),
    pytest.mark.timeout(400),
]


def steps() -> str:
    """The shell commands of that section, as they stand there."""
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    section = page.split("\n## From an empty server\n")[1].split("\n## ")[0]
    return "\n".join(re.findall(r"```sh\n(.*?)```", section, re.DOTALL))


class Machine:
    """Folders and ports that stand for a machine's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        cluster = f"--socketdir {folder}/sockets --logfile {folder}/log/replica.log"
        self.instead = {
            "pg_createcluster 15 replica": f"pg_createcluster 15 replica --datadir {folder}/replica {cluster}",
            "/var/lib/postgresql/15/replica": f"{folder}/replica",
            "/var/backups/influents": f"{folder}/backups",
            "/var/lib/influents": f"{folder}/state",
            "/var/log/": f"{folder}/log/",
            "/etc/cron.d/": f"{folder}/cron/",
            "/etc/influents": f"{folder}/etc",
            "/run/influents.pid": f"{folder}/influents.pid",
            "/opt/influents": f"{folder}/opt",
        }
        named = ("18000", "18001", "18002", "8001", "5432", "5433")
        self.instead |= dict(zip(named, map(str, free_ports(len(named))), strict=True))
        self.port = self.instead["5432"]
        self.environment = {
            "PATH": os.environ["PATH"],
            "LC_ALL": "C.UTF-8",
            "PGHOST": f"{folder}/sockets",
            "PG_CLUSTER_CONF_ROOT": f"{folder}/clusters",
            "COLUMNS": "300",
        }

    def here(self, commands: str) -> str:
        """The same commands for this machine."""
        assert [each for each in self.instead if each not in commands] == []
        pattern = "|".join(rf"(?<!\d){re.escape(each)}" for each in self.instead)
        return re.sub(pattern, lambda found: self.instead[found[0]], commands)

    def logs(self) -> list[str]:
        """What was logged, by the service last."""
        files = sorted((self.folder / "log").iterdir(), key=lambda each: (each.name.startswith("influents"), each.name))
        return [f"{each.name}:\n{each.read_text()}\n" for each in files]

    def run(self, *command: str | Path) -> str:
        done = subprocess.run(
            command, env=self.environment, cwd="/", capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def machine() -> Iterator[Machine]:
    """With a checkout, and the cluster `main` that Debian makes when PostgreSQL is installed."""
    folder = Path(tempfile.mkdtemp(prefix="influents-machine-"))
    folder.chmod(0o755)
    made = Machine(folder)
    for each in ("sockets", "log", "cron", "clusters"):
        (folder / each).mkdir()
    for each in ("sockets", "log"):
        shutil.chown(folder / each, "postgres", "postgres")
    for each in CODE:
        shutil.copytree(ROOT / each, folder / "opt" / each, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "opt" / ".venv").symlink_to(ROOT / ".venv")
    options = ("--datadir", folder / "main", "--socketdir", folder / "sockets", "--logfile", folder / "log/main.log")
    made.run("pg_createcluster", "15", "main", "--port", made.port, *options)
    made.run("pg_ctlcluster", "15", "main", "start")
    try:
        yield made
    finally:
        sys.stderr.writelines(each[-20_000:] for each in made.logs())  # shown with a test that fails
        for cluster in ("replica", "main"):
            with suppress(AssertionError):
                made.run("pg_ctlcluster", "15", cluster, "stop", "--mode", "immediate")
        shutil.rmtree(folder, ignore_errors=True)


def test_a_newcomer_gets_from_an_empty_server_to_all_of_it(machine: Machine) -> None:
    script = subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", machine.here(steps())],
        env=machine.environment,
        cwd="/",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        out, err = script.communicate(timeout=300)
        assert script.returncode == 0, out + err

        lines = out.splitlines()
        assert '{"status":"ready"}t' in out, "the process is ready, and the replica follows"
        assert "streaming" in lines
        assert "2" in lines, "both processes read from the replica"
        assert re.search(r"is [0-9]\.[0-9] seconds behind$", out, re.MULTILINE), out
        assert next((machine.folder / "backups/base").iterdir()).name in out, "where the backup is"
        assert not re.findall(r"^wrong .*", out, re.MULTILINE), out
        assert "ok       announcements: what is announced arrives" in lines
        assert "ok       backups: the journal is kept" in out
        assert "ok       durability: what is committed outlives a power cut" in lines
        assert "0 entries of 0 citizens, nothing differs" in lines
        secrets = [each.read_text().strip() for each in (machine.folder / "etc/secrets").iterdir()]
        assert not [each for each in secrets if each in out + err + "".join(machine.logs())]
    finally:
        with suppress(ProcessLookupError):
            os.killpg(script.pid, signal.SIGTERM)  # what it left to run behind it
        script.wait(30)
