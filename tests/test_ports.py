"""Ports that tests are given: nobody else's, and none that the kernel may give to somebody else meanwhile."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ports
from tests.ports import BLOCK, Ports, ephemeral, free_port, free_ports, ours

CHECKOUT = Path(__file__).parents[1]
ASKING = """
import sys
from tests import ports
ports.os.getpid = lambda: 7  # all of them begin at the same block
ports.PORTS = ports.Ports(ports.ours(ports.ephemeral()))
print([ports.free_port() for _ in range(150)], flush=True)
sys.stdin.read()
"""
FORKING = f"""
import os
from tests.ports import free_port
print(free_port(), flush=True)
reading, writing = os.pipe()
child = os.fork()
given = " ".join(str(free_port()) for _ in range({BLOCK}))
os.write(1, (given + os.linesep).encode())  # at once: both write there
os.close(writing)
os.waitpid(child, 0) if child else os.read(reading, 1)  # the child stays until its parent has asked
"""


def test_processes_that_ask_at_once_get_ports_of_their_own() -> None:
    asking = [
        subprocess.Popen(
            [sys.executable, "-c", ASKING], cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    try:
        given = [port for each in asking if each.stdout for port in json.loads(each.stdout.readline())]
    finally:
        for each in asking:
            each.communicate()

    assert len(set(given)) == len(given) == 600
    assert not set(given) & set(ephemeral())


def test_a_fork_gets_others_than_its_parent() -> None:
    told = subprocess.check_output([sys.executable, "-c", FORKING], cwd=CHECKOUT, text=True, timeout=60)

    given = told.split()
    assert len(set(given)) == len(given) == 1 + 2 * BLOCK


def test_none_is_given_twice() -> None:
    given = [free_port() for _ in range(2 * BLOCK)]

    assert len(set(given)) == 2 * BLOCK


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "0.0.0.0"])  # noqa: S104 - for a moment
def test_what_somebody_has_at_any_address_is_passed_over(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    few = free_ports(5)
    monkeypatch.setattr(ports, "BLOCK", len(few))
    with socket.create_server((host, few[2])):
        assert Ports(few).take(2) == few[3:]


def test_those_in_a_row_are() -> None:
    for _ in range(BLOCK):
        first, *_, last = free_ports(6)
        assert last - first == 5


def test_when_all_are_given_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    few = free_ports(3)
    monkeypatch.setattr(ports, "BLOCK", len(few))
    left = Ports(few)
    assert [left.take(1)[0], left.take(1)[0]] == list(few[1:])

    with pytest.raises(LookupError):
        left.take(1)


@pytest.mark.parametrize(
    ("theirs", "given"),
    [
        (range(32_768, 61_000), range(10_000, 32_768)),
        (range(1_024, 40_000), range(40_000, 65_536)),
        (range(1_024, 65_536), range(10_000, 65_536)),
    ],
)
def test_ports_are_given_where_the_kernel_gives_none(theirs: range, given: range) -> None:
    assert ours(theirs) == given


def test_what_the_kernel_gives_is_asked_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = tmp_path / "range"
    monkeypatch.setattr(ports, "EPHEMERAL", told)
    assert ephemeral() == range(32_768, 61_000)

    told.write_text("20000\t30000\n")
    assert ephemeral() == range(20_000, 30_001)
