"""`make federation`, as its README says: one command, and then its queries."""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from influents.node import NodeError, found_node, install_packages
from tests.ports import free_ports

CHECKOUT = Path(__file__).parents[2]
EXAMPLE = CHECKOUT / "examples" / "federation"
README = (EXAMPLE / "README.md").read_text(encoding="utf-8")
pytestmark = pytest.mark.timeout(400)


@pytest.fixture
def gateway() -> Iterator[str]:
    """The gateway's address, once `make federation` says it. What is pinned is installed already: make is told so."""
    node = found_node(oldest=22)
    if node is None:
        pytest.skip("Node 22 or newer is not installed: `make clients` installs one")
    try:
        install_packages(EXAMPLE, node.npm)
    except NodeError as error:
        pytest.skip(f"the packages of the gateway can't be fetched: {error}")
    folder = Path(tempfile.mkdtemp(prefix="influents-federation-"))
    folder.chmod(0o755)  # for root, PostgreSQL runs as another user
    influents, port, *partners = free_ports(4)
    environment = os.environ | {
        "INFLUENTS_DATA_DIR": str(folder),
        "INFLUENTS_PORT": str(influents),
        "GATEWAY_PORT": str(port),
        "INFLUENTS_LOG_LEVEL": "warning",
    }
    log = folder / "log"
    with log.open("w") as output:
        process = subprocess.Popen(
            ["make", "-o", ".venv/runs", "federation"],
            cwd=CHECKOUT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True,
        )  # fmt: skip
    try:
        latest = time.monotonic() + 300
        while f"http://127.0.0.1:{port}/graphql" not in (said := log.read_text(encoding="utf-8")):
            assert process.poll() is None, said
            assert time.monotonic() < latest, said
            time.sleep(0.3)
        yield f"http://127.0.0.1:{port}/graphql"
        os.killpg(process.pid, signal.SIGINT)  # Ctrl-C
        process.wait(60)
        for each in (influents, port, *partners):
            with socket.socket() as probe:
                assert probe.connect_ex(("127.0.0.1", each)) != 0, f"something still listens on {each}"
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def test_one_command_makes_one_graph_that_answers_what_the_readme_asks(gateway: str) -> None:
    queries = re.findall(r"^ask '([^']+)'", README, re.MULTILINE)
    with httpx.Client(timeout=30) as http:
        answers = [http.post(gateway, json={"query": query}).json() for query in queries]

    assert [answer.get("errors") for answer in answers] == [None] * 4
    events, territory, green, networks = (answer["data"] for answer in answers)
    shown = [edge["node"] for edge in events["events"]["edges"]]
    assert any(each["publicTransport"] for each in shown)
    lenders = [offer["citizen"]["name"] for each in shown for offer in each["bikeOffers"]]
    assert any("Berto" in name for name in lenders)
    assert territory["territory"]["cycleLaneKm"] == 684
    assert territory["territory"]["citizenCount"] > 0
    assert [each["name"] for each in green["greenOrganizers"]] == ["DemoTIC", "Rives vivantes"]
    assert green["organization"]["greenLabel"] == {"since": "2026-03-01"}
    assert networks["transportNetworks"][1]["territory"] == {"name": "Ille-et-Vilaine"}
