"""`examples/trusted-documents`: built with graphql-codegen, and run against a service that takes nothing else."""

import json
import shutil
from pathlib import Path

import httpx

from influents.node import ROOT
from influents.settings import Settings
from resolvers.context import Services
from tests.edge.over_http import bearer, code
from tests.edge.test_typed_clients import PACKAGES, last_line, ran
from tests.factories import Town
from tests.live import serving
from tests.nodejs import node

EXAMPLE = ROOT / "examples" / "trusted-documents"


async def test_a_front_end_that_sends_no_graphql_is_served_and_nothing_else_is(
    services: Services, town: Town, tmp_path: Path
) -> None:
    node_path = node().path
    folder = built_in(tmp_path)
    await ran(folder, node_path, PACKAGES / "@graphql-codegen/cli/cjs/bin.js", "--config", "codegen.json")
    await ran(folder, node_path, PACKAGES / "typescript/bin/tsc", "-p", ".")
    manifest = folder / "src" / "gql" / "persisted-documents.json"
    assert len(json.loads(manifest.read_text())) == 2
    assert "query WhatIsOn" not in (folder / "out" / "gql" / "graphql.js").read_text()

    organizer = await town.citizen("demotic")
    await town.event(organizer, (await town.organization(organizer, "DemoTIC")).id, title="Barcamp")
    guest = bearer(await town.citizen("nath"))["Authorization"].removeprefix("Bearer ")
    settings = Settings.model_construct(trusted_documents=manifest, only_trusted_documents=True)
    async with serving(services, settings=settings) as address, httpx.AsyncClient() as http:
        url = f"{address}/graphql"
        told = last_line(await ran(folder, node_path, "out/main.js", url, guest))
        other = await http.post(url, json={"query": "{ themes { code } }"})

    assert told == {"on": ["Barcamp"], "registered": {"participation": {"status": "REGISTERED"}, "errors": []}}
    assert (other.status_code, code(other)) == (403, "FORBIDDEN")


def built_in(tmp_path: Path) -> Path:
    """The example where it may generate what it likes, two folders below the schema as in the checkout."""
    folder = tmp_path / "examples" / EXAMPLE.name
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("node_modules", "out", "gql"))
    shutil.copy(ROOT / "schema.graphql", tmp_path)
    (folder / "node_modules").symlink_to(PACKAGES.resolve())
    return folder


def test_the_lock_of_the_example_names_no_registry() -> None:
    assert '"resolved"' not in (EXAMPLE / "package-lock.json").read_text(encoding="utf-8")


def test_the_example_is_built_with_what_is_tried_here() -> None:
    tried = json.loads((PACKAGES.parent / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    used = json.loads((EXAMPLE / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    assert used.items() <= tried.items()
