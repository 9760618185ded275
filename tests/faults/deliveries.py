"""What leaves by a worker while things break: something to send, and what became of it."""

import sqlalchemy as sa

from db.tables import outbox_message, webhook_delivery
from db.writes.outbox import tell
from domain.notifications import NotificationKind
from resolvers.context import Services
from tests.factories import Town
from tests.hooks import Partner, rows
from tests.ledgers import me
from tests.post_office import Mailbox
from tests.processes import until


def worker_settings(mailbox: Mailbox) -> dict[str, str]:
    """How a process hands mail to this box, and tells webhooks on this machine."""
    return {
        "INFLUENTS_SMTP_URL": mailbox.url,
        "INFLUENTS_MAIL_FROM": "noreply@influents.test",
        "INFLUENTS_WEBHOOKS_TO_PRIVATE": "true",
    }


async def something_to_send(town: Town, services: Services, *told: Partner) -> None:
    """A message to each one's webhook, and a mail to each who has verified their address."""
    for each in told:
        await town.event(each.owner, each.organization)
    async with services.database.unit_of_work() as unit:
        people = [me(each.owner) for each in told]
        await tell(unit, people, NotificationKind.LEVEL_REACHED, now=services.clock(), level=2)


async def time_goes_by(services: Services) -> None:
    """Every lease is over, and what was put off is due."""
    now = services.clock()
    async with services.database.unit_of_work() as unit:
        for table in (outbox_message, webhook_delivery):
            waits = table.c.done_at.is_(None)
            await unit.execute(sa.update(table).where(waits).values(leased_until=None, due_at=now))


async def waiting(services: Services) -> tuple[int, int]:
    """How many mails, and how many messages to webhooks, have not left yet."""
    async with services.database.reading() as session:
        mails = list(await session.scalars(sa.select(outbox_message.c.done_at)))
    return mails.count(None), [each.done_at for each in await rows(services)].count(None)


async def all_sent(services: Services, *, but: tuple[int, int] = (0, 0)) -> None:
    """Wait until nothing waits any more, but for so many mails and messages."""

    async def done() -> bool:
        return await waiting(services) == but

    await until(done)


def mail_ids(mailbox: Mailbox) -> list[str]:
    return [str(each["Message-ID"]) for each in mailbox.messages]
