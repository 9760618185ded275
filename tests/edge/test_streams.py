"""Subscriptions over HTTP: server-sent events and multipart, and that nothing else streams."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest

from domain.permissions import signed_in
from influents import rate_limits
from influents.counting import Counting
from influents.settings import Settings
from influents.subscriptions import responses
from resolvers import credentials, participations
from resolvers.context import Context, Services
from schema.ids import Kind, seal
from tests.factories import Town
from tests.live import serving

COUNTED = "subscription($id: ID!) { event(id: $id) { registeredCount } }"
PUBLISHED = "subscription { publishedEvents { title } }"
EVENTS = "text/event-stream"
MULTIPART = 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0,application/graphql-response+json,application/json'
SECONDS = 10


@pytest.fixture
async def client(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(services) as address, httpx.AsyncClient(base_url=address, timeout=SECONDS) as made:
        yield made
    assert len(services.hub) == 0


@dataclass
class Stream:
    """A response that goes on."""

    response: httpx.Response
    parts: AsyncIterator[str]
    read: str = ""

    async def until(self, end: str) -> str:
        """What comes up to that, and that."""
        async with asyncio.timeout(SECONDS):
            while end not in self.read:
                self.read += await anext(self.parts)
        found, self.read = self.read.split(end, 1)
        return found + end

    async def rest(self) -> str:
        async with asyncio.timeout(SECONDS):
            async for part in self.parts:
                self.read += part
        return self.read


@asynccontextmanager
async def streaming(
    client: httpx.AsyncClient, accept: str, query: str, *, token: str | None = None, **variables: object
) -> AsyncIterator[Stream]:
    headers = {"Accept": accept} | ({"Authorization": f"Bearer {token}"} if token else {})
    body = {"query": query, "variables": variables}
    async with client.stream("POST", "/graphql", json=body, headers=headers) as response:
        yield Stream(response, response.aiter_text())


async def watched(services: Services, number: int = 1) -> None:
    async with asyncio.timeout(SECONDS):
        while len(services.hub) != number:  # noqa: ASYNC110 - nothing says so
            await asyncio.sleep(0.01)


def token(ctx: Context) -> str:
    viewer, services = signed_in(ctx.viewer), ctx.services
    return services.tokens.access(citizen=viewer.citizen_id, session=viewer.session_id, now=services.clock()).token


async def an_event(town: Town) -> Any:  # Any: an event, and its id as clients have it
    owner = await town.citizen()
    event = await town.event(owner, (await town.organization(owner)).id)
    return event, seal(Kind.EVENT, event.id)


async def test_changes_come_as_server_sent_events(client: httpx.AsyncClient, town: Town) -> None:
    event, id_ = await an_event(town)
    async with streaming(client, EVENTS, COUNTED, id=id_) as stream:
        assert stream.response.status_code == 200
        assert stream.response.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert stream.response.headers["cache-control"] == "no-store"
        assert await stream.until("\n\n") == ":\n\n"
        for count in (1, 2):
            await participations.register(await town.citizen(), event.id)
            data = json.dumps({"data": {"event": {"registeredCount": count}}}, separators=(",", ":"))
            assert await stream.until("\n\n") == f"event: next\ndata: {data}\n\n"
    await watched(town.services, 0)


async def test_who_is_told_much_is_told_less_often(
    services: Services, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limits, "SECONDS", 3)
    counted = replace(services, counter=Counting(secret=b"a secret of thirty-two bytes or more"))
    event, id_ = await an_event(town)
    much = "subscription($id: ID!) { event(id: $id) { registeredCount feedback(first: 60) { edges { cursor } } } }"

    async def joined(stream: Stream, number: int) -> int:
        """How many have registered, as it is told after so many more have."""
        for _ in range(number):
            await participations.register(await town.citizen(), event.id)
        data = json.loads((await stream.until("\n\n")).split("data: ")[1])
        return int(data["data"]["event"]["registeredCount"])

    async with (
        serving(counted, settings=Settings.model_construct(rate_limit=100)) as address,
        httpx.AsyncClient(base_url=address, timeout=SECONDS) as client,
        streaming(client, EVENTS, much, id=id_) as stream,
    ):
        await stream.until("\n\n")
        assert [await joined(stream, number) for number in (1, 1, 3)] == [1, 2, 5]
        # What is asked is counted apart: whoever watches may go on asking.
        assert (await client.post("/graphql", json={"query": "{ themes { code } }"})).status_code == 200


async def test_changes_come_as_parts_each_of_which_shows_at_once(client: httpx.AsyncClient, town: Town) -> None:
    event, id_ = await an_event(town)
    async with streaming(client, MULTIPART, COUNTED, id=id_) as stream:
        assert stream.response.headers["content-type"] == 'multipart/mixed;boundary="-";subscriptionSpec=1.0'
        assert await stream.until("\r\n---") == "\r\n---"
        await participations.register(await town.citizen(), event.id)
        part = await stream.until("\r\n---")
        assert part.startswith("\r\ncontent-type: application/json\r\n\r\n")
        assert json.loads(part.split("\r\n\r\n")[1].removesuffix("\r\n---")) == {
            "payload": {"data": {"event": {"registeredCount": 1}}}
        }
    await watched(town.services, 0)


async def test_what_is_refused_ends_the_stream_with_its_reason(client: httpx.AsyncClient) -> None:
    for query, code in [
        ("subscription { influence { handle } }", "UNAUTHENTICATED"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
    ]:
        async with streaming(client, EVENTS, query) as stream:
            said = await stream.rest()
            events = said.split("\n\n")
            assert json.loads(events[1].split("data: ")[1])["errors"][0]["extensions"]["code"] == code
            assert events[2:] == ["event: complete\ndata:", ""]
        async with streaming(client, MULTIPART, query) as stream:
            said = await stream.rest()
            assert code in said
            assert said.endswith("\r\n-----\r\n")


async def test_a_document_that_cannot_be_read_is_told_in_a_stream_to_who_takes_nothing_else(
    client: httpx.AsyncClient,
) -> None:
    async with streaming(client, EVENTS, "subscription {") as stream:
        said = await stream.rest()
    assert "GRAPHQL_PARSE_FAILED" in said
    assert said.endswith("event: complete\ndata:\n\n")
    async with streaming(client, f"{EVENTS}, application/json", "subscription {") as stream:
        assert json.loads(await stream.rest())["errors"][0]["extensions"]["code"] == "GRAPHQL_PARSE_FAILED"


async def test_whoever_signs_out_is_told_so_and_nothing_more(client: httpx.AsyncClient, town: Town) -> None:
    nath = await town.citizen()
    async with streaming(client, EVENTS, PUBLISHED, token=token(nath)) as stream:
        await watched(town.services)
        await credentials.revoke_session(nath, signed_in(nath.viewer).session_id)
        said = await stream.rest()
    assert "UNAUTHENTICATED" in said
    assert said.endswith("event: complete\ndata:\n\n")


async def test_a_token_that_does_not_hold_begins_no_stream(client: httpx.AsyncClient) -> None:
    async with streaming(client, EVENTS, PUBLISHED, token="nonsense") as stream:
        assert stream.response.status_code == 401
        assert json.loads(await stream.rest())["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_silent_stream_gives_signs_of_life(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert responses.HEARTBEAT_SECONDS <= 15
    monkeypatch.setattr(responses, "HEARTBEAT_SECONDS", 0.05)
    async with streaming(client, EVENTS, PUBLISHED) as stream:
        assert [await stream.until("\n\n") for _ in range(3)] == [":\n\n"] * 3
    async with streaming(client, MULTIPART, PUBLISHED) as stream:
        await stream.until("\r\n---")
        assert await stream.until("\r\n---") == "\r\ncontent-type: application/json\r\n\r\n{}\r\n---"


@pytest.mark.parametrize("accept", [EVENTS, MULTIPART, f"{EVENTS}, multipart/mixed"])
async def test_only_subscriptions_stream_whatever_is_accepted(client: httpx.AsyncClient, accept: str) -> None:
    for query in ("{ themes { code } }", 'mutation { signOut(input: {refreshToken: "x"}) { errors { code } } }'):
        answer = await client.post("/graphql", json={"query": query}, headers={"Accept": accept})
        assert answer.status_code == 200
        assert answer.headers["content-type"].split(";")[0] in {
            "application/json",
            "application/graphql-response+json",
        }
        assert "data" in answer.json()


async def test_a_subscription_is_not_answered_in_plain_json(client: httpx.AsyncClient) -> None:
    answer = await client.post("/graphql", json={"query": PUBLISHED}, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (406, "NOT_ACCEPTABLE")


async def test_a_subscription_may_come_by_get_for_event_sources(client: httpx.AsyncClient, town: Town) -> None:
    event, id_ = await an_event(town)
    parameters = {"query": COUNTED, "variables": json.dumps({"id": id_})}
    async with client.stream("GET", "/graphql", params=parameters, headers={"Accept": EVENTS}) as response:
        stream = Stream(response, response.aiter_text())
        await watched(town.services)
        await participations.register(await town.citizen(), event.id)
        await stream.until("event: next\n")

    forged = {"Accept": EVENTS, "Sec-Fetch-Site": "cross-site"}
    answer = await client.get("/graphql", params=parameters, headers=forged)
    assert answer.status_code == 403
    head = await client.head("/graphql", params=parameters, headers={"Accept": EVENTS})
    assert head.status_code == 405


async def test_no_more_streams_than_there_are_seats(services: Services) -> None:
    settings = Settings.model_construct(subscriptions=2, subscriptions_each=1)
    async with serving(services, settings=settings) as address, httpx.AsyncClient(base_url=address) as client:
        async with streaming(client, EVENTS, PUBLISHED) as stream:
            await stream.until("\n\n")
            async with streaming(client, EVENTS, PUBLISHED) as second:
                assert second.response.status_code == 429
                assert second.response.headers["retry-after"]
        await watched(services, 0)
        async with streaming(client, EVENTS, PUBLISHED) as stream:
            assert stream.response.status_code == 200


async def test_nothing_is_kept_of_who_hangs_up(client: httpx.AsyncClient, services: Services) -> None:
    await client.get("/healthz")
    await asyncio.sleep(0.1)
    tasks = len(asyncio.all_tasks())
    for accept in (EVENTS, MULTIPART):
        for _ in range(5):
            async with streaming(client, accept, PUBLISHED) as stream:
                await stream.until("\n\n" if accept == EVENTS else "---")
                await watched(services)
            await watched(services, 0)
    async with asyncio.timeout(SECONDS):
        while len(asyncio.all_tasks()) > tasks:  # noqa: ASYNC110 - nothing says so
            await asyncio.sleep(0.05)
