"""The gateway in front: known by its secret, believed where its clients are, alone where that is set."""

from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr, ValidationError
from starlette.types import Message, Receive, Scope, Send

from influents.app import application
from influents.gateways import Gateways
from influents.settings import Settings
from resolvers.context import Services
from tests.processes import PATIENCE, running, variables

SECRET = "the gateway's secret, 32 bytes or more"
RIGHT = {"Influents-Gateway": SECRET}
QUERY = {"query": "{ themes { code } }"}


async def seen(sent: list[tuple[str, str]], secret: str | None = SECRET) -> tuple[str, dict[str, str]]:
    """Where a request with these headers comes from, as the service sees it, and the headers that it sees."""
    found: list[Scope] = []

    async def app(scope: Scope, _: Receive, __: Send) -> None:
        found.append(scope)

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(_: Message) -> None:
        raise AssertionError

    headers = [(name.lower().encode(), value.encode()) for name, value in sent]
    scope = {"type": "http", "path": "/graphql", "headers": headers, "client": ("10.0.0.9", 1)}
    await Gateways(app, SecretStr(secret) if secret else None)(scope, receive, send)
    return found[0]["client"][0], {name.decode(): value.decode() for name, value in found[0]["headers"]}


async def test_the_gateway_says_where_its_clients_ask_from() -> None:
    gateway = ("Influents-Gateway", SECRET)

    assert await seen([gateway, ("X-Forwarded-For", "203.0.113.7")]) == ("203.0.113.7", {})
    assert await seen([gateway, ("X-Forwarded-For", "1.1.1.1, 203.0.113.7")]) == (
        "203.0.113.7",
        {"x-forwarded-for": "1.1.1.1"},
    )
    assert await seen([gateway, ("X-Forwarded-For", "1.1.1.1"), ("X-Forwarded-For", "203.0.113.7")]) == (
        "203.0.113.7",
        {"x-forwarded-for": "1.1.1.1"},
    )
    assert await seen([gateway, ("Authorization", "Bearer x")]) == ("10.0.0.9", {"authorization": "Bearer x"})


@pytest.mark.parametrize(
    "shown", [[], [""], ["wrong"], [SECRET + " "], [SECRET[:-1]], [SECRET, SECRET], [SECRET, "wrong"], ["é"]]
)
async def test_nobody_else_is_believed(shown: list[str]) -> None:
    told = [("X-Forwarded-For", "203.0.113.7"), ("X-Real-IP", "203.0.113.7"), ("Forwarded", "for=203.0.113.7")]
    proofs = [("Influents-Gateway", each) for each in shown]

    assert await seen([*proofs, *told, ("X-Forwarded-Proto", "https"), ("Accept", "*/*")]) == (
        "10.0.0.9",
        {"accept": "*/*"},
    )


async def test_without_a_secret_nothing_is_touched() -> None:
    told = [("X-Forwarded-For", "203.0.113.7")]
    assert await seen(told, secret=None) == ("10.0.0.9", {"x-forwarded-for": "203.0.113.7"})


@pytest.mark.parametrize("alone", [False, True])
async def test_others_are_refused_where_it_is_for_the_gateway_alone(services: Services, alone: bool) -> None:
    settings = Settings.model_construct(gateway_secret=SecretStr(SECRET), gateway_only=alone)
    transport = httpx.ASGITransport(application(services, settings=settings))
    async with httpx.AsyncClient(transport=transport, base_url="http://influents.test") as http:
        directly = await http.post("/graphql", json=QUERY)
        entities = await http.post(
            "/graphql", json={"query": "{ _service { sdl } }"}, headers={"Influents-Gateway": "x"}
        )
        page = await http.get("/graphql", headers={"Accept": "text/html"})
        through = await http.post("/graphql", json=QUERY, headers=RIGHT)

        assert [each.status_code for each in (directly, entities, page)] == [403 if alone else 200] * 3
        if alone:
            assert directly.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
        assert through.status_code == 200
        for path in ("/healthz", "/readyz", "/.well-known/jwks.json"):
            assert (await http.get(path)).status_code == 200


@pytest.mark.parametrize("path", ["/graphql", "/graphql/stream", "/graphql/"])
async def test_a_socket_is_refused_before_it_is_opened(path: str) -> None:
    sent: list[Message] = []

    async def app(*_: object) -> None:
        raise AssertionError

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "websocket", "path": path, "headers": [], "client": ("10.0.0.9", 1)}
    await Gateways(app, SecretStr(SECRET), alone=True)(scope, receive, send)
    assert [(each["type"], each["code"]) for each in sent] == [("websocket.close", 4403)]


def test_settings_that_would_leave_it_open_or_closed_to_all_are_refused() -> None:
    for wrong in ({"gateway_secret": "short"}, {"gateway_only": True}, {"other_secret_keys": f"{'x' * 40} short"}):
        with pytest.raises(ValidationError):
            Settings(_env_file=None, **wrong)  # type: ignore[call-arg]  # pydantic-settings' own
    taken = Settings.model_construct(other_secret_keys=SecretStr(f" {'x' * 40}  {'y' * 40} "))
    assert taken.other_secrets == [b"x" * 40, b"y" * 40]


@pytest.mark.timeout(120)  # a process is started, however busy the machine
async def test_a_process_believes_nobody_on_its_own_machine_but_the_gateway(url: str, tmp_path: Path) -> None:
    """One request a minute: who could choose where they ask from would have as many as they like."""
    limits = {"INFLUENTS_MAXIMUM_COST": "1", "INFLUENTS_RATE_LIMIT": "12", "INFLUENTS_GATEWAY_SECRET": SECRET}
    env = variables(url, tmp_path, **limits)
    asked = {"query": "{ __typename }"}
    async with (
        running("serve", "--no-demo", "--no-worker", env=env, folder=tmp_path) as serve,
        httpx.AsyncClient(base_url=await serve.address(), timeout=PATIENCE) as http,
    ):

        async def answered(address: str, **proof: str) -> int:
            headers = {"X-Forwarded-For": address, **proof}
            answer = await http.post("/graphql", json=asked, headers=headers)
            return 429 if "RATE_LIMITED" in answer.text else answer.status_code

        assert [await answered(f"203.0.113.{last}") for last in (1, 2, 3)] == [200, 429, 429]
        assert [await answered(f"203.0.113.{last}", **RIGHT) for last in (1, 2, 2)] == [200, 200, 429]
