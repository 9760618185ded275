"""The outbox's way out: each row once, whatever servers and crashes do, and to nobody who shouldn't be written to."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa

from db.tables import email_token, outbox_message
from db.writes.outbox import MAIL, post
from domain.accounts import EmailPurpose
from domain.deliveries import ATTEMPTS, LEASE, LONGEST_WAIT
from domain.mails import Mail, MailTemplate
from domain.permissions import signed_in
from influents.mail import carrying
from influents.worker.relay import Relay
from resolvers import deliveries
from resolvers.context import Services
from tests.clock import Clock
from tests.factories import Town
from tests.post_office import Mailbox, Mood, open_mailbox
from tests.readers import a_relay, drain, reader, rows


class Died(BaseException):
    """As when a process ends, wherever it is."""


@dataclass(frozen=True, slots=True)
class Log:
    """Everything that was logged, whichever way logs go in this run."""

    capsys: pytest.CaptureFixture[str]
    caplog: pytest.LogCaptureFixture

    def read(self) -> str:
        return "".join(self.capsys.readouterr()) + self.caplog.text


@pytest.fixture
def log(capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Log:
    return Log(capsys, caplog)


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    async with open_mailbox() as opened:
        yield opened


@pytest.fixture
def relay(services: Services, mailbox: Mailbox) -> Relay:
    return a_relay(services, mailbox)


async def test_two_relays_at_once_deliver_each_row_once(town: Town, services: Services, mailbox: Mailbox) -> None:
    nath = await reader(town)
    await nath.told(40)
    mailbox.slow = 0.01

    await asyncio.gather(*(drain(a_relay(services, mailbox)) for _ in range(4)))

    ids = [message["Message-ID"] for message in mailbox.messages]
    assert len(ids) == len(set(ids)) == 40
    assert all(row.done_at and row.attempts == 1 for row in await rows(services))


@pytest.mark.parametrize("mood", [Mood.BUSY, Mood.SILENT, Mood.RUDE, Mood.CURT])
async def test_a_server_that_fails_is_asked_again_later(  # noqa: PLR0917
    town: Town, services: Services, relay: Relay, mailbox: Mailbox, clock: Clock, mood: Mood, monkeypatch: Any
) -> None:
    monkeypatch.setattr(carrying, "SECONDS", 0.5)
    nath = await reader(town)
    await nath.told(2)
    mailbox.mood = mood

    await drain(relay)
    failed = await rows(services)
    mailbox.mood = Mood.GOOD
    await drain(relay)
    too_soon = await rows(services)
    clock.advance(minutes=1)
    await drain(relay)

    assert [(row.attempts, row.done_at, row.leased_until) for row in failed] == [(1, None, None)] * 2
    assert all(row.due_at > row.created_at and row.last_error for row in failed)
    assert "@" not in "".join(row.last_error for row in failed)
    assert too_soon == failed
    assert {message["Message-ID"] for message in mailbox.messages} == {
        f"<{row.id.hex}@influents.test>" for row in failed
    }
    assert all(row.done_at and not row.gave_up for row in await rows(services))


async def test_no_server_at_all_is_waited_for(town: Town, services: Services, clock: Clock) -> None:
    nath = await reader(town)
    await nath.told()
    async with open_mailbox() as gone:
        relay = a_relay(services, gone)
    await drain(relay)

    (row,) = await rows(services)
    assert (row.attempts, row.done_at, row.last_error) == (1, None, "SMTPConnectError")


async def test_a_farewell_that_fails_repeats_nothing(
    town: Town, services: Services, relay: Relay, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying, "GOODBYE_SECONDS", 0.1)
    nath = await reader(town)
    await nath.told()
    mailbox.mood = Mood.GRUDGING

    await drain(relay)

    (row,) = await rows(services)
    assert len(mailbox.messages) == 1
    assert row.done_at


async def test_waits_grow_and_end(  # noqa: PLR0917
    town: Town, services: Services, relay: Relay, mailbox: Mailbox, clock: Clock, log: Log
) -> None:
    nath = await reader(town)
    await nath.posted(Mail(MailTemplate.VERIFY_EMAIL, "a-secret"), purpose=EmailPurpose.VERIFY_EMAIL)
    async with nath.ctx.unit_of_work() as work:  # good for longer than we try
        await work.execute(sa.update(email_token).values(expires_at=clock.now + timedelta(days=30)))
    mailbox.mood = Mood.BUSY

    waits = []
    for _ in range(ATTEMPTS - 1):
        await drain(relay)
        (row,) = await rows(services)
        assert row.payload["token"] == "a-secret"
        waits.append(row.due_at - clock.now)
        clock.now = row.due_at
    await drain(relay)
    (row,) = await rows(services)
    clock.advance(days=1)
    await drain(relay)

    assert timedelta(seconds=22) < waits[0] < timedelta(seconds=38)
    assert all(later > earlier for earlier, later in pairwise(waits[:9]))
    assert max(waits) <= LONGEST_WAIT * 1.25
    assert (row.attempts, row.gave_up, row.payload, row.citizen_id) == (ATTEMPTS, True, {}, None)
    assert row.done_at
    assert mailbox.messages == []
    said = log.read()
    assert "delivery given up" in said
    assert "@example.org" not in said
    assert "a-secret" not in said


async def test_an_address_that_its_server_does_not_know_is_given_up_at_once(
    town: Town, services: Services, relay: Relay, mailbox: Mailbox
) -> None:
    nath = await reader(town)
    await nath.told()
    mailbox.mood = Mood.UNKNOWN

    await drain(relay)

    (row,) = await rows(services)
    assert (row.attempts, row.gave_up, row.last_error) == (1, True, "SMTPRecipientsRefused 550")


async def test_a_crash_between_sending_and_marking_repeats_the_same_message_id(  # noqa: PLR0917
    town: Town, services: Services, relay: Relay, mailbox: Mailbox, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    nath = await reader(town)
    await nath.told()

    async def crash(*_: object) -> None:
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr(deliveries, "delivered", crash)
        with pytest.raises(Died):
            await relay.deliver_due()
    await drain(relay)  # the lease still holds
    assert len(mailbox.messages) == 1
    clock.now += LEASE
    await drain(relay)

    first, again = mailbox.messages
    assert first["Message-ID"] == again["Message-ID"]
    assert first["Date"] == again["Date"]
    (row,) = await rows(services)
    assert row.done_at


async def test_what_nobody_could_ever_finish_is_given_up(
    town: Town, services: Services, relay: Relay, mailbox: Mailbox
) -> None:
    nath = await reader(town)
    await nath.told()
    async with nath.ctx.unit_of_work() as work:
        await work.execute(sa.update(outbox_message).values(attempts=ATTEMPTS))

    await drain(relay)

    (row,) = await rows(services)
    assert (row.gave_up, row.last_error) == (True, "never finished")
    assert mailbox.messages == []


async def test_one_bad_row_harms_no_other(
    town: Town, services: Services, relay: Relay, mailbox: Mailbox, log: Log
) -> None:
    nath = await reader(town)
    citizen_id, now = signed_in(nath.ctx.viewer).citizen_id, services.clock()
    async with nath.ctx.unit_of_work() as work:
        await post(work, MAIL, {"template": "NONSENSE of nath@example.org"}, citizen_id=citizen_id, now=now)
    await nath.told()

    await drain(relay)

    bad, good = await rows(services)
    assert (bad.done_at, bad.last_error) == (None, "ValueError")
    assert good.done_at
    said = log.read()
    assert "delivery put off" in said
    assert "nath@example.org" not in said


async def test_topics_of_others_are_left_to_them(town: Town, services: Services, relay: Relay) -> None:
    nath = await reader(town)
    async with nath.ctx.unit_of_work() as work:
        await post(work, "something else", {}, citizen_id=None, now=services.clock())

    await drain(relay)

    (row,) = await rows(services)
    assert (row.attempts, row.done_at) == (0, None)
