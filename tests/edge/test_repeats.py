"""`Idempotency-Key`: the same mutation again is answered the same and done once, whichever process, whatever breaks."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from graphql import GraphQLObjectType

from db.tables import kept_answer, organization
from domain.api_tokens import TokenScope
from domain.permissions import signed_in
from domain.repeats import KEPT, TURN
from influents.app import application
from influents.http.answers import body_of
from influents.http.repeats import NOT_KEPT, once
from influents.operations.executing import Operations
from resolvers.context import Context, Services
from resolvers.forgetting import forget
from schema.build import build
from tests.clock import Clock
from tests.edge.over_http import bearer, code, post
from tests.factories import PASSWORD, Town

CREATE = """mutation($name: String!) { createOrganization(input: {name: $name, kind: ASSOCIATION}) {
  organization { slug } errors { code } } }"""
READ = "{ viewer { email } }"
KEY = {"Idempotency-Key": "a key of one's own"}


def creating(name: str = "Demotic") -> dict[str, Any]:
    return {"query": CREATE, "variables": {"name": name}}


@pytest.fixture
async def elsewhere(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    """Another process: an application of its own over the same database."""
    transport = httpx.ASGITransport(application(services))
    async with httpx.AsyncClient(transport=transport, base_url="http://influents.test") as client:
        yield client


@pytest.fixture
async def nath(town: Town) -> Context:
    return await town.citizen("nath")


async def created(services: Services) -> int:
    async with services.database.reading() as session:
        return await session.scalar(sa.select(sa.func.count()).select_from(organization)) or 0


async def rows(services: Services) -> list[Any]:
    async with services.database.reading() as session:
        return list((await session.execute(sa.select(kept_answer))).all())


async def test_the_same_again_is_answered_the_same_and_done_once(
    http: httpx.AsyncClient, elsewhere: httpx.AsyncClient, nath: Context, services: Services
) -> None:
    first = await post(http, creating(), **bearer(nath), **KEY)
    assert first.json()["data"]["createOrganization"]["organization"]["slug"] == "demotic"
    assert "idempotent-replayed" not in first.headers

    for client in (http, elsewhere):
        again = await post(client, creating(), **bearer(nath), **KEY)
        assert again.json() == first.json()
        assert again.headers["idempotent-replayed"] == "true"
        assert again.headers["cache-control"] == "no-store"
    assert await created(services) == 1


async def test_what_was_asked_for_is_kept_under_the_key_alone(
    http: httpx.AsyncClient, nath: Context, services: Services
) -> None:
    """Passwords are asked for: nobody who reads the table can try words against what stands there."""
    for key in ("one", "another"):
        await post(http, creating("x"), **bearer(nath), **{"Idempotency-Key": key})
    one, another = await rows(services)
    assert one.request != another.request


async def test_at_once_in_several_processes_it_is_done_once(
    http: httpx.AsyncClient, elsewhere: httpx.AsyncClient, nath: Context, services: Services
) -> None:
    clients = [http, elsewhere] * 4
    asked = await asyncio.gather(*(post(client, creating(), **bearer(nath), **KEY) for client in clients))
    assert {answer.text for answer in asked} == {asked[0].text}
    assert asked[0].json()["data"]["createOrganization"]["organization"]
    assert await created(services) == 1


async def test_the_key_is_one_requests(http: httpx.AsyncClient, nath: Context, services: Services) -> None:
    await post(http, creating(), **bearer(nath), **KEY)
    for other in (creating("Other"), {"query": CREATE + " ", "variables": {"name": "Demotic"}}):
        answer = await post(http, other, **bearer(nath), **KEY)
        assert (answer.status_code, code(answer)) == (409, "CONFLICT")
    assert await created(services) == 1


async def test_the_key_is_its_callers(http: httpx.AsyncClient, nath: Context, town: Town, services: Services) -> None:
    await post(http, creating(), **bearer(nath), **KEY)
    other = await post(http, creating("Other"), **bearer(await town.citizen("zoe")), **KEY)
    assert other.json()["data"]["createOrganization"]["organization"]["slug"] == "other"
    assert await created(services) == 2


async def test_a_partners_system_has_keys_of_its_own(
    http: httpx.AsyncClient, nath: Context, town: Town, services: Services
) -> None:
    organisation = await town.organization(nath)
    _, secret = await town.token(nath, organisation.id, TokenScope.EVENTS_WRITE)
    query = "mutation($of: ID!) { importEvents(input: {organization: $of, events: []}) { created } }"
    asked = {"query": query, "variables": {"of": f"organization_{organisation.id.hex}"}}
    headers = {"Authorization": f"Bearer {secret}"} | KEY

    first = await post(http, asked, **headers)
    again = await post(http, asked, **headers)
    assert again.json() == first.json()
    assert again.headers["idempotent-replayed"] == "true"
    assert [row.citizen_id for row in await rows(services)] == [None]


async def test_without_a_key_it_is_done_each_time(http: httpx.AsyncClient, nath: Context, services: Services) -> None:
    for _ in range(2):
        await post(http, creating(), **bearer(nath))
    assert await created(services) == 2
    assert await rows(services) == []


async def test_a_refusal_is_kept_too(http: httpx.AsyncClient, nath: Context) -> None:
    first = await post(http, creating(""), **bearer(nath), **KEY)
    again = await post(http, creating(""), **bearer(nath), **KEY)
    assert first.json()["data"]["createOrganization"]["errors"]
    assert again.json() == first.json()
    assert again.headers["idempotent-replayed"] == "true"


async def test_what_was_never_begun_leaves_the_key_free(
    http: httpx.AsyncClient, nath: Context, services: Services
) -> None:
    wrong = {"query": "mutation { nothing }"}
    assert code(await post(http, wrong, **bearer(nath), **KEY)) == "GRAPHQL_VALIDATION_FAILED"
    assert await rows(services) == []
    assert (await post(http, creating(), **bearer(nath), **KEY)).json()["data"]["createOrganization"]["organization"]


async def test_queries_and_strangers_have_no_keys(http: httpx.AsyncClient, nath: Context, services: Services) -> None:
    await post(http, {"query": READ}, **bearer(nath), **KEY)
    await post(http, creating(), **KEY)
    assert await rows(services) == []


@pytest.mark.parametrize("key", ["", "k" * 256])
async def test_a_key_has_1_to_255_characters(http: httpx.AsyncClient, nath: Context, key: str) -> None:
    answer = await post(http, creating(), **bearer(nath), **{"Idempotency-Key": key})
    assert (answer.status_code, code(answer)) == (400, "BAD_USER_INPUT")
    longest = await post(http, creating(), **bearer(nath), **{"Idempotency-Key": "k" * 255})
    assert longest.status_code == 200


async def test_an_answer_with_a_secret_is_given_once(
    http: httpx.AsyncClient, nath: Context, town: Town, services: Services
) -> None:
    of = f"organization_{(await town.organization(nath)).id.hex}"
    query = """mutation($of: ID!) { createApiToken(input: {organization: $of, name: "a", scopes: [EVENTS_WRITE]}) {
      secret errors { code } } }"""
    asked = {"query": query, "variables": {"of": of}}
    first = await post(http, asked, **bearer(nath), **KEY)
    again = await post(http, asked, **bearer(nath), **KEY)
    assert first.json()["data"]["createApiToken"]["secret"]
    assert (again.status_code, code(again)) == (409, "CONFLICT")
    assert [row.answer for row in await rows(services)] == [None]


async def test_who_leaves_takes_their_keys_along(http: httpx.AsyncClient, nath: Context, services: Services) -> None:
    await post(http, creating(), **bearer(nath), **KEY)
    leaving = {"query": f'mutation {{ deleteAccount(input: {{password: "{PASSWORD}"}}) {{ errors {{ code }} }} }}'}
    left = await post(http, leaving, **bearer(nath), **{"Idempotency-Key": "the last one"})
    assert left.json() == {"data": {"deleteAccount": {"errors": []}}}
    assert await rows(services) == []


async def test_a_process_that_dies_before_it_changes_something_leaves_the_key_to_others(
    http: httpx.AsyncClient, nath: Context, services: Services, clock: Clock
) -> None:
    await dies(nath, services, before=True)
    clock.advance(seconds=TURN.total_seconds())
    answer = await post(http, creating(), **bearer(nath), **KEY)
    assert answer.json()["data"]["createOrganization"]["organization"]["slug"] == "demotic"
    assert await created(services) == 1


async def test_a_process_that_dies_after_it_changed_something_is_not_followed_by_another(
    http: httpx.AsyncClient, nath: Context, services: Services, clock: Clock
) -> None:
    await dies(nath, services, before=False)
    clock.advance(seconds=TURN.total_seconds())
    answer = await post(http, creating(), **bearer(nath), **KEY)
    assert (answer.status_code, code(answer)) == (409, "CONFLICT")
    assert await created(services) == 1


async def test_who_was_too_slow_changes_nothing_any_more(
    http: httpx.AsyncClient, nath: Context, services: Services, clock: Clock
) -> None:
    begun, going_on = asyncio.Event(), asyncio.Event()

    async def slowly() -> None:
        begun.set()
        await going_on.wait()

    slow = asyncio.ensure_future(dies(nath, services, before=False, first=slowly))
    await begun.wait()
    clock.advance(seconds=TURN.total_seconds())
    assert (await post(http, creating(), **bearer(nath), **KEY)).status_code == 200
    going_on.set()
    assert (await slow)["errors"][0]["extensions"]["code"] == "SERVICE_UNAVAILABLE"  # and then what the other did
    assert await created(services) == 1


async def test_what_is_done_is_answered_where_its_answer_can_not_be_kept_any_more(
    http: httpx.AsyncClient, nath: Context, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database goes between the two: nobody is told to come back for what is done."""

    async def gone(*_: object, **__: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("influents.http.repeats.end", gone)
    answer = await post(http, creating(), **bearer(nath), **KEY)
    assert answer.status_code == 200
    assert answer.json()["data"]["createOrganization"]["organization"]["slug"] == "demotic"
    assert await created(services) == 1


class Dead(BaseException):
    """The end of a process."""


async def dies(
    who: Context, services: Services, *, before: bool, first: Callable[[], Awaitable[None]] | None = None
) -> Any:
    """Asks as a process does that dies before or after the change, and can't tidy up."""
    operations = Operations(build())
    operation = operations.read(creating())
    ctx = Context(services, viewer=who.viewer)
    answered: dict[str, Any] = {}

    async def do() -> dict[str, Any]:
        if before:
            raise Dead
        if first is not None:
            await first()
        answered.update(body_of(await operations.execute(operation, ctx), ctx.locale))
        raise Dead

    with pytest.raises(Dead):
        await once(ctx, KEY["Idempotency-Key"], operation, do)
    return answered


async def test_keys_are_forgotten_after_a_day(
    http: httpx.AsyncClient, nath: Context, services: Services, clock: Clock
) -> None:
    await post(http, creating(), **bearer(nath), **KEY)
    clock.advance(seconds=KEPT.total_seconds() - 1)
    await forget(services)
    assert len(await rows(services)) == 1
    clock.advance(seconds=1)
    await forget(services)
    assert await rows(services) == []


async def test_nothing_that_is_kept_can_be_read_without_the_key(
    http: httpx.AsyncClient, nath: Context, services: Services
) -> None:
    await post(http, creating("Les Mauves de la Loire"), **bearer(nath), **KEY)
    (row,) = await rows(services)
    assert row.citizen_id == signed_in(nath.viewer).citizen_id
    kept = b"".join(value for value in row if isinstance(value, bytes))
    assert b"Mauves" not in kept
    assert b"mauves" not in kept
    assert KEY["Idempotency-Key"].encode() not in kept


def test_every_field_that_holds_a_secret_is_known() -> None:
    harmless = {
        *("apiToken", "apiTokens", "changePassword", "createApiToken", "requestPasswordReset", "resetPassword"),
        *("rotateWebhookSecret", "previousSecretUntil"),
    }
    telling = ("token", "secret", "password", "export")
    fields = {
        name
        for type_ in build().core.type_map.values()
        if isinstance(type_, GraphQLObjectType)
        for name in type_.fields
        if any(word in name.lower() for word in telling)
    }
    assert fields - harmless <= NOT_KEPT | {"revokeApiToken"}
