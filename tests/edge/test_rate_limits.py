"""How much a caller may have done, and how often one may guess; by one process, by several, and without their store."""

import asyncio
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError
from starlette.requests import Request

from influents.app import application
from influents.counting import Counting, Memory
from influents.rate_limits import RateLimits
from influents.settings import Settings
from resolvers.context import Services
from tests.edge.over_http import code, post
from tests.factories import PASSWORD, Town
from tests.ports import free_port

SECRET = b"a secret of the tests, 32 bytes at least"
THEMES = {"query": "{ themes { code } }"}
SIGN_IN = """mutation($email: EmailAddress!, $password: String!) { signIn(input: {email: $email, password: $password}) {
  session { accessToken } errors { code } } }"""
RESET = "mutation($email: EmailAddress!) { requestPasswordReset(input: {email: $email}) { errors { code } } }"


def client(services: Services, *, address: str = "203.0.113.7", **settings: object) -> httpx.AsyncClient:
    app = application(services, settings=Settings.model_construct(None, **settings))
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app, client=(address, 4711)), base_url="http://influents.test"
    )


@pytest.fixture
def counted(services: Services) -> Services:
    """A process that counts."""
    return replace(services, counter=Counting(secret=SECRET))


@pytest.fixture
async def http(counted: Services) -> AsyncIterator[httpx.AsyncClient]:
    """A client whose address may have 100 done in a minute."""
    async with client(counted, rate_limit=100) as opened:
        yield opened


async def test_answers_say_what_was_spent_and_what_is_left(http: httpx.AsyncClient) -> None:
    answer = await post(http, THEMES)

    assert answer.headers["x-query-cost"] == "6"
    assert answer.headers["ratelimit-policy"] == '"minute";q=100;w=60'
    assert answer.headers["ratelimit"].startswith('"minute";r=84;t=')


async def test_whoever_asks_for_too_much_is_told_when_to_come_back(http: httpx.AsyncClient) -> None:
    answers = [await post(http, THEMES) for _ in range(7)]

    assert [each.status_code for each in answers] == [200] * 6 + [429]
    refused = answers[-1]
    assert code(refused) == "RATE_LIMITED"
    seconds = refused.json()["errors"][0]["extensions"]["retryAfter"]
    assert 0 < seconds <= 60
    assert refused.headers["retry-after"] == str(seconds)
    assert refused.headers["ratelimit"].startswith('"minute";r=0;t=')
    assert "data" not in refused.json()


async def test_an_operation_is_counted_by_what_it_costs_before_it_is_executed(http: httpx.AsyncClient) -> None:
    answer = await post(http, {"query": "{ events(first: 90) { edges { cursor } } }"})
    assert (answer.status_code, code(answer)) == (429, "RATE_LIMITED")


async def test_requests_that_come_to_nothing_count_too(http: httpx.AsyncClient) -> None:
    wrong = [await post(http, {"query": "{"}, Authorization="Bearer nonsense") for _ in range(11)]
    assert [each.status_code for each in wrong] == [401] * 10 + [429]


async def test_each_person_and_each_address_has_their_own(counted: Services, town: Town) -> None:
    await town.citizen("nath")
    async with (
        client(counted, rate_limit=1_000) as here,
        client(counted, address="203.0.113.8", rate_limit=1_000) as there,
    ):
        signed_in = await post(
            here, {"query": SIGN_IN, "variables": {"email": "nath@example.org", "password": PASSWORD}}
        )
        token = signed_in.json()["data"]["signIn"]["session"]["accessToken"]
        while (await post(here, THEMES)).status_code == 200:
            pass
        assert (await post(there, THEMES)).status_code == 200
        assert (await post(here, THEMES, Authorization=f"Bearer {token}")).status_code == 200


async def test_a_password_is_not_guessed_and_its_owner_is_not_locked_out(counted: Services, town: Town) -> None:
    await town.citizen("nath")
    guess = {"query": SIGN_IN, "variables": {"email": "Nath@example.org", "password": "not that one at all"}}
    right = {"query": SIGN_IN, "variables": {"email": "nath@example.org", "password": PASSWORD}}
    async with client(counted) as guesser, client(counted, address="203.0.113.8") as owner:
        guesses = await asyncio.gather(*(post(guesser, guess) for _ in range(12)))
        assert sorted(each.status_code for each in guesses) == [200] * 10 + [429] * 2
        late = await post(guesser, right)
        assert (late.status_code, code(late)) == (429, "RATE_LIMITED")
        assert "Trop d’essais" in late.json()["errors"][0]["message"]
        assert (await post(owner, right)).json()["data"]["signIn"]["session"]


async def test_guesses_in_one_operation_count_each(counted: Services, town: Town) -> None:
    await town.citizen("nath")
    one = 'signIn(input: {email: "nath@example.org", password: "not that one at all"}) { errors { code } }'
    aliased = "mutation { " + " ".join(f"a{n}: {one}" for n in range(9)) + " }"
    async with client(counted) as guesser:
        first, second = [await post(guesser, {"query": aliased}) for _ in range(2)]
    assert first.status_code == 200
    assert "errors" not in first.json()
    assert [each["extensions"]["code"] for each in second.json()["errors"]] == ["RATE_LIMITED"] * 8


async def test_a_right_password_makes_the_wrong_ones_before_it_forgotten(counted: Services, town: Town) -> None:
    await town.citizen("nath")
    async with client(counted) as owner:
        for _ in range(3):
            for password in ["not that one at all"] * 8 + [PASSWORD]:
                variables = {"email": "nath@example.org", "password": password}
                assert (await post(owner, {"query": SIGN_IN, "variables": variables})).status_code == 200


async def test_nobody_is_flooded_with_mail_and_nothing_tells_whether_they_are_here(
    counted: Services, town: Town
) -> None:
    await town.citizen("nath")
    for email in ("nath@example.org", "nobody@example.org"):
        async with client(counted) as asker:
            answers = [await post(asker, {"query": RESET, "variables": {"email": email}}) for _ in range(6)]
        assert [each.status_code for each in answers] == [200] * 5 + [429]


async def test_with_rate_limits_off_nothing_is_counted(services: Services) -> None:
    async with client(services, rate_limit="off") as load:
        answers = [await post(load, THEMES) for _ in range(20)]
    assert {each.status_code for each in answers} == {200}
    assert "ratelimit" not in answers[0].headers


def request(forwarded: str | None, client: str = "10.0.0.1") -> Request:
    headers = [] if forwarded is None else [(b"x-forwarded-for", forwarded.encode())]
    return Request({"type": "http", "headers": headers, "client": (client, 1)})


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        (None, 0, "10.0.0.1"),
        ("198.51.100.1", 0, "10.0.0.1"),
        ("198.51.100.1", 1, "198.51.100.1"),
        ("1.1.1.1, 198.51.100.1", 1, "198.51.100.1"),
        ("198.51.100.1, 10.0.0.2", 2, "198.51.100.1"),
        ("198.51.100.1", 2, "10.0.0.1"),
        ("nonsense", 1, "10.0.0.1"),
        ("198.51.100.1:5555", 1, "198.51.100.1"),
        ("[2001:db8:1:2:3:4:5:6]:443", 1, "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", 1, "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.1", 1, "198.51.100.1"),
    ],
)  # fmt: skip
def test_an_address_is_believed_as_far_as_proxies_are_trusted(
    forwarded: str | None, proxies: int, address: str
) -> None:
    assert RateLimits(None, proxies).address_of(request(forwarded)) == address


async def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("influents.counting.MOST_KEYS", 10)
    memory = Memory()
    for number in range(50):
        await memory.add(str(number), most=60, seconds=60)
    standings = [await memory.standing(str(number), most=60, seconds=60) for number in range(50)]
    assert [each.left for each in standings] == [60] * 40 + [59] * 10


async def test_what_is_over_is_forgotten_as_others_come(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000_000.0
    monkeypatch.setattr("influents.counting.time.time", lambda: now)
    memory = Memory()
    await memory.add("an hour's", most=10, seconds=3600)
    for number in range(6_000):  # a hundred come each second
        now += 0.01
        await memory.add(str(number), most=60, seconds=60)
        await memory.add("always here", most=60, seconds=60)
    assert len(memory) == 6_002

    for number in range(6_000, 20_000):
        now += 0.01
        await memory.add(str(number), most=60, seconds=60)
        await memory.add("always here", most=60, seconds=60)

    assert len(memory) <= 6_003
    assert (await memory.standing("an hour's", most=10, seconds=3600)).left == 9


async def test_counts_end_with_their_time() -> None:
    counting = Counting(secret=SECRET)
    assert await counting.add("a", 2, most=2, seconds=1) is None
    assert await counting.add("a", most=2, seconds=1) == 1
    await asyncio.sleep(1.1)
    assert await counting.add("a", most=2, seconds=1) is None


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the store did not start")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A Redis (or Valkey) server of the test's own."""
    program = shutil.which("valkey-server") or shutil.which("redis-server")
    if program is None:
        pytest.skip("neither redis-server nor valkey-server is installed")
    port = free_port()
    server = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield f"redis://127.0.0.1:{port}/0", server
    finally:
        server.kill()
        server.wait()


async def test_processes_share_what_they_count_and_go_on_alone_when_the_store_dies(
    store: tuple[str, "subprocess.Popen[bytes]"], capsys: pytest.CaptureFixture[str]
) -> None:
    url, server = store
    one, other = [Counting(secret=SECRET, store=url) for _ in range(2)]
    try:
        assert await one.add("somebody", 3, most=5, seconds=60) is None
        assert await other.add("somebody", 2, most=5, seconds=60) is None
        wait = await one.add("somebody", most=5, seconds=60)
        assert wait is not None
        assert 0 < wait <= 60
        assert (await other.standing("somebody", most=5, seconds=60)).left == 0
        await other.forget("somebody", most=5, seconds=60)
        assert await one.add("somebody", 5, most=5, seconds=60) is None

        server.kill()
        server.wait()
        began = time.monotonic()
        assert await one.add("somebody", 5, most=5, seconds=60) is None
        assert await one.add("somebody", most=5, seconds=60) is not None
        for _ in range(20):
            await one.standing("somebody", most=5, seconds=60)
        assert time.monotonic() - began < 5
        assert capsys.readouterr().out.count("counting alone") == 1
    finally:
        await one.close()
        await other.close()


@pytest.mark.parametrize(
    "wrong",
    [{"rate_limit": 100}, {"rate_limit": "sometimes"}, {"rate_limit_store": "http://host"}, {"trusted_proxies": -1}],
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate(wrong)
