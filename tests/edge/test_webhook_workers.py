"""Workers as processes of their own, and a partner's receiver on a socket: killed, several at once, told to stop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.webhooks import AT_ONCE
from resolvers import event_changes, webhooks
from resolvers.context import Services
from resolvers.webhook_addresses import WebhookAddresses
from schema.ids import Kind, seal
from tests.clock import Clock
from tests.factories import Town
from tests.hooks import hook, leases_end, partner, rows
from tests.processes import Running, running, until, variables
from tests.receiver import Receiver, authority, receiving


@pytest.fixture
def services(services: Services, clock: Clock) -> Services:
    """Processes have no other clock than the time that it is."""
    clock.now = datetime.now(UTC)
    return replace(services, webhooks=WebhookAddresses(to_private=True))


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as opened:
        yield opened


def at_work(url: str, folder: Path, **more: str) -> AbstractAsyncContextManager[Running]:
    env = variables(url, folder, INFLUENTS_WEBHOOKS_TO_PRIVATE="true", **more)
    return running("worker", env=env, folder=folder)


async def all_done(services: Services) -> None:
    async def done() -> bool:
        return all(row.done_at for row in await rows(services))

    await until(done, seconds=90)


async def test_a_worker_that_is_killed_while_it_sends_leaves_the_same_id_to_the_next(
    services: Services, town: Town, receiver: Receiver, url: str, tmp_path: Path
) -> None:
    told = await partner(town, receiver.url)
    await town.event(told.owner, told.organization)
    receiver.slow = 4
    async with at_work(url, tmp_path) as worker:
        await receiver.has_begun()
        worker.process.kill()
        await worker.process.wait()
    (left,) = await rows(services)
    assert (left.attempts, left.done_at) == (1, None)
    assert left.leased_until > datetime.now(UTC)
    receiver.slow = 0
    await leases_end(services)
    async with at_work(url, tmp_path) as worker:
        await all_done(services)
        await worker.stopped()

    assert {got.id for got in receiver.got} == {seal(Kind.WEBHOOK_DELIVERY, left.id)}
    assert receiver.got[-1].verified(told.secret)["type"] == "event.published"


async def test_two_workers_tell_each_thing_once_in_order_and_within_bounds(  # noqa: PLR0917 - fixtures
    services: Services, town: Town, clock: Clock, receiver: Receiver, url: str, tmp_path: Path
) -> None:
    told = await partner(town, receiver.url)
    made = [await town.event(told.owner, told.organization) for _ in range(12)]
    for number in range(2):
        clock.advance(seconds=1)
        for event in made:
            await event_changes.update_event(told.owner, event.id, {"title": f"Un autre titre, {number}"})
    receiver.slow = 0.05
    async with at_work(url, tmp_path) as one, at_work(url, tmp_path) as other:
        await all_done(services)
        await asyncio.gather(one.stopped(), other.stopped())

    assert len(receiver.got) == len({got.id for got in receiver.got}) == 36
    assert receiver.most <= AT_ONCE
    for event in made:
        about = [got.type for got in receiver.got if got.said["data"]["event"]["id"] == seal(Kind.EVENT, event.id)]
        assert about == ["event.published", "event.updated", "event.updated"]


async def test_a_worker_that_is_told_to_stop_ends_what_it_sends_and_says_nothing_of_the_address(
    services: Services, town: Town, receiver: Receiver, url: str, tmp_path: Path
) -> None:
    told = await partner(town, f"{receiver.url}/secret-path")
    await town.event(told.owner, told.organization)
    receiver.slow, receiver.answer = 1, lambda _: 500
    async with at_work(url, tmp_path) as worker:
        await receiver.has_begun()
        log = await worker.stopped()

    (row,) = await rows(services)
    assert (row.attempts, row.leased_until, row.due_at is not None) == (1, None, True)
    assert (await hook(services)).failures == 1
    assert "webhook put off" in log
    assert "secret-path" not in log


async def test_by_tls_a_worker_believes_the_authorities_of_its_machine(
    services: Services, town: Town, url: str, tmp_path: Path
) -> None:
    trusted = authority(tmp_path, "localhost")
    async with receiving(trusted.server) as receiver:
        told = await partner(town, receiver.url.replace("127.0.0.1", "localhost"))
        await webhooks.ping(told.owner, told.webhook.id)
        async with at_work(url, tmp_path, SSL_CERT_FILE=str(trusted.file)) as worker:
            await receiver.has(1)
            await all_done(services)
            await worker.stopped()

    (got,) = receiver.got
    assert got.verified(told.secret)["type"] == "ping"
    assert got.headers["host"] == f"localhost:{receiver.port}"


async def test_without_the_setting_a_worker_sends_nothing_inside(
    services: Services, town: Town, receiver: Receiver, url: str, tmp_path: Path
) -> None:
    told = await partner(town, receiver.url)
    await webhooks.ping(told.owner, told.webhook.id)
    async with running("worker", env=variables(url, tmp_path), folder=tmp_path) as worker:
        await worker.says("NOT_ALLOWED")
        await worker.stopped()

    assert receiver.connections == 0
