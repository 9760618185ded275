"""graphql-transport-ws over a real socket: what the protocol says, and what it says of those who don't follow it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from websockets.exceptions import InvalidStatus

from domain.events import Event
from domain.permissions import signed_in
from influents.settings import Settings
from influents.subscriptions import sockets
from influents.telemetry.metrics import REGISTRY
from resolvers import credentials, participations
from resolvers.context import Context, Services
from schema.ids import Kind, seal
from tests.clock import Clock
from tests.factories import Town
from tests.live import serving
from tests.sockets import Socket, socket_to

COUNTED = "subscription($id: ID!) { event(id: $id) { registeredCount } }"
PUBLISHED = "subscription { publishedEvents { title } }"
THEMES = "{ themes { code } }"
INIT = {"type": "connection_init"}


@pytest.fixture
async def address(services: Services) -> AsyncIterator[str]:
    async with serving(services) as served:
        yield served
    assert len(services.hub) == 0


@pytest.fixture
async def socket(address: str) -> AsyncIterator[Socket]:
    async with socket_to(address) as opened:
        yield opened


def token(ctx: Context) -> str:
    viewer = signed_in(ctx.viewer)
    services = ctx.services
    return services.tokens.access(citizen=viewer.citizen_id, session=viewer.session_id, now=services.clock()).token


async def an_event(town: Town) -> Event:
    owner = await town.citizen()
    return await town.event(owner, (await town.organization(owner)).id)


async def watched(services: Services, number: int = 1) -> None:
    """Wait until so many watch."""
    async with asyncio.timeout(10):
        while len(services.hub) != number:  # noqa: ASYNC110 - nothing says so
            await asyncio.sleep(0.01)


async def test_a_change_is_told_until_one_says_that_it_is_enough(socket: Socket, town: Town) -> None:
    event = await an_event(town)
    await socket.begin()
    await socket.subscribe(COUNTED, as_="a", id=seal(Kind.EVENT, event.id))
    await watched(town.services)

    await participations.register(await town.citizen(), event.id)
    assert await socket.hear() == {"id": "a", "type": "next", "payload": {"data": {"event": {"registeredCount": 1}}}}

    await socket.say({"id": "a", "type": "complete"})
    await watched(town.services, 0)
    await participations.register(await town.citizen(), event.id)
    assert (await socket.ask(THEMES))["data"]["themes"]


async def test_queries_and_mutations_are_answered_in_the_name_of_who_began(socket: Socket, town: Town) -> None:
    nath = await town.citizen("nath")
    event = await an_event(town)
    await socket.begin(token(nath))

    assert await socket.ask("{ viewer { citizen { handle } } }") == {
        "data": {"viewer": {"citizen": {"handle": "nath"}}}
    }
    mutation = "mutation($id: ID!) { register(input: {event: $id}) { participation { status } } }"
    answer = await socket.ask(mutation, id=seal(Kind.EVENT, event.id))
    assert answer == {"data": {"register": {"participation": {"status": "REGISTERED"}}}}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription {", "GRAPHQL_PARSE_FAILED"),
        ("", "BAD_REQUEST"),
        ("subscription { influence { handle } }", "UNAUTHENTICATED"),
        ('subscription { event(id: "nonsense") { title } }', "BAD_USER_INPUT"),
        ("subscription { a: publishedEvents { title } b: publishedEvents { title } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("query A { themes { code } } query B { themes { code } }", "GRAPHQL_VALIDATION_FAILED"),
    ],
)
async def test_what_is_refused_is_an_error_and_the_socket_goes_on(socket: Socket, query: str, code: str) -> None:
    await socket.begin()
    await socket.subscribe(query)

    refused = await socket.hear()
    assert (refused["id"], refused["type"]) == ("1", "error")
    assert refused["payload"][0]["extensions"]["code"] == code
    await socket.subscribe(THEMES)
    assert (await socket.hear())["type"] == "next"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (["nonsense"], 4400),
        ([b"bytes"], 4400),
        (["[]"], 4400),
        (["null"], 4400),
        (['{"type": 1}'], 4400),
        (['{"type": "start"}'], 4400),
        (["[" * 3_000], 4400),
        (['{"type": "connection_init", "payload": []}'], 4400),
        (['{"type": "connection_init", "payload": {"n": ' + "1" * 4_500 + "}}"], 4400),
        (['{"type": "connection_init", "payload": {"Authorization": "Bearer nonsense"}}'], 4403),
        ([{"id": "1", "type": "subscribe", "payload": {"query": THEMES}}], 4401),
        ([INIT, INIT], 4429),
        ([INIT, {"id": "", "type": "subscribe", "payload": {"query": THEMES}}], 4400),
        ([INIT, {"id": "x" * 1_000, "type": "complete"}], 4400),
        ([INIT, {"id": 1, "type": "subscribe", "payload": {"query": THEMES}}], 4400),
        ([INIT, {"id": "1", "type": "subscribe"}], 4400),
        ([INIT, {"id": "1", "type": "next", "payload": {}}], 4400),
        ([INIT, *[{"id": "1", "type": "subscribe", "payload": {"query": PUBLISHED}}] * 2], 4409),
        ([INIT, json.dumps({"type": "ping", "payload": {"a": "b" * 300_000}})], 1009),
    ],
)
async def test_whoever_breaks_the_protocol_is_shown_out_with_its_code(
    socket: Socket, said: list[object], code: int
) -> None:
    await socket.say(*said)

    heard = await socket.hear()
    while not isinstance(heard, int):
        heard = await socket.hear()
    assert heard == code


async def test_pings_are_answered_before_and_after_the_beginning(socket: Socket) -> None:
    await socket.say({"type": "ping"}, {"type": "ping", "payload": {"at": 1}}, {"type": "pong"})
    assert [await socket.hear(), await socket.hear()] == [{"type": "pong"}, {"type": "pong", "payload": {"at": 1}}]
    await socket.begin()
    await socket.say({"type": "ping"}, {"id": "unknown", "type": "complete"})
    assert await socket.hear() == {"type": "pong"}


async def test_whoever_does_not_begin_is_not_waited_for(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sockets.INIT_SECONDS == 5
    monkeypatch.setattr(sockets, "INIT_SECONDS", 0.1)
    async with socket_to(address) as silent:
        assert await silent.hear() == 4408


@pytest.mark.parametrize("protocol", [None, "graphql-ws"])
async def test_no_other_protocol_is_spoken(address: str, protocol: str | None) -> None:
    async with socket_to(address, protocol=protocol) as socket:
        assert await socket.hear() == 4406


async def test_pages_of_other_origins_are_turned_away(services: Services) -> None:
    settings = Settings.model_construct(cors_origins="https://www.example.org")
    async with serving(services, settings=settings) as address:
        for origin in ("https://www.example.org", address, None):
            async with socket_to(address, origin=origin) as socket:
                await socket.begin()
        with pytest.raises(InvalidStatus) as refused:
            async with socket_to(address, origin="https://elsewhere.example"):
                pass
    assert refused.value.response.status_code == 403


async def test_a_socket_has_so_many_operations_at_once_and_no_more(socket: Socket, town: Town) -> None:
    await socket.begin()
    for number in range(sockets.MOST_OPERATIONS + 1):
        await socket.subscribe(PUBLISHED, as_=str(number))
    refused = await socket.hear()
    assert (refused["id"], refused["payload"][0]["extensions"]["code"]) == (
        str(sockets.MOST_OPERATIONS),
        "RATE_LIMITED",
    )
    await socket.say({"id": "0", "type": "complete"})
    await socket.subscribe(THEMES, as_="0")
    assert (await socket.hear())["type"] == "next"


async def test_a_caller_and_a_process_have_so_many_seats_and_no_more(services: Services) -> None:
    settings = Settings.model_construct(subscriptions_each=2, subscriptions=3)
    async with serving(services, settings=settings) as address, socket_to(address) as one, socket_to(address) as two:
        await one.begin()
        await one.subscribe(PUBLISHED, as_="a")
        await watched(services)
        await one.subscribe(PUBLISHED, as_="b")
        assert (await one.hear())["payload"][0]["extensions"]["code"] == "RATE_LIMITED"
        await two.say(INIT)
        assert await two.hear() == 1013


@pytest.mark.parametrize("how", ["signed out", "expired"])
async def test_whoever_is_known_no_longer_has_to_come_back_with_another_token(
    socket: Socket, town: Town, clock: Clock, how: str
) -> None:
    nath = await town.citizen()
    await socket.begin(token(nath))
    await socket.subscribe("subscription { influence { handle } }")
    await watched(town.services)

    if how == "expired":
        clock.advance(minutes=16)
        town.services.hub.look_again()
    else:
        await credentials.revoke_session(nath, signed_in(nath.viewer).session_id)

    assert await socket.hear() == 4403


async def test_who_watches_and_what_they_are_sent_is_counted_by_names_of_ours(
    socket: Socket, town: Town, services: Services
) -> None:
    def now(field: str) -> float | None:
        return REGISTRY.get_sample_value("influents_subscriptions_now", {"field": field})

    def sent() -> float:
        labels = {"field": "event", "outcome": "ok"}
        return REGISTRY.get_sample_value("influents_subscription_events_total", labels) or 0

    event, before = await an_event(town), sent()
    await socket.begin()
    await socket.subscribe(COUNTED, id=seal(Kind.EVENT, event.id))
    await watched(services)
    await socket.subscribe("subscription { aNameOfTheirs { id } }", as_="2")
    assert (await socket.hear())["type"] == "error"
    await participations.register(await town.citizen(), event.id)
    await socket.hear()

    assert (now("event"), sent() - before) == (1, 1)
    assert now("aNameOfTheirs") is None
    await socket.say({"id": "1", "type": "complete"})
    await watched(services, 0)
    assert now("event") == 0


async def test_nothing_is_kept_of_who_hangs_up_or_vanishes(address: str, services: Services) -> None:
    await asyncio.sleep(0.1)
    tasks = len(asyncio.all_tasks())
    async with AsyncExitStack() as stack:
        opened = [await stack.enter_async_context(socket_to(address)) for _ in range(10)]
        for socket in opened:
            await socket.begin()
            for number in range(3):
                await socket.subscribe(PUBLISHED, as_=str(number))
        await watched(services, 30)
        for socket in opened[:5]:
            socket.vanish()
        await watched(services, 15)
    await watched(services, 0)
    async with asyncio.timeout(10):
        while len(asyncio.all_tasks()) > tasks:  # noqa: ASYNC110 - nothing says so
            await asyncio.sleep(0.05)
