"""The bench itself, as small as it gets: it runs, everybody answers the same, and it writes what it says it writes."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from benchmarks.side_by_side.variants import HERE, OLDEST_NODE
from influents.node import found_node

ROOT = HERE.parent.parent
SMALL = (
    "--citizens",
    "1000",
    "--events",
    "200",
    "--participations",
    "5000",
    "--rounds",
    "1",
    "--seconds",
    "0.2",
    "--connections",
    "2",
)
COLUMNS = {
    "variant",
    "query",
    "requests_per_second",
    "p50_ms",
    "p95_ms",
    "server_cpu_ms",
    "database_cpu_ms",
    "statements",
    "memory_mb",
}
pytestmark = [pytest.mark.timeout(240), pytest.mark.xdist_group("side by side")]


def bench(folder: Path, *words: str, written: str = "latest.json") -> list[dict[str, Any]]:
    """The rows that a run wrote."""
    command = [sys.executable, "-m", "benchmarks.side_by_side", *words, *SMALL, "--results", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=220)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    rows: list[dict[str, Any]] = json.loads((folder / written).read_text())
    return rows


def test_the_service_and_the_limit_stand_side_by_side(tmp_path: Path) -> None:
    rows = bench(tmp_path, "--only", "limit,influents", "--without-node")

    assert {(row["variant"], row["query"]) for row in rows} == {
        (variant, query)
        for variant in ("limit", "influents")
        for query in ("profile", "events", "entities", "mutation", "drawn")
        if (variant, query) != ("limit", "drawn")
    }
    assert all(set(row) == COLUMNS for row in rows)
    assert all(row["requests_per_second"] > 0 and row["p50_ms"] <= row["p95_ms"] for row in rows)
    assert all(row["statements"] > 0 and row["memory_mb"] > 0 for row in rows)
    executed = json.loads((tmp_path / "about.json").read_text())["executed"]
    assert len(executed["limit, profile"]) == 2


def test_servers_on_node_answer_the_same(tmp_path: Path) -> None:
    if found_node(oldest=OLDEST_NODE) is None or not (HERE / "node_modules" / ".lock.sha256").is_file():
        pytest.skip("the servers on Node are not installed: `make bench` installs them")
    rows = bench(
        tmp_path,
        "--only",
        "limit,yoga-jit,mercurius-jit,postgraphile",
        "--questions",
        "profile,events,entities,mutation",
    )

    assert {row["variant"] for row in rows} == {"limit", "yoga-jit", "mercurius-jit", "postgraphile"}


@pytest.mark.parametrize(
    "words",
    [("--only", "apollo"), ("--questions", "all"), ("--citizens", "0"), ("--events", "370"), ("--rounds", "-1")],
)
def test_what_cannot_be_run_is_said_in_a_line(tmp_path: Path, words: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "benchmarks.side_by_side", *SMALL, *words, "--results", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)

    assert done.returncode == 2
    assert done.stderr.startswith("The bench stopped: ")
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM], ids=lambda told: told.name)
def test_a_run_that_is_stopped_leaves_no_process_behind(tmp_path: Path, told: signal.Signals) -> None:
    command = [sys.executable, "-m", "benchmarks.side_by_side", *SMALL, "--seconds", "60", "--without-node"]
    mark = f"SIDE_BY_SIDE_TEST={tmp_path}"
    run = subprocess.Popen(
        [*command, "--results", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "SIDE_BY_SIDE_TEST": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert run.stderr is not None
    until = time.monotonic() + 120
    for line in run.stderr:
        if "answers are the same" in line or time.monotonic() > until:
            break
    time.sleep(3)  # they are asked as fast as they answer
    run.send_signal(told)
    _, said = run.communicate(timeout=60)

    assert run.returncode == 130, said[-2000:]
    assert said.strip().splitlines()[-1] == "Stopped."
    assert "Traceback" not in said
    assert marked(mark) == []


def marked(mark: str) -> list[str]:
    """Commands of the processes that have something in their environment; the run's own are the only ones."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and mark.encode() in (folder / "environ").read_bytes():
                found.append((folder / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


def test_growth_writes_its_figures_where_it_is_told(tmp_path: Path) -> None:
    rows = bench(tmp_path / "new", "growth", "--most", "10000", written="growth.json")

    assert {row["what"] for row in rows} == {"participations", "citizens asked for", "processes"}
    weighed = json.loads((tmp_path / "new" / "upkeep.json").read_text())
    assert "participation" in {row["table"] for row in weighed}
