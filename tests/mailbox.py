"""What waits in the outbox to be mailed, as the relay will find it."""

from typing import NamedTuple

import sqlalchemy as sa

from db.engine import Database
from db.tables import outbox_message
from db.writes.outbox import MAIL
from domain.ids import CitizenId
from domain.mails import Mail, MailTemplate


class Posted(NamedTuple):
    """A mail that was posted."""

    to: CitizenId | None
    template: MailTemplate
    token: str


async def posted(database: Database) -> list[Posted]:
    """Every mail that is no notification, the oldest first; without a token, an empty one."""
    waiting = sa.select(outbox_message.c.citizen_id, outbox_message.c.payload).where(outbox_message.c.topic == MAIL)
    async with database.reading() as session:
        rows = (await session.execute(waiting.order_by(outbox_message.c.created_at, outbox_message.c.id))).all()
    mails = [(row.citizen_id, Mail.of(row.payload)) for row in rows]
    return [Posted(to, mail.template, mail.token or "") for to, mail in mails]


async def last_token(database: Database, template: MailTemplate) -> str:
    """The token in the last mail of a template."""
    return [mail.token for mail in await posted(database) if mail.template is template][-1]
