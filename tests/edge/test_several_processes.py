"""`serve --workers N`: several processes on one address, none of them missed when it goes."""

import asyncio
import os
import re
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import psutil
import pytest

from influents.supervising import Supervisor
from tests.ports import free_ports
from tests.processes import PATIENCE, Running, running, until, variables

QUESTION = {"query": "{ themes { code } events(first: 5) { totalCount edges { node { title } } } }"}


@pytest.fixture
async def serve(url: str, tmp_path: Path) -> AsyncIterator[Running]:
    async with several(url, tmp_path) as started:
        yield started


@asynccontextmanager
async def several(url: str, folder: Path, **more: str) -> AsyncIterator[Running]:
    """Two processes that answer; all of them are gone at the end."""
    async with running(
        "serve",
        "--workers",
        "2",
        "--no-demo",
        env=variables(url, folder, INFLUENTS_RATE_LIMIT="off", **more),
        folder=folder,
    ) as it:
        try:
            yield it
        finally:
            left = processes(it) if it.process.returncode is None else []
            with suppress(ProcessLookupError):
                it.process.send_signal(signal.SIGTERM)
            await asyncio.to_thread(psutil.wait_procs, left, PATIENCE)


def processes(serve: Running) -> list[psutil.Process]:
    """Those that answer."""
    return [each for each in psutil.Process(serve.process.pid).children() if _is_alive(each)]


def _is_alive(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):  # it may end while one looks
        return process.status() != psutil.STATUS_ZOMBIE
    return False


@asynccontextmanager
async def asking(address: str, clients: int = 6) -> AsyncIterator[list[str]]:
    """Clients who ask all the while, some over a connection that is kept: what went wrong for them."""
    failed: list[str] = []
    done = asyncio.Event()
    answered = 0

    async def client(*, keeping: bool) -> None:
        nonlocal answered
        kept = httpx.Limits(max_keepalive_connections=None if keeping else 0)
        async with httpx.AsyncClient(base_url=address, timeout=PATIENCE, limits=kept) as http:
            while not done.is_set():
                try:
                    answer = await http.post("/graphql", json=QUESTION)
                    assert (answer.status_code, "errors" in answer.json()) == (200, False), answer.text
                except Exception as wrong:  # noqa: BLE001 - whatever it is, it is what must not be
                    failed.append(repr(wrong))
                answered += 1

    async with asyncio.TaskGroup() as group:
        for number in range(clients):
            group.create_task(client(keeping=number % 2 == 0))
        yield failed
        done.set()
    assert answered >= clients


async def test_two_processes_answer_on_one_address_and_leave_in_order(url: str, tmp_path: Path) -> None:
    ports = free_ports(2)
    async with several(url, tmp_path, INFLUENTS_METRICS_PORT=str(ports[0])) as serve:
        address = await serve.address()
        async with asking(address) as failed, httpx.AsyncClient(timeout=PATIENCE) as http:
            told = [await http.get(f"http://127.0.0.1:{port}/metrics") for port in ports]
        answering = processes(serve)
        log = await serve.stopped()

    assert failed == []
    assert len(answering) == 2
    assert not any(each.is_running() for each in answering)
    assert [answer.status_code for answer in told] == [200, 200]
    assert (log.count("POST http"), log.count("stopped")) == (1, 2)  # one greeting, two goodbyes


async def test_no_request_fails_while_new_processes_take_the_places_of_old_ones(serve: Running) -> None:
    address = await serve.address()
    before = {each.pid for each in processes(serve)}
    async with asking(address) as failed:
        await asyncio.sleep(0.5)
        serve.process.send_signal(signal.SIGHUP)
        await serve.says("processes renewed")

        async def gone() -> bool:
            return len(processes(serve)) == 2

        await until(gone)

    assert failed == []
    assert {each.pid for each in processes(serve)}.isdisjoint(before)


async def test_one_that_is_killed_is_replaced_and_whoever_is_left_alone_leaves_too(serve: Running) -> None:
    address = await serve.address()
    victim, other = processes(serve)
    os.kill(victim.pid, signal.SIGKILL)

    async with asking(address) as failed:  # connections that are made from now on

        async def replaced() -> bool:
            now = {each.pid for each in processes(serve)}
            return len(now) == 2 and victim.pid not in now and serve.log().count("process ready") == 3

        await until(replaced)

    assert failed == []
    assert other.is_running()
    assert re.search(r"process ended.*code=-9", serve.log())

    left = processes(serve)
    serve.process.kill()
    _, alive = await asyncio.to_thread(psutil.wait_procs, left, PATIENCE)
    assert alive == []


async def test_new_processes_that_do_not_start_leave_the_old_ones_where_they_are(url: str, tmp_path: Path) -> None:
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "influents_pool_size").write_text("3")
    async with several(url, tmp_path, INFLUENTS_SECRETS_DIR=str(secrets)) as serve:
        address = await serve.address()
        before = {each.pid for each in processes(serve)}
        (secrets / "influents_pool_size").write_text("none")
        serve.process.send_signal(signal.SIGHUP)
        await serve.says("the new process didn't start")

        async with asking(address) as failed:
            await asyncio.sleep(0.2)

        assert failed == []
        assert {each.pid for each in processes(serve)} == before


async def test_where_the_first_does_not_start_it_says_why_and_leaves(tmp_path: Path) -> None:
    env = variables("postgresql://influents@127.0.0.1:1/nowhere", tmp_path)
    async with running("serve", "--workers", "2", env=env, folder=tmp_path) as serve:
        assert await asyncio.wait_for(serve.process.wait(), PATIENCE) == 1
        assert "the database can't be reached" in serve.log()


async def test_a_place_stays_empty_for_now_where_no_process_can_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: object, **__: object) -> None:
        raise BlockingIOError("Resource temporarily unavailable")

    monkeypatch.setattr(asyncio, "create_subprocess_exec", full)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        supervisor = Supervisor(listener, 1, arguments=lambda _: (), environment=lambda _: {})

        assert await supervisor._take(0) is False
