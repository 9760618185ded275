"""Too much at once: some are told to come back, the others are answered as ever."""

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send

from influents.http import admission
from influents.http.admission import FEW, LATE_SECONDS, MOST, Admission
from influents.http.origins import Origins


class Slow:
    """Answers when it is let."""

    def __init__(self) -> None:
        self.let = asyncio.Event()
        self.begun = 0

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        self.begun += 1
        if scope["type"] == "http" and not scope["path"].startswith("/stream"):
            await self.let.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await self.let.wait()
        await send({"type": "http.response.body", "body": b""})


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(admission, "perf_counter", made)
    return made


async def asked(app: Admission, path: str = "/graphql", *, origin: str | None = None) -> tuple[int, dict[bytes, bytes]]:
    """The status of an answer, and its headers."""
    started: list[Message] = []

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            started.append(message)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    headers = [(b"origin", origin.encode())] if origin else []
    await app({"type": "http", "method": "POST", "path": path, "headers": headers}, receive, send)
    return started[0]["status"], dict(started[0]["headers"])


async def waiting(
    app: Admission, many: int, path: str = "/graphql"
) -> list[asyncio.Task[tuple[int, dict[bytes, bytes]]]]:
    """So many who wait for an answer."""
    tasks = [asyncio.create_task(asked(app, path)) for _ in range(many)]
    await asyncio.sleep(0)
    return tasks


async def test_no_more_than_a_bound_are_under_way(clock: Clock) -> None:
    slow = Slow()
    app = Admission(slow, Origins())
    tasks = await waiting(app, MOST)

    status, headers = await asked(app)

    assert (status, headers[b"retry-after"], slow.begun) == (503, b"1", MOST)
    slow.let.set()
    assert {(await task)[0] for task in tasks} == {200}
    assert (await asked(app))[0] == 200  # at once


async def test_where_answers_are_late_only_a_few_are_let_in_until_they_come_in_time_again(clock: Clock) -> None:
    slow = Slow()
    app = Admission(slow, Origins())
    late = await waiting(app, FEW * 2)  # nothing is known yet
    clock.now += 30 * LATE_SECONDS
    slow.let.set()
    await asyncio.gather(*late)
    slow.let.clear()

    tasks = await waiting(app, FEW)
    assert (await asked(app))[0] == 503
    slow.let.set()
    await asyncio.gather(*tasks)
    for _ in range(60):  # whoever is alone is let in, however slow it was
        assert (await asked(app))[0] == 200
    slow.let.clear()

    tasks = await waiting(app, FEW + 1)
    assert slow.begun == FEW * 2 + FEW + 60 + FEW + 1
    slow.let.set()
    await asyncio.gather(*tasks)


async def test_streams_count_until_they_begin_and_health_is_always_told(clock: Clock) -> None:
    slow = Slow()
    app = Admission(slow, Origins())
    streams = await waiting(app, MOST, "/stream")
    tasks = await waiting(app, MOST)

    assert slow.begun == 2 * MOST
    health = await waiting(app, 1, "/readyz")
    assert slow.begun == 2 * MOST + 1
    slow.let.set()
    await asyncio.gather(*streams, *tasks, *health)


async def test_who_goes_away_makes_room(clock: Clock) -> None:
    app = Admission(Slow(), Origins())
    for task in await waiting(app, MOST):
        task.cancel()
    await asyncio.sleep(0)

    tasks = await waiting(app, 1)

    assert not tasks[0].done()
    tasks[0].cancel()


async def test_pages_of_other_sites_may_read_why(clock: Clock) -> None:
    app = Admission(Slow(), Origins(["https://www.example.org"]))
    tasks = await waiting(app, MOST)

    status, headers = await asked(app, origin="https://www.example.org")

    assert (status, headers[b"access-control-allow-origin"]) == (503, b"https://www.example.org")
    for task in tasks:
        task.cancel()


async def test_bodies_that_come_slowly_hold_up_nobody_else(clock: Clock) -> None:
    sent = asyncio.Event()

    async def read_then_answer(_: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def slowly() -> Message:
        await sent.wait()
        return {"type": "http.request", "body": b"", "more_body": False}

    async def ignored(_: Message) -> None:
        pass

    app = Admission(read_then_answer, Origins())
    scope = {"type": "http", "method": "POST", "path": "/graphql", "headers": []}
    slow = [asyncio.create_task(app(scope, slowly, ignored)) for _ in range(MOST)]
    await asyncio.sleep(0)

    assert (await asked(app))[0] == 200
    clock.now += 30 * LATE_SECONDS
    sent.set()
    await asyncio.gather(*slow)
    many = await asyncio.gather(*(asked(app) for _ in range(FEW * 2)))
    assert {status for status, _ in many} == {200}  # how long they took to send says nothing of us
