"""Hostile requests against the service as a process of its own: typed answers, and nobody else notices.

How much work refusing is, is counted elsewhere (`tests/schema/test_limits_work.py`); here the clock only compares a
client with itself, alone and beside them.
"""

import asyncio
import json
import statistics
import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.edge.test_fuzz import CODES, LEAKS
from tests.fuzzing import CURSORS, HEADER_VALUES, HEADERS, IDS
from tests.processes import Running, running, variables
from tests.schema.test_limits_work import NASTY

ORDINARY = {"query": "{ events(first: 5) { edges { node { slug title themes { code } } } } }"}
SEARCH = "query($s: String) { events(filter: {search: $s}) { totalCount } }"
JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def serve(url: str, tmp_path: Path) -> AsyncIterator[Running]:
    env = variables(url, tmp_path, INFLUENTS_RATE_LIMIT="off", INFLUENTS_LOG_LEVEL="warning")
    async with running("serve", "--no-demo", "--no-worker", env=env, folder=tmp_path) as started:
        yield started


def asking(query: str, **variables: object) -> bytes:
    return json.dumps({"query": query, "variables": variables}).encode()


def bodies() -> dict[str, bytes]:
    """What a POST may hold that nobody means."""
    kinds = {f"{kind}, {size} tokens": make(size) for kind, make in NASTY.items() for size in (1_900, 20_000)}
    made = {what: asking(query) for what, query in kinds.items()}
    made |= {
        "nothing": b"",
        "a scalar": b"1",
        "null": b"null",
        "a batch": b"[" + asking("{ __typename }") + b"]",
        "no UTF-8": b'{"query": "\xff\xfe"}',
        "4,500 digits": b'{"query": "{ __typename }", "variables": {"a": ' + b"9" * 4_500 + b"}}",
        "4,500 digits in a document": asking("{ events(first: " + "9" * 4_500 + ") { totalCount } }"),
        "3,000 deep": b"[" * 3_000 + b"]" * 3_000,
        "a document 3,000 deep": asking("{ a " * 3_000 + "}" * 3_000),
        "NaN": b'{"query": "{ __typename }", "variables": {"a": NaN}}',
        "a huge exponent": b'{"query": "{ __typename }", "variables": {"a": 1e999999}}',
        "a thousand keys alike": b"{" + b'"query": "{ __typename }",' * 1_000 + b'"query": "x"}',
        "256 KiB of blanks": b" " * 262_144,
        "300 KiB": b" " * 300_000,
        "a long list": asking("query($i: [ID!]!) { nodes(ids: $i) { id } }", i=["x"] * 60_000),
        "many variables": asking("{ __typename }", **dict.fromkeys(map(str, range(20_000)))),
        "deep variables": asking("query($a: _Any!) { _entities(representations: [$a]) { __typename } }", a=deep(60)),
        "a long text": asking("query($s: String!) { event(slug: $s) { id } }", s="a" * 200_000),
        "a text of combining marks": asking(SEARCH, s="e\u0301" * 50_000),
        "a pattern": asking(SEARCH, s="%_" * 50_000),
    }  # fmt: skip
    for place, values in (("id", IDS), ("cursor", CURSORS)):
        query = "query($x: ID!) { node(id: $x) { id } }" if place == "id" else (
            "query($x: String) { events(after: $x) { totalCount edges { cursor } } }"
        )  # fmt: skip
        made |= {f"{place} {value[:20]!a}": asking(query, x=value) for value in values}
    return made


def deep(levels: int) -> object:
    value: object = "x"
    for _ in range(levels):
        value = {"__typename": value}
    return value


POST = b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
HTTP = [
    b"\x00" * 500,
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 300,
    b"GET / HTTP/9.9\r\n\r\n",
    b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
    b"POST /graphql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
    POST + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n",
    b"GET /graphql?query=" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /graphql HTTP/1.1\r\n" + b"X: " + b"a" * 70_000 + b"\r\n\r\n",
    b"GET /graphql HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
]
"""What isn't HTTP, or hardly."""


def wrong(answer: httpx.Response) -> str | None:
    """What must not be answered; None where it is all right."""
    if answer.status_code >= 500:
        return f"{answer.status_code} {answer.text[:200]}"
    if answer.status_code in {204, 304} or "text/html" in answer.headers.get("content-type", ""):
        return None
    codes = [error["extensions"]["code"] for error in answer.json().get("errors", ())]
    leak = LEAKS.search(answer.text)
    return f"{codes} {leak}" if leak or not CODES.issuperset(codes) else None


async def raw(address: str, sent: bytes) -> bytes:
    """What the server says to bytes, if anything."""
    place = urlsplit(address)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    try:
        writer.write(sent)
        await writer.drain()
        async with asyncio.timeout(0.5):
            return await reader.read(2_000)
    except (TimeoutError, ConnectionError):
        return b""
    finally:
        writer.close()


async def taken(http: httpx.AsyncClient, times: int) -> list[float]:
    """How many seconds an ordinary query takes, again and again."""
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        answer = await http.post("/graphql", json=ORDINARY)
        seconds.append(time.perf_counter() - began)
        assert answer.status_code == 200
        await asyncio.sleep(0.005)
    return seconds


async def test_whatever_is_sent_is_refused_by_type_and_the_server_stays_up(serve: Running) -> None:
    address = await serve.address()
    found: dict[str, str] = {}
    async with httpx.AsyncClient(base_url=address, timeout=20) as http:
        for what, body in bodies().items():
            if (why := wrong(await http.post("/graphql", content=body, headers=JSON))) is not None:
                found[what] = why
        for name in HEADERS:
            for value in HEADER_VALUES[:-1]:  # a NUL never leaves the client
                headers = [(b"content-type", b"application/json"), (name.encode(), value)]
                answer = await http.post("/graphql", content=asking("{ __typename }"), headers=headers)
                if (why := wrong(answer)) is not None:
                    found[f"{name}: {value[:20]!r}"] = why
        for method in ("PUT", "PATCH", "DELETE", "TRACE", "BREW"):
            if (why := wrong(await http.request(method, "/graphql"))) is not None:
                found[method] = why
        for sent in HTTP:
            said = await raw(address, sent)
            if said.startswith(b"HTTP/1.1 5"):
                found[repr(sent[:40])] = said[:200].decode("latin-1")
        assert found == {}
        assert (await http.post("/graphql", json=ORDINARY)).status_code == 200
    assert serve.process.returncode is None
    log = await serve.stopped()
    assert "Traceback" not in log


async def test_an_ordinary_query_beside_them_takes_no_more_than_twice_as_long(serve: Running) -> None:
    sent = [body for what, body in bodies().items() if "20,000" not in what]
    async with httpx.AsyncClient(base_url=await serve.address(), timeout=20) as http:
        await taken(http, 20)
        before = await taken(http, 60)
        beside = asyncio.ensure_future(attack(http, sent))
        measured = []
        while not beside.done():
            measured += await taken(http, 5)
        await beside
        after = await taken(http, 60)
    alone = max(statistics.median(before), statistics.median(after))  # the machine has other things to do, now and then
    assert len(measured) > 50
    assert statistics.median(measured) <= 2 * alone


async def attack(http: httpx.AsyncClient, sent: list[bytes]) -> None:
    for body in sent:
        await http.post("/graphql", content=body, headers=JSON)
        await asyncio.sleep(0.02)
