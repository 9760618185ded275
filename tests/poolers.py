"""PgBouncer as `deploy/pgbouncer.ini` sets it up, before a server of a test's own."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ports import free_port
from tests.servers import OWNER, PATIENCE, PostgresServer

DEPLOYED = Path(__file__).parents[1] / "deploy" / "pgbouncer.ini"


@contextmanager
def pgbouncer(server: PostgresServer, **settings: str) -> Iterator[str]:
    """Where it answers for the server's database; stopped at the end.

    Args:
        server: What stands behind it.
        settings: What is set otherwise than it is deployed.
    """
    program = shutil.which("pgbouncer")
    if program is None:
        pytest.skip("pgbouncer is not installed")
    port, file = free_port(), server.folder / "pgbouncer.ini"
    file.write_text(_as_deployed(server, {"listen_port": str(port), "auth_type": "any", **settings}))
    server.account.own(file)
    account = server.account
    with (server.folder / "pgbouncer.log").open("w") as log:
        process = subprocess.Popen(
            [program, file], stdout=log, stderr=log, user=account.uid, group=account.gid, cwd="/"
        )
    try:
        _wait_for(port, process)
        yield f"postgresql://{OWNER}@127.0.0.1:{port}/influents"
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _as_deployed(server: PostgresServer, settings: dict[str, str]) -> str:
    """The file as it is, for this server, believing whoever comes from here."""
    text = DEPLOYED.read_text(encoding="utf-8").replace("port=5432", f"port={server.port} user={OWNER}")
    text = re.sub(r"^auth_file.*\n", "", text, flags=re.MULTILINE)
    for name, value in settings.items():
        text, found = re.subn(rf"^{name} = .*$", f"{name} = {value}", text, flags=re.MULTILINE)
        assert found == 1, name
    return text


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert process.poll() is None, "pgbouncer ended"
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError("pgbouncer doesn't listen")
