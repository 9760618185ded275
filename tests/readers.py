"""People who can be written to, told things, and relays that write to them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from db.tables import account, email_token, outbox_message
from db.writes.outbox import MAIL, post, tell
from domain.accounts import EmailPurpose
from domain.mails import Mail
from domain.notifications import NotificationKind
from domain.permissions import signed_in
from domain.words import Locale
from influents.mail.addresses import SmtpServer
from influents.mail.carrying import SmtpCarrier
from influents.mail.composing import Letterhead
from influents.worker.relay import Relay
from resolvers.context import Context, Services
from resolvers.tokens import fingerprint
from tests.factories import Town
from tests.post_office import Mailbox

HEAD = Letterhead(sender="Influents <noreply@influents.test>", host="influents.test", web_url="https://web.test/")


def a_relay(services: Services, mailbox: Mailbox) -> Relay:
    return Relay(services=services, carrier=SmtpCarrier(SmtpServer.at(mailbox.url), "influents.test"), head=HEAD)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody with an account, told things."""

    ctx: Context

    async def set(self, **values: Any) -> None:  # Any: a value a column
        citizen_id = signed_in(self.ctx.viewer).citizen_id
        async with self.ctx.unit_of_work() as work:
            await work.execute(sa.update(account).where(account.c.citizen_id == citizen_id).values(**values))

    async def told(self, number: int = 1) -> None:
        citizen_id = signed_in(self.ctx.viewer).citizen_id
        for level in range(2, 2 + number):
            async with self.ctx.unit_of_work() as work:
                await tell(work, [citizen_id], NotificationKind.LEVEL_REACHED, now=self.ctx.now(), level=level)

    async def posted(self, mail: Mail, *, purpose: EmailPurpose | None = None, email: str = "new@example.org") -> None:
        """A mail about the account, and its link where it has one."""
        citizen_id, now = signed_in(self.ctx.viewer).citizen_id, self.ctx.now()
        async with self.ctx.unit_of_work() as work:
            if mail.token and purpose:
                link = {"purpose": purpose, "email": email, "issued_at": now, "expires_at": now + timedelta(days=1)}
                made = sa.insert(email_token).values(citizen_id=citizen_id, fingerprint=fingerprint(mail.token), **link)
                await work.execute(made)
            await post(work, MAIL, mail.payload, citizen_id=citizen_id, now=now)


async def reader(town: Town, *, locale: Locale = Locale.FR, verified: bool = True) -> Reader:
    """Somebody who can be written to. What signing up has put into the outbox is taken out first."""
    made = Reader(await town.citizen(locale=locale))
    async with made.ctx.unit_of_work() as work:
        await work.execute(sa.delete(outbox_message))
    await made.set(email_verified_at=made.ctx.now() if verified else None)
    return made


async def rows(services: Services) -> list[Any]:
    async with services.database.reading() as session:
        return list((await session.execute(sa.select(outbox_message).order_by(outbox_message.c.id))).all())


async def drain(relay: Relay) -> None:
    while await relay.deliver_due():
        pass


async def handle(reader: Reader) -> str:
    found = await reader.ctx.loaders.citizen.load(signed_in(reader.ctx.viewer).citizen_id)
    assert found is not None
    return found.handle
