"""A webhook's receiver and an SMTP server that take what they are sent, and never answer."""

import asyncio
from pathlib import Path

import pytest

from domain.webhooks import WebhookFailure
from resolvers.context import Services
from tests.factories import Town
from tests.faults.deliveries import all_sent, mail_ids, something_to_send, time_goes_by, waiting, worker_settings
from tests.faults.standing import back_seconds, serving
from tests.hooks import Partner, attempts, partner
from tests.post_office import Mailbox, Mood
from tests.processes import until
from tests.receiver import Receiver, receiving

pytestmark = [pytest.mark.xdist_group("faults"), pytest.mark.timeout(400)]


async def test_nobody_else_waits_for_them_and_what_they_did_not_take_arrives_later(  # noqa: PLR0917 - fixtures
    services: Services, town: Town, told: Partner, mailbox: Mailbox, receiver: Receiver, url: str, tmp_path: Path
) -> None:
    async with receiving() as quick, serving(url, tmp_path, **worker_settings(mailbox)) as service:
        other = await partner(town, quick.url)
        await time_goes_by(services)
        await all_sent(services)  # what a new account is sent
        mailbox.messages.clear()
        receiver.slow, mailbox.mood = 600, Mood.SILENT
        await something_to_send(town, services, told, other)
        async with asyncio.timeout(back_seconds()):
            await quick.has(1)
        assert await service.ready() == 200

        async def both_put_off() -> bool:
            tried = [each.failure for each in await attempts(services)]
            return WebhookFailure.TIMEOUT in tried and "delivery put off" in service.log()

        await until(both_put_off)
        assert await waiting(services) == (1, 1)
        receiver.slow, mailbox.mood = 0, Mood.GOOD
        await time_goes_by(services)
        async with asyncio.timeout(back_seconds()):
            await all_sent(services)
        assert service.running is not None
        await service.running.stopped()

    assert len(quick.got) == 1
    assert len({got.id for got in receiver.got}) == 1
    assert len(mail_ids(mailbox)) == len(set(mail_ids(mailbox))) == 1
    assert "the worker stumbled" not in service.log()
