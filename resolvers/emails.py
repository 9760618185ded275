"""Addresses: shown to be somebody's, and changed."""

from db.writes import credentials as writes
from db.writes.outbox import MAIL, post
from domain.account_changes import EmailAlreadyVerified, EmailUnchanged, LinkExpired, WrongPassword
from domain.accounts import EmailPurpose, EmailTaken, check_email, normalized_email
from domain.guessing import MAILS, PASSWORD
from domain.mails import Mail, MailTemplate
from domain.permissions import signed_in
from domain.refusals import Unauthenticated, refuse_if_any
from resolvers import awards
from resolvers.accounts import same_viewer_again
from resolvers.context import Context
from resolvers.guessing import count_try, forget_tries
from resolvers.mailed_links import mail_link, use


async def verify_email(ctx: Context, token: str) -> None:
    """Take a mailed link as proof of its address: the account's own, or the one it is to change to.

    Whoever opens it need not be signed in.
    """
    now = ctx.now()
    async with ctx.unit_of_work() as work:
        known, link = await use(work, token, EmailPurpose.VERIFY_EMAIL, EmailPurpose.CHANGE_EMAIL, now=now)
        email_key = normalized_email(link.email)
        if link.purpose is EmailPurpose.CHANGE_EMAIL:
            changed = await writes.change_email(work, known.citizen_id, email=link.email, email_key=email_key, now=now)
            if not changed:
                raise EmailTaken("token")
            # What was mailed to the address before is no way in any more.
            await writes.drop_links(work, known.citizen_id, [EmailPurpose.VERIFY_EMAIL, EmailPurpose.RESET_PASSWORD])
        elif email_key != known.email_key:
            raise LinkExpired("token")
        else:
            await writes.mark_verified(work, known.citizen_id, now=now)
        if not known.email_verified:
            await awards.reconsider_organizing(ctx, work, known.citizen_id, now=now)
    await same_viewer_again(ctx)


async def resend_email_verification(ctx: Context) -> None:
    """Mail another link to the address that waits to be verified."""
    viewer = signed_in(ctx.caller)
    await count_try(ctx, MAILS, account=str(viewer.citizen_id))
    now = ctx.now()
    async with ctx.unit_of_work() as work:
        known = await writes.lock_account(work, viewer.citizen_id)
        if known is None:
            raise Unauthenticated
        if known.email_verified:
            raise EmailAlreadyVerified
        await mail_link(work, known.citizen_id, EmailPurpose.VERIFY_EMAIL, email=known.email, now=now)
    await same_viewer_again(ctx)


async def change_email(ctx: Context, *, password: str, email: str) -> None:
    """Mail a link to another address; the account has it once that is opened.

    Whether another account has the address isn't told: its owner is, by mail, where they have verified it.
    """
    viewer = signed_in(ctx.caller)
    now = ctx.now()
    email = email.strip()
    refuse_if_any(check_email(email))
    await count_try(ctx, PASSWORD, account=str(viewer.citizen_id))
    async with ctx.reading() as session:
        before = await writes.credentials_of(session, viewer.citizen_id)
    right = await ctx.services.passwords.verify(before.password_hash if before else None, password)
    async with ctx.unit_of_work() as work:
        known = await writes.lock_account(work, viewer.citizen_id)
        if before is None or known is None:
            raise Unauthenticated
        if not right or known.password_hash != before.password_hash:
            raise WrongPassword("password")
        await forget_tries(ctx, PASSWORD, account=str(viewer.citizen_id))
        await count_try(ctx, MAILS, account=str(viewer.citizen_id))
        if email == known.email:
            raise EmailUnchanged("email")
        owner = await writes.owner_of(work, normalized_email(email))
        elsewhere = owner is not None and owner.citizen_id != known.citizen_id and owner.email_verified
        await mail_link(work, known.citizen_id, EmailPurpose.CHANGE_EMAIL, email=email, now=now, post_it=not elsewhere)
        if elsewhere and owner is not None:
            await post(work, MAIL, Mail(MailTemplate.EMAIL_TAKEN).payload, citizen_id=owner.citizen_id, now=now)
    await same_viewer_again(ctx)
