"""What front ends and partners generate from `schema.graphql`: compiled strictly, and run against the service."""

import asyncio
import json
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from influents.node import ROOT
from resolvers.context import Services
from tests.clients.install import PYTHON
from tests.factories import Town
from tests.live import serving
from tests.nodejs import CLIENTS, node

PACKAGES = CLIENTS / "node_modules"


def copied(name: str, tmp_path: Path) -> Path:
    """A client's folder with the schema, where it may generate what it likes."""
    made = tmp_path / name
    shutil.copytree(CLIENTS / name, made)
    shutil.copy(ROOT / "schema.graphql", made)
    if PACKAGES.is_dir():
        (tmp_path / "node_modules").symlink_to(PACKAGES.resolve())
    return made


async def ran(folder: Path, *words: str | Path) -> str:
    """What it printed; the test fails with all of it where it fails."""
    process = await asyncio.create_subprocess_exec(
        *map(str, words),
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    printed, complaints = await asyncio.wait_for(process.communicate(), 90)
    assert process.returncode == 0, f"{words}: {printed.decode()[-3000:]} {complaints.decode()[-3000:]}"
    return printed.decode()


def last_line(printed: str) -> Any:  # Any: JSON
    return json.loads(printed.strip().splitlines()[-1])


@pytest.fixture
async def address(services: Services, town: Town) -> AsyncIterator[str]:
    """The service with three events that are to come."""
    organizer = await town.citizen("demotic")
    organization = await town.organization(organizer, "DemoTIC")
    for title in ("Barcamp", "Hackathon", "Budget participatif"):
        await town.event(organizer, organization.id, title=title)
    async with serving(services) as listening:
        yield f"{listening}/graphql"


async def test_documents_typed_by_graphql_codegen_compile_strictly_and_run(address: str, tmp_path: Path) -> None:
    """`strictScalars`: a scalar that front ends aren't told of in docs/front-end.md fails here."""
    folder, js = copied("typed", tmp_path), node().path
    await ran(folder, js, PACKAGES / "@graphql-codegen/cli/cjs/bin.js", "--config", "codegen.json")
    await ran(folder, js, PACKAGES / "typescript/bin/tsc", "-p", ".")

    told = last_line(await ran(folder, js, "out/journey.js", address))

    assert told == {
        "titles": ["Barcamp (demotic)", "Hackathon (demotic)", "Budget participatif (demotic)"],
        "taken": [["TAKEN", ["email"]], ["TAKEN", ["handle"]]],
        "registered": "REGISTERED",
        "count": 1,
        "level": 1,
        "rank": "Nouveau",  # the viewer's language goes before Accept-Language
        "refused": ["BAD_USER_INPUT"],
    }


async def test_what_relay_compiles_is_valid_here_pages_refetches_and_mutations(address: str, tmp_path: Path) -> None:
    folder = copied("relay", tmp_path)
    await ran(folder, node().path, PACKAGES / "relay-compiler/cli.js", "relay.config.json")

    made = sorted((folder / "src" / "__generated__").glob("*.graphql.ts"))
    operations = [
        json.loads(f'"{text}"')
        for file in made
        for text in re.findall(r'"text": "((?:[^"\\]|\\.)+)"', file.read_text(encoding="utf-8"))
    ]
    assert len(operations) == 5  # two queries, two refetches over `node`, a mutation

    async with httpx.AsyncClient() as http:
        for operation in operations:
            variables = {"handle": "demotic", "id": "citizen_0", "count": 2, "event": "event_0"}
            asked = {name: value for name, value in variables.items() if f"${name}:" in operation}
            answer = (await http.post(address, json={"query": operation, "variables": asked})).json()
            codes = {error["extensions"]["code"] for error in answer.get("errors", [])}
            # Ids of nothing, and nobody signed in: the documents themselves are good.
            assert codes <= {"BAD_USER_INPUT", "UNAUTHENTICATED"}, answer
            assert "data" in answer


@pytest.mark.skipif(not PYTHON.exists(), reason="the clients are not installed: run `make clients`")
async def test_a_client_made_by_ariadne_codegen_reads_types_and_codes(address: str, tmp_path: Path) -> None:
    folder = copied("python", tmp_path)
    await ran(folder, PYTHON.parent / "ariadne-codegen")

    told = last_line(await ran(folder, PYTHON, "typed.py", address))

    assert told["starts"].endswith("+00:00")
    assert {each: told[each] for each in ("total", "title", "organizer", "refused")} == {
        "total": 3,
        "title": "Barcamp",
        "organizer": "Organization",
        "refused": "BAD_USER_INPUT",
    }


@pytest.mark.skipif(not PYTHON.exists(), reason="the clients are not installed: run `make clients`")
async def test_gql_checks_its_documents_against_our_introspection(address: str, tmp_path: Path) -> None:
    told = last_line(await ran(copied("python", tmp_path), PYTHON, "untyped.py", address))

    assert told == {"total": 3, "title": "Barcamp"}
