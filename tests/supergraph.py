"""Our subgraph and those of the partners in `examples/federation`, made one by composers that others wrote."""

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from examples.federation.labels.schema import schema as labels
from examples.federation.mobility.schema import schema as mobility
from schema.build import build, sdl
from tests.nodejs import run_script

COMPOSERS = ("apollo", "guild", "wundergraph")


async def composed(influents: str, **others: str) -> dict[str, dict[str, Any]]:  # Any: what `compose.mjs` prints
    """What each composer makes of our SDL with the partners': `errors`, `hints`, and `supergraphSdl` where it has one.

    Subgraphs are at `http://NAME.test`; `others` are the SDLs of further ones, by name.
    """
    sdls = {"influents": influents, "mobility": mobility.as_str(), "labels": labels.as_str(), **others}
    with TemporaryDirectory() as folder:
        file = Path(folder) / "subgraphs.json"
        subgraphs = {name: {"url": f"http://{name}.test", "sdl": each} for name, each in sdls.items()}
        file.write_text(json.dumps(subgraphs), encoding="utf-8")
        made: dict[str, dict[str, Any]] = await run_script("compose.mjs", str(file))
    return made


_SUPERGRAPHS: dict[str, str] = {}


async def supergraph(composer: str, **at: str) -> str:
    """The supergraph as one composer makes it, with its subgraphs at these addresses. Composed once a run."""
    if not _SUPERGRAPHS:
        made = await composed(our_sdl())
        _SUPERGRAPHS.update({name: each["supergraphSdl"] for name, each in made.items() if "supergraphSdl" in each})
    told = _SUPERGRAPHS[composer]
    for name, address in at.items():
        told = told.replace(f"http://{name}.test", address)
    return told


@cache
def our_sdl() -> str:
    """What we print."""
    return sdl(build())
