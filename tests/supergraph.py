"""Our subgraph and those of the partners in `examples/federation`, for composers and gateways."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from examples.federation.labels.schema import schema as labels
from examples.federation.mobility.schema import schema as mobility
from tests.nodejs import run_script

NOWHERE = "http://127.0.0.1:9"
COMPOSERS = ("apollo", "guild", "wundergraph")


async def composed(
    folder: Path, influents: str, *, at: Mapping[str, str] | None = None, **others: str
) -> dict[str, dict[str, Any]]:  # Any: what `tests/clients/compose.mjs` prints
    """What each composer makes of our SDL with the partners': `errors`, `hints`, and `supergraphSdl` where it has one.

    Args:
        folder: Where the SDLs may lie meanwhile.
        influents: Our SDL.
        at: The address of each subgraph, where the supergraph is to be served.
        others: SDLs of further subgraphs, by name.
    """
    sdls = {"influents": influents, "mobility": mobility.as_str(), "labels": labels.as_str(), **others}
    subgraphs = {name: {"url": (at or {}).get(name, NOWHERE), "sdl": sdl} for name, sdl in sdls.items()}
    file = folder / "subgraphs.json"
    file.write_text(json.dumps(subgraphs), encoding="utf-8")
    made: dict[str, dict[str, Any]] = await run_script("compose.mjs", str(file))
    return made
