"""Our SDL and the partners' become one graph, by every composer there is."""

import asyncio
import json
import os
import subprocess
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

from examples.federation.labels.schema import schema as labels
from examples.federation.mobility.schema import schema as mobility
from schema.build import build, sdl
from tests.nodejs import CLIENTS, node, running_script
from tests.supergraph import COMPOSERS, composed, our_sdl


async def test_it_composes_with_partners_by_every_composer_without_a_hint() -> None:
    made = await composed(our_sdl())

    assert {name: (made[name]["errors"], made[name]["hints"]) for name in COMPOSERS} == {
        name: ([], []) for name in COMPOSERS
    }


async def test_supergraphs_tell_what_contracts_and_limits_need() -> None:
    made = await composed(our_sdl())

    for name in ("apollo", "guild"):
        told = made[name]["supergraphSdl"]
        assert all(f'@tag(name: "{audience}")' in told for audience in ("public", "partner", "internal"))
        assert all(directive in told for directive in ("@cost(weight:", "@listSize("))


async def test_with_who_may_ask_it_composes_as_well_which_hive_takes_and_apollo_refuses(tmp_path: Path) -> None:
    made = await composed(sdl(build(), authorization=True))

    assert [made[name]["errors"] for name in COMPOSERS] == [[], [], []]
    told = tmp_path / "supergraph.graphql"
    for name in ("guild", "apollo"):
        told.write_text(made[name]["supergraphSdl"], encoding="utf-8")
        assert '@requiresScopes(scopes: [["moderator"]])' in made[name]["supergraphSdl"]
    async with running_script("hive-gateway.mjs", str(told)) as started:
        assert started["url"]
    refused = await asyncio.create_subprocess_exec(
        node().path, "apollo-gateway.mjs", str(told), cwd=CLIENTS, stdout=DEVNULL, stderr=PIPE
    )
    _, complaint = await refused.communicate()
    assert refused.returncode
    assert b"UNSUPPORTED_LINKED_FEATURE" in complaint


async def test_a_partner_may_have_values_of_the_same_kinds() -> None:
    theirs = """
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@shareable"])
    type Query { places: [Venue!]!  placePage: PageInfo! }
    type Venue @shareable {
      name: String  address: String  postalCode: String  city: String!  latitude: Float  longitude: Float
    }
    type PageInfo @shareable {
      hasNextPage: Boolean!  hasPreviousPage: Boolean!  startCursor: String  endCursor: String
    }
    """
    made = await composed(our_sdl(), places=theirs)

    assert [made[name]["errors"] for name in COMPOSERS] == [[], [], []]


async def test_a_partner_that_redefines_what_is_ours_is_told_so() -> None:
    theirs = """
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
    type Query { everybody: [Citizen!]! }
    type Citizen @key(fields: "id") { id: ID!  influence: Int! }
    """
    made = await composed(our_sdl(), rival=theirs)

    assert all(made[name]["errors"] for name in COMPOSERS)


def test_the_command_line_of_wundergraph_makes_a_router_config(tmp_path: Path) -> None:
    sdls = {"influents": our_sdl(), "mobility": mobility.as_str(), "labels": labels.as_str()}
    lines = ["version: 1", "subgraphs:"]
    for name, each in sdls.items():
        (tmp_path / f"{name}.graphql").write_text(each, encoding="utf-8")
        lines += [f"  - name: {name}", f"    routing_url: http://{name}.test", f"    schema: {{file: {name}.graphql}}"]
    (tmp_path / "graph.yaml").write_text("\n".join(lines), encoding="utf-8")
    wgc = CLIENTS / "node_modules" / "wgc" / "dist" / "src" / "index.js"
    command = [node().path, str(wgc), "router", "compose", "--input", "graph.yaml", "--out", "router.json"]

    quietly = {**os.environ, "COSMO_TELEMETRY_DISABLED": "true"}
    done = subprocess.run(command, cwd=tmp_path, env=quietly, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
    config = json.loads((tmp_path / "router.json").read_text(encoding="utf-8"))
    assert len(config["engineConfig"]["datasourceConfigurations"]) == len(sdls)
