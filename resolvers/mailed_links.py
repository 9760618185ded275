"""Links that are mailed: each good once, for a while, and kept as the fingerprint of its secret only."""

import secrets
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from db.work import Work
from db.writes import credentials as writes
from db.writes.credentials import Credentials, MailedLink
from db.writes.outbox import MAIL, post
from domain.account_changes import LINK_LASTS, LinkExpired, LinkUsed
from domain.accounts import EmailPurpose
from domain.ids import CitizenId
from domain.mails import Mail, MailTemplate
from resolvers.tokens import fingerprint

TEMPLATES = {
    EmailPurpose.VERIFY_EMAIL: MailTemplate.VERIFY_EMAIL,
    EmailPurpose.CHANGE_EMAIL: MailTemplate.CHANGE_EMAIL,
    EmailPurpose.RESET_PASSWORD: MailTemplate.RESET_PASSWORD,
}


async def mail_link(
    work: Work, citizen_id: CitizenId, purpose: EmailPurpose, *, email: str, now: datetime, post_it: bool = True
) -> None:
    """Make a link that proves `email`, and post it there; older ones of the same purpose are good no more.

    The account is locked, or new. Without `post_it` the link is made all the same, so that nobody can tell by the
    time it takes, and reaches nobody.
    """
    token = secrets.token_urlsafe(32)
    kept = fingerprint(token)
    until = now + LINK_LASTS[purpose]
    await writes.issue_link(work, citizen_id, purpose, email=email, fingerprint=kept, now=now, until=until)
    if post_it:
        await post(work, MAIL, Mail(TEMPLATES[purpose], token).payload, citizen_id=citizen_id, now=now)


async def look_at(session: AsyncSession, token: str, *purposes: EmailPurpose, now: datetime) -> MailedLink:
    """A link that could be used now, by its secret.

    Raises:
        LinkExpired: it isn't good, was replaced, or is meant for something else.
        LinkUsed: it was used before.
    """
    found = await writes.link_of(session, fingerprint(token))
    if found is None or found.purpose not in purposes or found.expires_at <= now:
        raise LinkExpired("token")
    if found.used:
        raise LinkUsed("token")
    return found


async def use(work: Work, token: str, *purposes: EmailPurpose, now: datetime) -> tuple[Credentials, MailedLink]:
    """Use a link up, with its account locked. Of two who use it at once, one is first. Refused as by `look_at`."""
    found = await look_at(work, token, *purposes, now=now)
    known = await writes.lock_account(work, found.citizen_id)
    if known is None:
        raise LinkExpired("token")
    if not await writes.use_link(work, found.citizen_id, fingerprint(token), now=now):
        raise LinkUsed("token")
    return known, found
