"""Subscriptions across processes on one database: told of what any of them changed, whatever goes wrong between."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from db.listening import NAME
from db.tables import announcement
from domain.events import Event
from domain.permissions import signed_in
from resolvers import participations
from resolvers.context import Context, Services
from schema.ids import Kind, seal
from tests.clock import Clock
from tests.factories import Town
from tests.processes import PATIENCE, Running, running, until, variables
from tests.sockets import Socket, socket_to

COUNTED = "subscription($id: ID!) { event(id: $id) { registeredCount } }"
ATTENDANCE = "subscription($id: ID!) { attendance(event: $id) { status } }"
REGISTER = "mutation($id: ID!) { register(input: {event: $id}) { participation { status } errors { code } } }"
LISTENERS = "SELECT count(*) FROM pg_stat_activity WHERE application_name = :name AND datname = current_database()"
KILL_LISTENERS = LISTENERS.replace("*", "pg_terminate_backend(pid)")


@pytest.fixture
def now(clock: Clock) -> None:
    """Other processes go by the clock on the wall."""
    clock.now = datetime.now(UTC)


@dataclass
class Pair:
    """Two processes that serve, and where."""

    one: Running
    two: Running
    addresses: tuple[str, str]
    environment: dict[str, str]


@pytest.fixture
async def pair(url: str, tmp_path: Path, services: Services, now: None) -> AsyncIterator[Pair]:
    env = variables(url, tmp_path)
    serve = ("serve", "--no-demo", "--no-worker")
    async with running(*serve, env=env, folder=tmp_path) as one, running(*serve, env=env, folder=tmp_path) as two:
        addresses = await one.address(), await two.address()
        await until(lambda: listeners(services, 2))
        yield Pair(one, two, addresses, env)


async def listeners(services: Services, number: int) -> bool:
    async with services.database.reading() as session:
        return bool(await session.scalar(sa.text(LISTENERS), {"name": NAME}) == number)


def token(ctx: Context) -> str:
    viewer, services = signed_in(ctx.viewer), ctx.services
    return services.tokens.access(citizen=viewer.citizen_id, session=viewer.session_id, now=services.clock()).token


async def register(address: str, who: Context, event: Event) -> None:
    body = {"query": REGISTER, "variables": {"id": seal(Kind.EVENT, event.id)}}
    async with httpx.AsyncClient(timeout=PATIENCE) as http:
        answer = await http.post(f"{address}/graphql", json=body, headers={"Authorization": f"Bearer {token(who)}"})
    assert answer.json()["data"]["register"]["errors"] == []


async def an_event(town: Town) -> tuple[Context, Event]:
    owner = await town.citizen()
    return owner, await town.event(owner, (await town.organization(owner)).id)


async def begun(socket: Socket, query: str, event: Event, who: Context | None = None) -> None:
    await socket.begin(token(who) if who else None)
    await socket.subscribe(query, id=seal(Kind.EVENT, event.id))
    await socket.ask("{ themes { code } }")
    await asyncio.sleep(0.3)  # it watches by now


async def counted(socket: Socket, number: int) -> None:
    """Wait until so many are told to be registered."""
    while (await told(socket))["event"]["registeredCount"] != number:
        pass


async def told(socket: Socket) -> Any:  # Any: JSON
    said = await socket.hear()
    assert said["type"] == "next", said
    return said["payload"]["data"]


async def test_what_one_process_changes_all_of_them_tell(pair: Pair, town: Town) -> None:
    _, event = await an_event(town)
    here, there = pair.addresses
    async with socket_to(here) as near, socket_to(there) as far:
        await begun(near, COUNTED, event)
        await begun(far, COUNTED, event)
        await register(here, await town.citizen(), event)
        await asyncio.gather(counted(near, 1), counted(far, 1))
        await register(there, await town.citizen(), event)
        await asyncio.gather(counted(near, 2), counted(far, 2))


async def test_what_a_process_left_behind_that_died_the_worker_passes_on(
    pair: Pair, town: Town, services: Services, tmp_path: Path
) -> None:
    _, event = await an_event(town)
    async with socket_to(pair.addresses[0]) as socket:
        await begun(socket, COUNTED, event)
        await participations.register(await town.citizen(), event.id)  # here, where nobody passes anything on
        async with services.database.reading() as session:
            assert await session.scalar(sa.select(sa.func.count()).select_from(announcement))
        async with running("worker", env=pair.environment, folder=tmp_path):
            await counted(socket, 1)


async def test_whoever_was_cut_off_listens_again_and_tells_everybody_to_look(
    pair: Pair, town: Town, services: Services
) -> None:
    owner, event = await an_event(town)
    here, there = pair.addresses
    async with socket_to(here) as one, socket_to(here) as many:
        await begun(one, COUNTED, event)
        await begun(many, ATTENDANCE, event, owner)
        async with services.database.reading() as session:
            assert await session.scalar(sa.text(KILL_LISTENERS), {"name": NAME}) == 2
        await register(there, await town.citizen(), event)

        await counted(one, 1)
        while (await told(many))["attendance"] is not None:  # null: look again
            pass
        await until(lambda: listeners(services, 2))
        await register(there, await town.citizen(), event)
        await counted(one, 2)
    assert "listening was cut off" in pair.one.log()


async def test_a_process_that_stops_says_goodbye_to_sockets_and_breaks_streams_off(pair: Pair, town: Town) -> None:
    _, event = await an_event(town)
    here = pair.addresses[0]
    query = {"query": COUNTED, "variables": {"id": seal(Kind.EVENT, event.id)}}
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(socket_to(here)) for _ in range(3)]
        for socket in sockets[:2]:
            await begun(socket, COUNTED, event)
        http = await stack.enter_async_context(httpx.AsyncClient(timeout=PATIENCE))
        stream = http.stream("POST", f"{here}/graphql", json=query, headers={"Accept": "text/event-stream"})
        response = await stack.enter_async_context(stream)

        pair.one.process.send_signal(signal.SIGTERM)

        assert [await socket.hear() for socket in sockets] == [1001] * 3
        assert "complete" not in (await response.aread()).decode()
        assert await asyncio.wait_for(pair.one.process.wait(), PATIENCE) == 0
    assert "Traceback" not in pair.one.log()


async def test_the_life_of_a_killed_process_is_no_others(pair: Pair, town: Town) -> None:
    _, event = await an_event(town)
    async with socket_to(pair.addresses[1]) as socket:
        await begun(socket, COUNTED, event)
        await register(pair.addresses[0], await town.citizen(), event)
        pair.one.process.kill()
        await register(pair.addresses[1], await town.citizen(), event)
        await counted(socket, 2)
