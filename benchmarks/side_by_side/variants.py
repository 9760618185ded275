"""The servers that stand side by side: how each is started, and what it can be asked."""

import json
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from benchmarks.side_by_side.questions import DOCUMENTS, DRAWN, MUTATION, Dialect
from influents.node import Node
from resolvers.tokens import Tokens

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SECRET_KEY = "side by side: what only benchmarks sign with"  # noqa: S105 - of servers that live for minutes
ISSUER = "https://side-by-side.example.org"
CONNECTIONS = 10
"""To the database, for each server."""
OLDEST_NODE = 24
READ = tuple(DOCUMENTS)


@dataclass(frozen=True, slots=True)
class Variant:
    """A server.

    Attributes:
        command: What is run, in the folder `cwd`.
        questions: What it can be asked.
        dialect: In whose names.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    port: int
    cwd: Path
    questions: tuple[str, ...]
    dialect: Dialect = "influents"


def tokens() -> Tokens:
    """What signs for those who take part."""
    return Tokens(secret=SECRET_KEY.encode(), issuer=ISSUER)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the database is, as servers are told."""

    url: str
    policy: str

    def influents(self, port: int, executor: str) -> dict[str, str]:
        """The service's own settings: those of production, but for whoever asks being one address that asks a lot."""
        return {
            "DATABASE_URL": self.url,
            "INFLUENTS_SECRET_KEY": SECRET_KEY,
            "INFLUENTS_ISSUER": ISSUER,
            "INFLUENTS_PORT": str(port),
            "INFLUENTS_POOL_SIZE": str(CONNECTIONS),
            "INFLUENTS_EXECUTOR": executor,
            # Everything is counted, and nothing is refused for it: one address asks for all.
            "INFLUENTS_RATE_LIMIT": str(10**12),
            "INFLUENTS_KEEP_ALIVE_SECONDS": "3600",
            "INFLUENTS_LOG_LEVEL": "error",
        }

    def others(self, port: int) -> dict[str, str]:
        """What the hand-written servers and those on Node are told."""
        parts = urlsplit(self.url)
        found = {name: values[0] for name, values in parse_qs(parts.query).items()}
        told = {
            "port": port,
            "connections": CONNECTIONS,
            "database": {
                "host": found["host"],
                "port": int(found["port"]),
                "user": parts.username,
                "database": parts.path[1:],
            },
            "key": tokens().jwks()["keys"][0],
            "secret": SECRET_KEY,
            "issuer": ISSUER,
            "policy": self.policy,
        }
        return {"SIDE_BY_SIDE": json.dumps(told)}


def variants(place: Place, ports: Iterable[int], node: Node | None) -> list[Variant]:
    """All of them; without Node, those on it are left out."""
    free = iter(ports)
    python = [limit(place, next(free)), influents(place, next(free)), influents(place, next(free), "graphql-core")]
    if node is None:
        return python
    peers = [
        _on_node(place, next(free), node, "yoga-jit"),
        _on_node(place, next(free), node, "mercurius-jit"),
        _on_node(place, next(free), node, "postgraphile"),
    ]
    return python + peers


def limit(place: Place, port: int) -> Variant:
    command = (sys.executable, "-m", "benchmarks.side_by_side.limit")
    return Variant("limit", command, place.others(port), port, ROOT, (*READ, MUTATION))


def influents(place: Place, port: int, executor: str = "engine") -> Variant:
    name = "influents" if executor == "engine" else f"influents-{executor}"
    command = (sys.executable, "-m", "influents", "serve", "--no-demo", "--no-worker")
    return Variant(name, command, place.influents(port, executor), port, ROOT, (*READ, MUTATION, DRAWN))


def _on_node(place: Place, port: int, node: Node, name: str) -> Variant:
    command = (node.path, str(HERE / "node" / f"{name.removesuffix('-jit')}.mjs"))
    environment = place.others(port) | {"NODE_ENV": "production", "GRAPHILE_ENV": "production"}
    if name == "postgraphile":
        return Variant(name, command, environment, port, HERE, READ, "postgraphile")
    return Variant(name, command, environment, port, HERE, (*READ, MUTATION))


def inherited() -> dict[str, str]:
    """The environment without what would set the service up in another way."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("INFLUENTS_", "DATABASE_URL"))}
