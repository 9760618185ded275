"""Connections of clients that send half a request, a byte now and then, or far too much: on a real socket."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from influents.http.connections import MAXIMUM_HEAD, MAXIMUM_HEADERS, MAXIMUM_URL
from influents.settings import Settings
from resolvers.context import Services
from tests.live import serving

QUICKLY = Settings.model_construct(head_seconds=1.0, keep_alive_seconds=1)
LONG = 30.0  # seconds: far more than any of this takes
POST = b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"


@pytest.fixture
async def address(services: Services) -> AsyncIterator[str]:
    async with serving(services, settings=QUICKLY) as address:
        yield address


@asynccontextmanager
async def connected(address: str) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    host, _, port = address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        yield reader, writer
    finally:
        writer.close()


async def told(address: str, *pieces: bytes, every: float = 0.0) -> bytes:
    """All that the server says to what is sent, until it hangs up."""
    async with connected(address) as (reader, writer), asyncio.timeout(LONG):
        listening = asyncio.ensure_future(heard(reader))
        for piece in pieces:
            if listening.done():
                break
            writer.write(piece)
            await asyncio.sleep(every)
        return await listening


async def heard(reader: asyncio.StreamReader) -> bytes:
    """What was said before the connection was closed, or broke because we still wrote."""
    said = b""
    try:
        while chunk := await reader.read(65_536):
            said += chunk
    except ConnectionResetError:
        pass
    return said


def status(said: bytes) -> int:
    return int(said.split(b" ", 2)[1])


def error_code(said: bytes) -> str:
    head, _, body = said.partition(b"\r\n\r\n")
    assert b"content-type: application/json" in head.lower()
    return str(json.loads(body)["errors"][0]["extensions"]["code"])


async def test_thirty_half_sent_requests_are_closed_while_others_are_answered(address: str) -> None:
    endless = [b"X", *[b"x"] * 1_000]
    half = {
        "silent": ([b""], 0.0),
        "half a line": ([b"POST /gra"], 0.0),
        "half a head": ([POST + b"X-Half: "], 0.0),
        "a byte at a time": ([POST, *endless], 0.05),
        "empty lines": ([b"\r\n"] * 1_000, 0.05),
    }
    slow = [
        asyncio.ensure_future(told(address, *pieces, every=every)) for pieces, every in half.values() for _ in range(6)
    ]
    async with httpx.AsyncClient(base_url=address) as http:
        answered = 0
        while not all(each.done() for each in slow):
            answer = await http.post("/graphql", json={"query": "{ themes { code } }"})
            assert answer.status_code == 200
            answered += 1
            await asyncio.sleep(0.05)

    said = [each.result() for each in slow]
    assert len(said) == 30
    assert answered > 5
    assert said[:6] == [b""] * 6
    assert {status(each) for each in said[6:18]} == {408}
    assert {error_code(each) for each in said[6:18]} == {"REQUEST_TIMEOUT"}


async def test_an_idle_connection_is_closed_after_an_answer(address: str) -> None:
    said = await told(address, b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
    assert status(said) == 200


async def test_a_second_request_that_is_half_sent_is_closed_too(address: str) -> None:
    whole = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
    said = await told(address, whole, whole + b"GET /hea", every=0.1)
    assert said.count(b"HTTP/1.1 200") == 2
    assert b"HTTP/1.1 408" in said


async def test_a_body_that_drips_is_refused_and_the_connection_closed(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("influents.http.bodies.BODY_SECONDS", 0.5)
    said = await told(address, POST + b"Content-Length: 1000\r\n\r\n", *[b" "] * 1_000, every=0.05)
    assert (status(said), error_code(said)) == (408, "REQUEST_TIMEOUT")


async def test_a_body_that_nobody_reads_does_not_keep_the_connection(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("influents.http.connections.LINGER_SECONDS", 0.3)
    head = b"POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n"
    said = await told(address, head, *[b" "] * 1_000, every=0.05)
    assert (status(said), error_code(said)) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET /?" + b"a" * MAXIMUM_URL + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\n" + b"".join(b"A%d: b\r\n" % n for n in range(MAXIMUM_HEADERS + 1)) + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * MAXIMUM_HEAD + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * 1_000_000, 431),
    ],
)
async def test_what_is_no_request_or_too_large_is_refused_in_json(address: str, sent: bytes, expected: int) -> None:
    said = await told(address, sent)
    if said:  # a client that still writes when the connection is closed may not hear why
        assert status(said) == expected
        error_code(said)
    else:
        assert len(sent) > MAXIMUM_HEAD


async def test_what_comes_after_a_body_in_chunks_is_held_to_the_same_bounds(address: str) -> None:
    head = POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n0\r\n"

    assert status(await told(address, head, *[b"a: b\r\n" * MAXIMUM_HEADERS] * 2, every=0.2)) == 431


async def test_a_request_that_arrives_in_pieces_in_time_is_answered(address: str) -> None:
    body = b'{"query": "{ __typename }"}'
    request = POST + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    said = await told(address, *[request[at : at + 40] for at in range(0, len(request), 40)], every=0.01)
    assert status(said) == 200
