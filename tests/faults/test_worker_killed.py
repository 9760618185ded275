"""A worker is killed in the middle of deliveries, mail and webhooks: each arrives, known again where it comes twice."""

import asyncio
from pathlib import Path

import psutil
import pytest

from resolvers.context import Services
from schema.ids import Kind, seal
from tests.factories import Town
from tests.faults.deliveries import all_sent, mail_ids, something_to_send, time_goes_by, worker_settings
from tests.faults.standing import back_seconds, serving
from tests.hooks import Partner, rows
from tests.post_office import Mailbox
from tests.processes import running, variables
from tests.receiver import Receiver

pytestmark = [pytest.mark.xdist_group("faults"), pytest.mark.timeout(400)]


async def test_what_it_was_sending_goes_out_when_its_lease_is_over_and_what_comes_then_at_once(  # noqa: PLR0917 - fixtures
    services: Services, town: Town, told: Partner, mailbox: Mailbox, receiver: Receiver, url: str, tmp_path: Path
) -> None:
    env = variables(url, tmp_path, **worker_settings(mailbox))
    await something_to_send(town, services, told)
    mailbox.slow = receiver.slow = 4
    async with running("worker", env=env, folder=tmp_path) as worker:
        await asyncio.wait_for(mailbox.begun.wait(), 60)
        await receiver.has_begun()
        worker.process.kill()
        await worker.process.wait()
    (interrupted,) = await rows(services)
    mailbox.slow = receiver.slow = 0
    async with running("worker", env=env, folder=tmp_path) as worker:
        await worker.says("at work")
        await something_to_send(town, services, told)
        async with asyncio.timeout(back_seconds()):
            await all_sent(services, but=(1, 1))
        await time_goes_by(services)
        await all_sent(services)
        await worker.stopped()

    sent = [got.id for got in receiver.got]
    assert len(set(sent)) == 2
    assert sent[-1] == seal(Kind.WEBHOOK_DELIVERY, interrupted.id)  # perhaps for the second time, under the same id
    assert sent.count(sent[-1]) <= 2
    assert len(set(mail_ids(mailbox))) == 2
    assert all(got.verified(told.secret) for got in receiver.got)


async def test_killed_within_one_of_two_processes_another_works_in_its_place(  # noqa: PLR0917 - fixtures
    services: Services, town: Town, told: Partner, mailbox: Mailbox, receiver: Receiver, url: str, tmp_path: Path
) -> None:
    async with serving(url, tmp_path, "--workers", "2", **worker_settings(mailbox)) as service:
        await something_to_send(town, services, told)
        await all_sent(services)
        assert service.running is not None
        first, *_ = sorted(psutil.Process(service.running.process.pid).children(), key=lambda each: each.create_time())
        first.kill()
        await service.running.says("process ended")
        await something_to_send(town, services, told)
        await all_sent(services)

    assert len(receiver.got) == len({got.id for got in receiver.got}) == 2
    assert len(mail_ids(mailbox)) == len(set(mail_ids(mailbox))) == 2
