"""Who is mailed what: nobody who shouldn't be written to, and nothing of it stays."""

from collections.abc import AsyncIterator

import pytest
import sqlalchemy as sa

from db.tables import notification, outbox_message
from db.writes.outbox import MAIL, post
from domain.accounts import EmailPurpose
from domain.mails import Mail, MailTemplate
from influents.worker.relay import Relay
from resolvers.context import Services
from tests.clock import Clock
from tests.factories import Town
from tests.post_office import Mailbox, open_mailbox
from tests.readers import a_relay, drain, handle, reader, rows


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    async with open_mailbox() as opened:
        yield opened


@pytest.fixture
def relay(services: Services, mailbox: Mailbox) -> Relay:
    return a_relay(services, mailbox)


@pytest.mark.parametrize(
    "unlike",
    [
        {"email_notifications": False},
        {"email_verified_at": None},
        {"suspended_at": Clock().now, "suspension_reason": "Insultes"},
    ],
)
async def test_who_does_not_want_mail_or_cannot_get_it_is_left_alone(
    town: Town, services: Services, relay: Relay, mailbox: Mailbox, unlike: dict[str, object]
) -> None:
    nath = await reader(town)
    await nath.set(**unlike)
    await nath.told()

    await drain(relay)

    (row,) = await rows(services)
    assert row.done_at
    assert not row.gave_up
    assert mailbox.lines == []


async def test_who_is_gone_is_not_looked_for(town: Town, services: Services, relay: Relay, mailbox: Mailbox) -> None:
    nath = await reader(town)
    await nath.told()
    async with nath.ctx.unit_of_work() as work:
        await work.execute(sa.delete(notification))
        await work.execute(sa.update(outbox_message).values(citizen_id=None))
        await post(work, MAIL, Mail(MailTemplate.EMAIL_TAKEN).payload, citizen_id=None, now=services.clock())

    await drain(relay)

    assert all(row.done_at and not row.gave_up for row in await rows(services))
    assert mailbox.lines == []


async def test_an_unverified_address_gets_its_verification_and_nothing_else(
    town: Town, services: Services, relay: Relay, mailbox: Mailbox
) -> None:
    nath = await reader(town, verified=False)
    await nath.posted(Mail(MailTemplate.RESET_PASSWORD, "reset"), purpose=EmailPurpose.RESET_PASSWORD)
    await nath.posted(Mail(MailTemplate.EMAIL_TAKEN))
    await nath.posted(Mail(MailTemplate.VERIFY_EMAIL, "verify"), purpose=EmailPurpose.VERIFY_EMAIL)

    await drain(relay)

    assert [message["Subject"] for message in mailbox.messages] == ["Confirmez votre adresse"]
    assert all(row.done_at and row.payload == {} for row in await rows(services))


async def test_a_link_goes_to_the_address_it_proves_while_it_is_good(
    town: Town, services: Services, relay: Relay, mailbox: Mailbox, clock: Clock
) -> None:
    nath = await reader(town)
    await nath.posted(Mail(MailTemplate.CHANGE_EMAIL, "good"), purpose=EmailPurpose.CHANGE_EMAIL)
    await nath.posted(Mail(MailTemplate.CHANGE_EMAIL, "never-made"))
    await drain(relay)
    await nath.posted(Mail(MailTemplate.RESET_PASSWORD, "late"), purpose=EmailPurpose.RESET_PASSWORD)
    clock.advance(days=2)
    await drain(relay)

    assert mailbox.recipients == ["new@example.org"]
    assert all(row.done_at and not row.gave_up for row in await rows(services))


async def test_what_people_are_told_is_mailed_and_nothing_of_it_stays(
    town: Town, services: Services, relay: Relay, mailbox: Mailbox
) -> None:
    nath = await reader(town)
    await nath.told()

    await drain(relay)
    await drain(relay)

    (message,), (row,) = mailbox.messages, await rows(services)
    assert mailbox.recipients == [message["To"]] == [f"{(await handle(nath))}@example.org"]
    assert message["Subject"] == "Vous voilà au niveau 2"
    assert message["Message-ID"] == f"<{row.id.hex}@influents.test>"
    assert message["Date"].datetime == services.clock()
    assert (row.done_at, row.gave_up, row.payload, row.citizen_id) == (services.clock(), False, {}, None)
