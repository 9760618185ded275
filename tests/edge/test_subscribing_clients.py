"""Subscriptions by clients that others wrote: graphql-ws, graphql-sse, Apollo Client and urql."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from domain.permissions import signed_in
from resolvers import adjustments, participations
from resolvers.context import Services
from schema.ids import Kind, seal
from tests.clock import Clock
from tests.factories import Town
from tests.live import serving
from tests.nodejs import run_script
from tests.watching import watched

CLIENTS = ["graphql-ws", "graphql-sse", "apollo-multipart", "apollo-ws", "urql-sse", "urql-ws"]
COUNTED = "subscription Counted($id: ID!) { event(id: $id) { id registeredCount } }"
INFLUENCE = "subscription Mine { influence { id influence { points } } }"


@pytest.fixture
async def address(services: Services) -> AsyncIterator[str]:
    async with serving(services) as served:
        yield served
        await watched(services, 0)  # whoever stopped is let go of


def subscribing(
    client: str, address: str, query: str, *, wanted: int, token: str = "", **variables: object
) -> "asyncio.Task[Any]":
    operation = json.dumps({"query": query, "variables": variables, "wanted": wanted})
    return asyncio.create_task(run_script("subscriptions.mjs", client, f"{address}/graphql", operation, token))


@pytest.mark.parametrize("client", CLIENTS)
async def test_each_change_is_received_and_stopping_stops(client: str, address: str, town: Town) -> None:
    owner = await town.citizen()
    event = await town.event(owner, (await town.organization(owner)).id)
    people = [await town.citizen() for _ in range(2)]
    task = subscribing(client, address, COUNTED, wanted=2, id=seal(Kind.EVENT, event.id))
    await watched(town.services, 1)

    for number, person in enumerate(people, start=1):
        await participations.register(person, event.id)
        await asyncio.sleep(0.3)
        assert not task.done() or number == len(people)

    received = [each["event"]["registeredCount"] for each in (await task)["received"]]
    assert received == [1, 2]


@pytest.mark.parametrize("client", CLIENTS)
async def test_whoever_has_a_token_is_known(client: str, address: str, town: Town) -> None:
    nath, moderator = await town.citizen(), await town.moderator()
    viewer = signed_in(nath.viewer)
    services = town.services
    access = services.tokens.access(citizen=viewer.citizen_id, session=viewer.session_id, now=services.clock())
    task = subscribing(client, address, INFLUENCE, wanted=1, token=access.token)
    await watched(services, 1)

    await adjustments.adjust_influence(moderator, viewer.citizen_id, points=50, reason="Un oubli.")

    assert [each["influence"]["influence"]["points"] for each in (await task)["received"]] == [50]


@pytest.mark.parametrize("client", ["graphql-ws", "apollo-ws"])
async def test_whose_token_expires_comes_back_with_another_and_goes_on(
    client: str, address: str, town: Town, clock: Clock
) -> None:
    nath, moderator = await town.citizen(), await town.moderator()
    viewer, services = signed_in(nath.viewer), town.services
    sixteen = clock() + timedelta(minutes=16)
    tokens = ",".join(
        services.tokens.access(citizen=viewer.citizen_id, session=viewer.session_id, now=now).token
        for now in (clock(), sixteen)
    )
    task = subscribing(client, address, INFLUENCE, wanted=2, token=tokens)
    await watched(services, 1)
    await adjustments.adjust_influence(moderator, viewer.citizen_id, points=50, reason="Un oubli.")
    await asyncio.sleep(0.5)

    clock.now = sixteen
    services.hub.look_again()
    await watched(services, 0)
    await watched(services, 1)
    await adjustments.adjust_influence(moderator, viewer.citizen_id, points=25, reason="Un autre oubli.")

    assert [each["influence"]["influence"]["points"] for each in (await task)["received"]] == [50, 75]


@pytest.mark.parametrize("client", CLIENTS)
async def test_what_is_refused_is_an_error_of_graphql(client: str, address: str) -> None:
    refused = await subscribing(client, address, INFLUENCE, wanted=1)
    assert refused.get("refused") == ["UNAUTHENTICATED"] or refused["received"] == [["UNAUTHENTICATED"]]
