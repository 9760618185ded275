"""A supergraph of Influents and two partners behind a gateway that others wrote, all of it on real sockets."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from examples.federation import serving
from examples.federation.labels.schema import Context as LabelsContext
from examples.federation.labels.schema import Labels
from examples.federation.labels.schema import schema as labels_schema
from examples.federation.mobility.offers import Offers
from examples.federation.mobility.schema import Context as MobilityContext
from examples.federation.mobility.schema import schema as mobility_schema
from influents.app import application
from resolvers.context import Services
from tests.live import listening
from tests.nodejs import running_script
from tests.supergraph import supergraph


@dataclass
class Overheard:
    """What a gateway asks of a subgraph: headers and bodies, in order."""

    app: ASGIApp | None = None
    requests: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)  # Any: JSON

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None, "nobody is behind it yet"
        if scope["type"] != "http" or scope["method"] != "POST":
            return await self.app(scope, receive, send)
        body = b""

        async def overhear() -> Message:
            nonlocal body
            message = await receive()
            if message["type"] == "http.request":
                body += message.get("body", b"")
                if not message.get("more_body"):
                    headers = {name.decode(): value.decode() for name, value in scope["headers"]}
                    self.requests.append((headers, json.loads(body)))
            return message

        await self.app(scope, overhear, send)
        return None

    @property
    def entities(self) -> list[list[dict[str, Any]]]:
        """The representations of each `_entities`; a request may hold several."""
        bodies = [body for _, body in self.requests if "_entities" in body["query"]]
        return [value for body in bodies for value in body["variables"].values() if isinstance(value, list)]


@dataclass(frozen=True)
class Gateway:
    """The way in, and what is heard of the way on to each subgraph."""

    http: httpx.AsyncClient
    url: str
    influents: Overheard
    mobility: Overheard
    labels: Overheard
    traces: bool

    def serve(self, services: Services, *, offers: Offers, labels: Labels) -> None:
        """What is behind it from now on."""
        self.influents.app = application(services)
        self.mobility.app = serving.application(mobility_schema, MobilityContext(offers))
        self.labels.app = serving.application(labels_schema, LabelsContext(labels))

    async def ask(self, query: str, *, headers: Mapping[str, str] | None = None, **variables: object) -> dict[str, Any]:
        """The answer as JSON. What was heard before is forgotten."""
        for each in (self.influents, self.mobility, self.labels):
            each.requests.clear()
        answer = await self.http.post(self.url, json={"query": query, "variables": variables}, headers=headers)
        body: dict[str, Any] = answer.json()
        return body


@asynccontextmanager
async def gateway(script: str, composer: str, folder: Path) -> AsyncIterator[Gateway]:
    """A gateway of `tests/clients` over the supergraph as one composer made it, which lies in `folder`."""
    subgraphs = {name: Overheard() for name in ("influents", "mobility", "labels")}
    async with AsyncExitStack() as stack:
        at = {name: f"{await stack.enter_async_context(listening(app))}/graphql" for name, app in subgraphs.items()}
        file = folder / "supergraph.graphql"
        file.write_text(await supergraph(composer, **at), encoding="utf-8")
        where = await stack.enter_async_context(running_script(script, str(file)))
        http = await stack.enter_async_context(httpx.AsyncClient(timeout=30))
        yield Gateway(http, where["url"], **subgraphs, traces=script.startswith("apollo"))
