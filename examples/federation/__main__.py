"""`python -m examples.federation`: Influents with its demo town, two partners and a gateway, until Ctrl-C.

Every one is a process of its own, on 127.0.0.1: the gateway on GATEWAY_PORT (4000), the partners on the two ports above
it, Influents where its settings say.
"""

import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from influents.node import ROOT, NodeError, install_packages, wanted_node
from influents.settings import Settings

from . import demo

HERE = Path(__file__).parent
OLDEST_NODE = 22
PATIENCE = 300  # seconds: the demo town is made the first time
_LEAVES = 15  # seconds that a process has to leave


class Processes:
    """What was started, and is to be ended again."""

    def __init__(self) -> None:
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(
        self, name: str, command: Sequence[str], *, until: str, folder: Path = ROOT, secret: str | None = None
    ) -> None:
        """Start a program, and wait until an address answers. The gateway's secret is for it and Influents alone."""
        environment = os.environ | ({"INFLUENTS_GATEWAY_SECRET": secret} if secret else {})
        self.running[name] = subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL)  # noqa: S603 - fixed words
        latest = time.monotonic() + PATIENCE
        while not _answers(until):
            self.check()
            if time.monotonic() > latest:
                raise SystemExit(f"{until} does not answer")
            time.sleep(0.2)

    def check(self) -> None:
        """That all of them run."""
        for name, process in self.running.items():
            if process.poll() is not None:
                raise SystemExit(f"{name} has ended")

    def stop(self) -> None:
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            try:
                process.wait(_LEAVES)
            except subprocess.TimeoutExpired:
                process.kill()


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    gateway = int(os.environ.get("GATEWAY_PORT", "4000"))
    mobility, labels = gateway + 1, gateway + 2
    influents = Settings().address
    try:
        node = wanted_node(oldest=OLDEST_NODE)
        print("Fetching what the gateway is made of ...", flush=True)  # noqa: T201 - a program for people
        install_packages(HERE, node.npm)
    except NodeError as error:
        raise SystemExit(f"The gateway can't be installed: {error}") from None
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="influents-federation-")))
        processes = Processes()
        stack.callback(processes.stop)
        serve = [sys.executable, "-m", "influents", "serve", "--demo"]
        secret = secrets.token_urlsafe(32)
        processes.start("influents", serve, until=f"{influents}/readyz", secret=secret)
        for name, port, file in (
            ("mobility", mobility, demo.offers(f"{influents}/graphql", folder)),
            ("labels", labels, demo.labels(f"{influents}/graphql", folder)),
        ):
            partner = [sys.executable, "-m", f"examples.federation.{name}", str(port), str(file)]
            processes.start(name, partner, until=_at(port, "/healthz"))
        named = {"influents": f"{influents}/graphql", "mobility": _at(mobility), "labels": _at(labels)}
        urls = [f"{name}={url}" for name, url in named.items()]
        command = [node.path, "gateway.mjs", str(gateway), *urls]
        processes.start("the gateway", command, until=_at(gateway, "/readiness"), folder=HERE, secret=secret)
        print(f"One graph, by POST: {_at(gateway)}. Ctrl-C stops all of it.", flush=True)  # noqa: T201
        while True:
            processes.check()
            time.sleep(0.5)


def _at(port: int, path: str = "/graphql") -> str:
    return f"http://127.0.0.1:{port}{path}"


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE):  # noqa: S310 - our own address
            return True
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(0)
