"""Many who watch, many changes, and some who don't keep up: nobody waits for anybody, nothing grows without bound."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from db.engine import connect
from domain.announcements import Announcement, Topic
from domain.events import Event
from domain.permissions import signed_in
from influents.settings import Settings
from resolvers import participations
from resolvers.context import Context, Services
from resolvers.hub import MOST_WAITING
from schema.ids import Kind, seal
from tests.factories import Town
from tests.live import serving
from tests.recorder import recorded
from tests.sockets import Socket, socket_to

WATCHERS, SOCKETS = 200, 10
COUNTED = "subscription($id: ID!) { event(id: $id) { registeredCount } }"
EVERYTHING = " ".join(f"{letter}: description" for letter in "abcdefghijklmnopqrst")  # some 100 kB
ATTENDANCE = f"subscription($id: ID!) {{ attendance(event: $id) {{ id event {{ {EVERYTHING} }} }} }}"
SECONDS = 60


@pytest.fixture
async def address(services: Services, url: str) -> AsyncIterator[str]:
    """Served as a process does it: whoever watches has few connections of their own."""
    watching = connect(url, pool_size=4, wait_seconds=SECONDS, statement_seconds=20)
    settings = Settings.model_construct(subscriptions_each=WATCHERS + SOCKETS)
    async with serving(replace(services, watching=watching), settings=settings) as served:
        yield served
    await watching.close()
    assert len(services.hub) == 0


def token(ctx: Context) -> str:
    viewer, services = signed_in(ctx.viewer), ctx.services
    return services.tokens.access(citizen=viewer.citizen_id, session=viewer.session_id, now=services.clock()).token


async def watched(services: Services, number: int) -> None:
    async with asyncio.timeout(SECONDS):
        while len(services.hub) != number:  # noqa: ASYNC110 - nothing says so
            await asyncio.sleep(0.02)


async def an_event(town: Town, description: str = "Une soirée pour apprendre ensemble.") -> tuple[Context, Event]:
    owner = await town.citizen()
    return owner, await town.event(owner, (await town.organization(owner)).id, description=description)


async def all_counted(socket: Socket, number: int) -> int:
    """Wait until everybody on a socket was told so many; how often somebody was told anything."""
    counts: dict[str, int] = {}
    often = 0
    while len(counts) < WATCHERS // SOCKETS or min(counts.values()) < number:
        said = await socket.hear()
        counts[said["id"]] = said["payload"]["data"]["event"]["registeredCount"]
        often += 1
    return often


async def test_two_hundred_who_watch_one_event_are_all_told_each_by_few_statements(
    address: str, town: Town, services: Services
) -> None:
    _, event = await an_event(town)
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(socket_to(address)) for _ in range(SOCKETS)]
        for socket in sockets:
            await socket.begin()
            for number in range(WATCHERS // SOCKETS):
                await socket.subscribe(COUNTED, as_=str(number), id=seal(Kind.EVENT, event.id))
        await watched(services, WATCHERS)

        person = await town.citizen()
        with recorded(services.database) as asked:
            await participations.register(person, event.id)
            often = await asyncio.gather(*(all_counted(socket, 1) for socket in sockets))
        assert sum(often) == WATCHERS
        assert len(asked) < 30, str(asked)  # the rest is read by the connections of those who watch

        people = [await town.citizen() for _ in range(30)]
        told = asyncio.gather(*(all_counted(socket, 31) for socket in sockets))
        await asyncio.gather(*(participations.register(person, event.id) for person in people))
        assert sum(await told) <= 30 * WATCHERS
        assert (await sockets[0].connection.ping()) is not None


async def test_whoever_does_not_read_loses_the_oldest_is_told_so_and_holds_nobody_up(
    address: str, town: Town, services: Services
) -> None:
    owner, event = await an_event(town, description="Une très longue soirée. " * 200)
    place = urlsplit(address)
    reader, writer = await asyncio.open_connection(place.hostname, place.port, limit=2**16)
    body = json.dumps({"query": ATTENDANCE, "variables": {"id": seal(Kind.EVENT, event.id)}})
    writer.write(
        f"POST /graphql HTTP/1.1\r\nHost: influents.test\r\nAccept: text/event-stream\r\n"
        f"Authorization: Bearer {token(owner)}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
    )
    await watched(services, 1)
    async with socket_to(address) as quick:
        await quick.begin(token(owner))
        await quick.subscribe(ATTENDANCE, id=seal(Kind.EVENT, event.id))
        await watched(services, 2)
        people = [await town.citizen() for _ in range(10)]
        for _ in range(8):  # 16 MB, more than all buffers between us take
            for person in people:
                await participations.register(person, event.id)
                assert await attended(quick)
                await participations.cancel_registration(person, event.id)
                assert await attended(quick)
        services.hub.announce(
            Announcement(Topic.PARTICIPATION, uuid4(), event.id) for _ in range(MOST_WAITING + 1)
        )  # of nobody we know: there is nothing to tell of them but that some were missed
        read = await rest_of(reader)

    writer.close()
    assert 0 < read.count(b"event: next") < 8 * 2 * len(people)
    assert b'"attendance":null' in read


async def attended(socket: Socket) -> Any:  # Any: JSON
    return (await socket.hear())["payload"]["data"]["attendance"]


async def rest_of(reader: asyncio.StreamReader) -> bytes:
    """What comes until nothing comes for a while."""
    read = bytearray()
    while True:
        try:
            async with asyncio.timeout(2):
                part = await reader.read(2**20)
        except TimeoutError:
            return bytes(read)
        if not part:
            return bytes(read)
        read += part
