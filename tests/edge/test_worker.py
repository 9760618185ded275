"""The worker, as a process of its own and within `serve`: killed, stopped, and kept from the database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from db.tables import account, outbox_message
from db.writes.outbox import tell
from domain.ids import CitizenId
from domain.notifications import NotificationKind
from domain.permissions import signed_in
from influents.mail.addresses import SmtpServer
from influents.mail.carrying import SmtpCarrier
from influents.mail.composing import Letterhead
from influents.worker.relay import Relay
from resolvers.context import Services
from tests.clock import Clock
from tests.factories import Town
from tests.post_office import Mailbox, open_mailbox
from tests.processes import PATIENCE, Running, running, until, variables

SENDER = "noreply@influents.test"
HEAD = Letterhead(sender=SENDER, host="influents.test", web_url="https://web.test")


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    async with open_mailbox() as opened:
        yield opened


def at_work(url: str, folder: Path, mailbox: Mailbox) -> AbstractAsyncContextManager[Running]:
    """A worker that hands its mail to this box."""
    env = variables(url, folder, INFLUENTS_SMTP_URL=mailbox.url, INFLUENTS_MAIL_FROM=SENDER)
    return running("worker", env=env, folder=folder)


@pytest.fixture
async def nath(town: Town, services: Services, clock: Clock) -> CitizenId:
    """Somebody who can be written to, told one thing now: processes have no other clock."""
    clock.now = datetime.now(UTC)
    citizen_id = signed_in((await town.citizen("nath")).viewer).citizen_id
    async with services.database.unit_of_work() as unit:
        await unit.execute(sa.delete(outbox_message))
        await unit.execute(sa.update(account).values(email_verified_at=clock.now))
    await told(services, citizen_id)
    return citizen_id


async def told(services: Services, citizen_id: CitizenId) -> None:
    async with services.database.unit_of_work() as unit:
        await tell(unit, [citizen_id], NotificationKind.LEVEL_REACHED, now=services.clock(), level=2)


async def rows(services: Services) -> list[Any]:
    async with services.database.reading() as session:
        return list((await session.execute(sa.select(outbox_message).order_by(outbox_message.c.id))).all())


async def test_a_worker_that_is_killed_while_it_sends_leaves_its_row_to_the_next(
    nath: CitizenId, services: Services, mailbox: Mailbox, url: str, tmp_path: Path
) -> None:
    mailbox.slow = 60
    async with at_work(url, tmp_path, mailbox) as worker:
        await asyncio.wait_for(mailbox.begun.wait(), PATIENCE)
        worker.process.kill()
        await worker.process.wait()
    (left,) = await rows(services)
    mailbox.slow = 0
    relay = Relay(services=services, carrier=SmtpCarrier(SmtpServer.at(mailbox.url), "influents.test"), head=HEAD)
    await relay.deliver_due()
    assert mailbox.messages == []  # somebody may still be at it
    async with services.database.unit_of_work() as unit:  # the time of the lease goes by
        await unit.execute(sa.update(outbox_message).values(leased_until=services.clock()))
    await relay.deliver_due()

    assert (left.attempts, left.done_at) == (1, None)
    assert left.leased_until > services.clock()
    assert [message["Message-ID"] for message in mailbox.messages] == [f"<{left.id.hex}@influents.test>"]
    (row,) = await rows(services)
    assert row.done_at


async def test_a_worker_that_is_told_to_stop_ends_what_it_is_at(
    nath: CitizenId, services: Services, mailbox: Mailbox, url: str, tmp_path: Path
) -> None:
    mailbox.slow = 1
    async with at_work(url, tmp_path, mailbox) as worker:
        await asyncio.wait_for(mailbox.begun.wait(), PATIENCE)
        log = await worker.stopped()

    (row,) = await rows(services)
    assert row.done_at
    assert len(mailbox.messages) == 1
    assert "mail sent" in log
    assert "nath@example.org" not in log


async def test_two_workers_send_each_mail_once(
    nath: CitizenId, services: Services, mailbox: Mailbox, url: str, tmp_path: Path
) -> None:
    for _ in range(15):
        await told(services, nath)
    mailbox.slow = 0.02

    async def all_done() -> bool:
        return all(row.done_at for row in await rows(services))

    async with at_work(url, tmp_path, mailbox) as one, at_work(url, tmp_path, mailbox) as other:
        await asyncio.gather(one.says("at work"), other.says("at work"))
        await until(all_done)
        await asyncio.gather(one.stopped(), other.stopped())

    ids = [message["Message-ID"] for message in mailbox.messages]
    assert len(ids) == len(set(ids)) == 16


@pytest.mark.parametrize("arguments", [[], ["--no-worker"]])
async def test_serving_sends_mail_too_unless_it_is_told_not_to(
    nath: CitizenId, services: Services, url: str, tmp_path: Path, arguments: list[str]
) -> None:
    works = not arguments
    env = variables(url, tmp_path, INFLUENTS_MAIL_FROM=SENDER)

    async def kept() -> list[Path]:
        return list((tmp_path / "mail").glob("*.eml"))

    async with running("serve", "--no-demo", *arguments, env=env, folder=tmp_path) as serve:
        await serve.address()
        files = await until(kept) if works else []
        await asyncio.sleep(0 if works else 2)
        log = await serve.stopped()

    (row,) = await rows(services)
    assert (row.done_at is not None) == works
    if not works:
        assert row.attempts == 0
        assert not (tmp_path / "mail").exists()
        return
    message = message_from_bytes(files[0].read_bytes(), policy=SMTP)
    assert message["To"] == "nath@example.org"
    assert message["Message-ID"] == f"<{row.id.hex}@influents.test>"
    assert files[0].name in log
    assert "nath@example.org" not in log
