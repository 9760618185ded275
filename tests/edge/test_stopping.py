"""Stopping: in order under load, at once when told twice, and by force without losing what was acknowledged."""

import asyncio
import contextlib
import json
import signal
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import sqlalchemy as sa

from db.tables import event, participation
from domain.permissions import signed_in
from influents import stopping as module
from influents.stopping import Stopping
from resolvers.context import Context, Services
from tests.clock import Clock
from tests.factories import Town
from tests.processes import PATIENCE, Running, running, until, variables

QUESTION = {"query": "{ themes { code } events(first: 5) { totalCount edges { node { title } } } }"}
REGISTER = "mutation($event: ID!) { register(input: {event: $event}) { participation { status } errors { code } } }"


@pytest.fixture
async def serve(url: str, tmp_path: Path) -> AsyncIterator[Running]:
    env = variables(url, tmp_path, INFLUENTS_STOP_DELAY="1")
    async with running("serve", "--no-demo", "--no-worker", env=env, folder=tmp_path) as started:
        yield started


async def refuses(address: str) -> bool:
    """Whether nobody listens there."""
    place = urlsplit(address)
    try:
        _, writer = await asyncio.open_connection(place.hostname, place.port)
    except OSError:
        return True
    writer.close()
    return False


async def half_sent(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, bytes]:
    """A request that the service has begun to read, and what is still to be sent of it."""
    place = urlsplit(address)
    body = json.dumps(QUESTION).encode()
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    writer.write(
        b"POST /graphql HTTP/1.1\r\nHost: influents.test\r\nContent-Type: application/json\r\n"
        b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(body)
    )
    assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    return reader, writer, body


async def test_told_to_stop_it_is_not_ready_at_once_and_answers_until_others_have_noticed(serve: Running) -> None:
    async with httpx.AsyncClient(base_url=await serve.address(), timeout=PATIENCE) as http:
        assert (await http.get("/readyz")).status_code == 200
        serve.process.send_signal(signal.SIGTERM)

        async def unready() -> httpx.Response | None:
            answer = await http.get("/readyz")
            return answer if answer.status_code == 503 else None

        told = await until(unready)
        answer = await http.post("/graphql", json=QUESTION)

    assert told.json() == {"status": "stopping"}
    assert (answer.status_code, answer.headers["connection"]) == (200, "close")
    assert await asyncio.wait_for(serve.process.wait(), PATIENCE) == 0


async def test_no_request_fails_under_load_where_who_sends_them_heeds_that_it_is_not_ready(serve: Running) -> None:
    address = await serve.address()
    told, answered, failed = asyncio.Event(), [0, 0], []

    async def client() -> None:
        """Asks over a connection that is kept, as a proxy does, until readiness is gone."""
        async with httpx.AsyncClient(base_url=address, timeout=PATIENCE) as http:
            while not told.is_set():
                try:
                    answer = await http.post("/graphql", json=QUESTION)
                    assert (answer.status_code, "errors" in answer.json()) == (200, False), answer.text
                except Exception as wrong:  # noqa: BLE001 - whatever it is, it is what must not be
                    failed.append(repr(wrong))
                answered[stopping] += 1

    async def balancer() -> None:
        """Looks every tenth of a second whether it is ready, and tells the clients when it isn't."""
        async with httpx.AsyncClient(base_url=address, timeout=PATIENCE) as http:
            while (await http.get("/readyz")).status_code == 200:  # noqa: ASYNC110 - another process sets no event
                await asyncio.sleep(0.1)
        told.set()

    stopping = False
    async with asyncio.TaskGroup() as group:
        for each in (balancer, *[client] * 8):
            group.create_task(each())
        while answered[False] < 100:  # noqa: ASYNC110 - eight clients count here
            await asyncio.sleep(0.01)
        serve.process.send_signal(signal.SIGTERM)
        stopping = True

    assert failed == []
    assert answered[True] >= 8  # each had one under way
    assert await asyncio.wait_for(serve.process.wait(), PATIENCE) == 0


async def test_what_is_under_way_when_nobody_new_comes_in_is_answered(serve: Running) -> None:
    address = await serve.address()
    reader, writer, rest = await half_sent(address)
    serve.process.send_signal(signal.SIGTERM)
    await until(lambda: refuses(address))

    writer.write(rest)
    answer = await asyncio.wait_for(reader.read(), PATIENCE)

    assert answer.startswith(b"HTTP/1.1 200")
    assert b'"themes":[' in answer
    writer.close()
    assert await asyncio.wait_for(serve.process.wait(), PATIENCE) == 0


@pytest.mark.parametrize("again", [signal.SIGTERM, signal.SIGINT])
async def test_told_twice_it_leaves_at_once(serve: Running, again: signal.Signals) -> None:
    address = await serve.address()
    _, writer, _ = await half_sent(address)
    serve.process.send_signal(signal.SIGTERM)
    await serve.says("stopping")
    serve.process.send_signal(again)

    assert await asyncio.wait_for(serve.process.wait(), PATIENCE) == -again
    writer.close()


async def test_interrupted_it_leaves_in_peace(serve: Running) -> None:
    await serve.address()
    serve.process.send_signal(signal.SIGINT)
    assert await asyncio.wait_for(serve.process.wait(), PATIENCE) == 0


async def test_killed_it_loses_nothing_that_was_acknowledged(
    town: Town, services: Services, clock: Clock, url: str, tmp_path: Path
) -> None:
    """Eight citizens register for one event after the other until the service is killed; it is started again."""
    clock.now = datetime.now(UTC)
    host, by = await town.citizen(), await town.moderator()
    citizens = [await town.citizen() for _ in range(8)]
    events = [(await town.published(host, by=by, title=f"Rencontre {number}")).id for number in range(20)]
    acknowledged: set[tuple[object, object]] = set()
    killed = asyncio.Event()

    async def client(http: httpx.AsyncClient, ctx: Context) -> None:
        viewer = signed_in(ctx.viewer)
        token = services.tokens.access(citizen=viewer.citizen_id, session=viewer.session_id, now=clock()).token
        for each in events:
            body = {"query": REGISTER, "variables": {"event": f"event_{each.hex}"}}
            answer = await http.post("/graphql", json=body, headers={"Authorization": f"Bearer {token}"})
            if answer.json() == {"data": {"register": {"participation": {"status": "REGISTERED"}, "errors": []}}}:
                acknowledged.add((viewer.citizen_id, each))
            if len(acknowledged) == 40:
                started.process.kill()
                killed.set()

    env = variables(url, tmp_path)
    async with running("serve", "--no-demo", "--no-worker", env=env, folder=tmp_path) as started:
        async with httpx.AsyncClient(base_url=await started.address(), timeout=PATIENCE) as http:
            ended = await asyncio.gather(*(client(http, each) for each in citizens), return_exceptions=True)
        assert killed.is_set(), ended
        assert all(isinstance(each, httpx.TransportError) for each in ended)
    async with running("serve", "--no-demo", "--no-worker", env=env, folder=tmp_path) as started:
        async with httpx.AsyncClient(base_url=await started.address(), timeout=PATIENCE) as http:
            assert (await http.post("/graphql", json=QUESTION)).status_code == 200
        await started.stopped()

    async with services.database.reading() as session:
        rows = await session.execute(sa.select(participation.c.citizen_id, participation.c.event_id))
        kept = {(each.citizen_id, each.event_id) for each in rows}
        assert (await session.execute(sa.select(sa.func.count()).select_from(event))).scalar() == 20
    assert len(acknowledged) > 39
    assert acknowledged <= kept


async def test_what_lasts_is_told_and_whatever_does_not_listen_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "GOODBYE_SECONDS", 0.05)
    stopping, said = Stopping(), []

    async def polite() -> None:
        said.append("polite")

    async def deaf() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(timedelta(hours=1).total_seconds())

    async def broken() -> None:
        raise ConnectionResetError

    async def gone() -> None:
        said.append("gone")

    with stopping.told(polite), stopping.told(deaf), stopping.told(broken):
        with stopping.told(gone):
            assert not stopping.begun.is_set()
        await stopping.end()

    assert said == ["polite"]
    assert stopping.begun.is_set()
    assert stopping.ending.is_set()
