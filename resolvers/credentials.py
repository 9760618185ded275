"""Passwords changed and reset, sessions ended, the charter accepted again."""

import asyncio
import time

from db.writes import accounts as account_writes
from db.writes import calendar_feeds
from db.writes import credentials as writes
from db.writes.identities import unlink_all
from domain.account_changes import UnknownSession, WrongPassword
from domain.accounts import AccountSuspended, CharterNotAccepted, EmailPurpose, check_password, normalized_email
from domain.charter import CHARTER_VERSION
from domain.guessing import MAILS, PASSWORD
from domain.ids import SessionId
from domain.permissions import signed_in
from domain.refusals import Unauthenticated, refuse_if_any
from resolvers.accounts import Opened, as_owner, open_session, same_viewer_again
from resolvers.context import Context
from resolvers.guessing import count_try, forget_tries
from resolvers.mailed_links import look_at, mail_link, use

ANSWERED_AFTER = 0.25
"""Seconds that a request for a reset takes: more than it needs, so that known and unknown addresses answer alike."""


async def request_password_reset(ctx: Context, email: str) -> None:
    """Mail a link to choose another password, where the address is somebody's; nothing tells whether it is.

    An address that isn't verified gets no mail but the verification (product.md, section 5): that one.
    """
    await count_try(ctx, MAILS, account=normalized_email(email))
    started = time.monotonic()
    now = ctx.now()
    async with ctx.unit_of_work() as work:
        owner = await writes.owner_of(work, normalized_email(email))
        known = owner and await writes.lock_account(work, owner.citizen_id)
        if known is not None:
            purpose = EmailPurpose.RESET_PASSWORD if known.email_verified else EmailPurpose.VERIFY_EMAIL
            await mail_link(work, known.citizen_id, purpose, email=known.email, now=now)
    await asyncio.sleep(ANSWERED_AFTER - (time.monotonic() - started))


async def reset_password(ctx: Context, *, token: str, password: str) -> Opened:
    """Choose another password by a mailed link, and sign in. Every other session ends, and what was linked is not."""
    now = ctx.now()
    async with ctx.reading() as session:
        link = await look_at(session, token, EmailPurpose.RESET_PASSWORD, now=now)
        known = await writes.credentials_of(session, link.citizen_id)
    unlike = (known.email, known.handle) if known else ()
    refuse_if_any(check_password(password, "password", unlike=unlike))
    password_hash = await ctx.services.passwords.hash(password)
    async with ctx.unit_of_work() as work:
        known, _ = await use(work, token, EmailPurpose.RESET_PASSWORD, now=now)
        if known.suspended:
            raise AccountSuspended
        await account_writes.change_password_hash(work, known.citizen_id, password_hash)
        await writes.end_sessions(work, known.citizen_id, now=now)
        await unlink_all(work, known.citizen_id)
        await calendar_feeds.end(work, known.citizen_id)
        # Whoever was in may have asked for another address: that is no way back in.
        await writes.drop_links(work, known.citizen_id, [EmailPurpose.CHANGE_EMAIL])
        opened = await open_session(ctx, work, known.citizen_id, now=now)
    return await as_owner(ctx, opened)


async def change_password(ctx: Context, *, current: str, password: str) -> None:
    """Choose another password, knowing the one there is. All other sessions and links to identities end."""
    viewer = signed_in(ctx.caller)
    await count_try(ctx, PASSWORD, account=str(viewer.citizen_id))
    passwords = ctx.services.passwords
    async with ctx.reading() as session:
        before = await writes.credentials_of(session, viewer.citizen_id)
    right = await passwords.verify(before.password_hash if before else None, current)
    if before is None:
        raise Unauthenticated
    if not right:
        raise WrongPassword("current")
    await forget_tries(ctx, PASSWORD, account=str(viewer.citizen_id))
    refuse_if_any(check_password(password, "password", unlike=(before.email, before.handle)))
    password_hash = await passwords.hash(password)
    async with ctx.unit_of_work() as work:
        known = await writes.lock_account(work, viewer.citizen_id)
        if known is None:
            raise Unauthenticated
        if known.password_hash != before.password_hash:
            raise WrongPassword("current")
        await account_writes.change_password_hash(work, viewer.citizen_id, password_hash)
        await writes.end_sessions(work, viewer.citizen_id, but=viewer.session_id, now=ctx.now())
        await unlink_all(work, viewer.citizen_id, but=viewer.issuer)
        await calendar_feeds.end(work, viewer.citizen_id)
        await writes.drop_links(work, viewer.citizen_id, [EmailPurpose.CHANGE_EMAIL, EmailPurpose.RESET_PASSWORD])
    await same_viewer_again(ctx)


async def revoke_session(ctx: Context, session_id: SessionId) -> None:
    """End one of the viewer's sessions, maybe the one that asks."""
    viewer = signed_in(ctx.caller)
    async with ctx.unit_of_work() as work:
        if not await account_writes.end_session(work, viewer.citizen_id, session_id, now=ctx.now()):
            raise UnknownSession("id")
    await same_viewer_again(ctx)


async def accept_charter(ctx: Context, version: str) -> None:
    """Accept the charter in force; an earlier one can't be accepted any more."""
    viewer = signed_in(ctx.caller)
    if version != CHARTER_VERSION:
        raise CharterNotAccepted("version", version=CHARTER_VERSION)
    async with ctx.unit_of_work() as work:
        await writes.accept_charter(work, viewer.citizen_id, version, now=ctx.now())
    await same_viewer_again(ctx)
