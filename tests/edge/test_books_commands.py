"""`ledger verify` and `policy simulate`, as processes of their own on the real database."""

import asyncio
import json
import os
import re
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from rich.console import Console
from typer.testing import CliRunner

from db.reference.policies import read_policy
from domain.policy import Policy
from influents.cli import app
from influents.commands.ledgers import verified
from influents.commands.policies import as_document, as_table, simulation
from influents.commands.running import Mistake
from influents.embedded import Cluster
from resolvers.context import Services
from tests.every_kind import Everything
from tests.ledgers import me

pytestmark = pytest.mark.xdist_group("books-commands")  # one town serves all

POLICY = Path(__file__).parents[2] / "db" / "policies" / "2026-1.toml"
WRITTEN = POLICY.read_bytes()
WHEN = ("before", "after")


def policy() -> Policy:
    """The one in force."""
    return read_policy(POLICY)[0]


@pytest.fixture
def url(cluster: Cluster, worker_id: str) -> str:
    return cluster.url(f"test_{worker_id}")


async def told(url: str, *command: str) -> tuple[int | None, str, str]:
    """The exit code of a command, what it prints, and what it says to people."""
    environment = {"DATABASE_URL": url, "INFLUENTS_SECRET_KEY": "a secret of the tests, 32 bytes at least"}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "influents",
        *command,
        env=os.environ | environment | {"COLUMNS": "120"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def falsify(services: Services, statement: str, **given: object) -> None:
    async with services.database.engine.begin() as connection:
        await connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        await connection.execute(sa.text(statement), given)


async def test_verify_names_what_differs_and_leaves_with_1(
    everything: Everything, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await verified(everything.services) == 0
    assert re.fullmatch(r"\d+ entries of \d+ citizens, nothing differs\n", capsys.readouterr().out)

    nath = me(everything.nath)
    moved = "UPDATE citizen_total SET points = points + :more WHERE citizen_id = :of"
    await falsify(everything.services, moved, more=1, of=nath)
    code, out, _ = await told(url, "ledger", "verify")
    await falsify(everything.services, moved, more=-1, of=nath)

    assert code == 1
    line, counts = out.splitlines()
    assert re.fullmatch(rf"citizen {nath}: citizen_total\.points is \d+, should be \d+", line)
    assert counts.endswith(", 1 difference")


async def test_simulate_shows_every_level_as_json_or_as_a_table(everything: Everything, url: str) -> None:
    proposed = replace(policy(), version="2027-1", points_per_hour_and_star=45)

    outcome = await simulation(everything.services, proposed)

    document: Any = as_document(outcome)
    assert (document["policy"], document["instead_of"]) == ("2027-1", "2026-1")
    assert [row["level"] for row in document["levels"]] == list(range(1, 21))
    for sums in ("earned", "whole"):
        counts = [sum(row[sums][when] for row in document["levels"]) for when in WHEN]
        assert counts == [document["citizens"]] * 2
        assert document["moves"][sums]["up"] > 0
    console = Console(file=StringIO(), width=120)
    console.print(as_table(outcome))
    assert isinstance(console.file, StringIO)
    shown = console.file.getvalue()
    assert [re.findall(r"\d+", line) for line in shown.splitlines() if line.startswith("│")] == [
        [str(row["level"]), *(str(row[name][when]) for name in ("starts_at", "earned", "whole") for when in WHEN)]
        for row in document["levels"]
    ]


async def test_the_policy_in_force_simulated_by_its_file_moves_nobody(everything: Everything, url: str) -> None:
    code, out, _ = await told(url, "policy", "simulate", str(POLICY), "--json")

    document = json.loads(out)
    assert code == 0
    assert document["citizens"] > 0
    assert [each["up"] + each["down"] for each in document["moves"].values()] == [0, 0]


async def test_a_proposal_under_the_version_of_another_is_refused(everything: Everything) -> None:
    with pytest.raises(Mistake, match="2026-1 is in the database and says otherwise"):
        await simulation(everything.services, replace(policy(), minimum_points=20))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (None, "No such file or directory"),
        (b"version = ", "Invalid value"),
        (b"\xff\xfe", "codec can't decode"),
        (b'version = "2027-1"', "effective_from: missing"),
        (WRITTEN.replace(b"maximum_minutes = 480", b"maximum_minutes = 0"), "maximum_minutes: 1 or more"),
        (b"maximum_hours = 8\n" + WRITTEN, "maximum_hours: unknown"),
    ],
)
def test_a_file_that_is_no_policy_is_refused_in_one_line(tmp_path: Path, written: bytes | None, said: str) -> None:
    file = tmp_path / "2027-1.toml"
    if written is not None:
        file.write_bytes(written)

    left = CliRunner().invoke(app, ["policy", "simulate", str(file)])

    assert left.exit_code == 1
    assert left.stdout == ""
    assert left.stderr.startswith("influents: 2027-1.toml: ")
    assert said in left.stderr
    assert left.stderr.count("\n") == 1
