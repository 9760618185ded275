"""Outside identities: whom they let in, and how they are linked to accounts."""

from collections.abc import Sequence

from db.queries import accounts as queries
from db.work import Work
from db.writes import credentials
from db.writes import identities as writes
from db.writes.outbox import MAIL, post
from domain.account_changes import WrongPassword
from domain.accounts import normalized_email, surely_one_address
from domain.citizens import Viewer
from domain.guessing import PASSWORD
from domain.identities import (
    AnotherIdentityLinked,
    IdentityTaken,
    IdentityTokenInvalid,
    OutsideIdentity,
    UnknownIdentity,
    VouchedFor,
)
from domain.ids import CitizenId
from domain.mails import Mail, MailTemplate
from domain.permissions import signed_in
from domain.refusals import Unauthenticated
from resolvers.accounts import same_viewer_again
from resolvers.context import Context
from resolvers.guessing import count_try, forget_tries


async def authenticate(ctx: Context, token: str) -> bool:
    """Make whom an outside token vouches for the viewer, where that identity is linked; False where it isn't.

    Raises:
        IssuerUnreachable: the issuer's keys can't be had for now.
    """
    vouched = await _vouched_for(ctx, token)
    if vouched is None:
        return False
    viewer = await queries.vouched_for(ctx.reader, vouched.issuer, vouched.subject)
    if viewer is None and await _linked_by_address(ctx, vouched):
        viewer = await queries.vouched_for(ctx.reader, vouched.issuer, vouched.subject)
    ctx.become(viewer)
    return viewer is not None


async def identities(ctx: Context) -> Sequence[OutsideIdentity]:
    """What the viewer has linked."""
    viewer = signed_in(ctx.caller)
    async with ctx.reading() as session:
        return await writes.of_citizen(session, viewer.citizen_id)


async def link_identity(ctx: Context, *, token: str, password: str) -> None:
    """Link the identity that a token vouches for, with the password. Called again, it changes nothing."""
    viewer = signed_in(ctx.caller)
    await count_try(ctx, PASSWORD, account=str(viewer.citizen_id))
    async with ctx.reading() as session:
        before = await credentials.credentials_of(session, viewer.citizen_id)
    if before is None:
        raise Unauthenticated
    if not await ctx.services.passwords.verify(before.password_hash, password):
        raise WrongPassword("password")
    await forget_tries(ctx, PASSWORD, account=str(viewer.citizen_id))
    vouched = await _vouched_for(ctx, token)
    if vouched is None:
        raise IdentityTokenInvalid("token")
    async with ctx.unit_of_work() as work:
        known = await credentials.lock_account(work, viewer.citizen_id)
        if known is None:
            raise Unauthenticated
        if known.password_hash != before.password_hash:
            raise WrongPassword("password")
        await _link(ctx, work, viewer, vouched)
    await same_viewer_again(ctx)


async def unlink_identity(ctx: Context, issuer: str) -> None:
    """Let the viewer's identity at an issuer open the account no more, at once."""
    viewer = signed_in(ctx.caller)
    async with ctx.unit_of_work() as work:
        if not await writes.unlink(work, viewer.citizen_id, issuer):
            raise UnknownIdentity("issuer")
    await same_viewer_again(ctx)


async def _vouched_for(ctx: Context, token: str) -> VouchedFor | None:
    outside = ctx.services.outside
    return None if outside is None else await outside.read(token, now=ctx.now())


async def _link(ctx: Context, work: Work, viewer: Viewer, vouched: VouchedFor) -> None:
    linked = await writes.subject_of(work, viewer.citizen_id, vouched.issuer)
    if linked == vouched.subject:
        return
    if linked is not None:
        raise AnotherIdentityLinked("token")
    if not await _linked(ctx, work, viewer.citizen_id, vouched):
        raise IdentityTaken("token")


async def _linked(ctx: Context, work: Work, citizen_id: CitizenId, vouched: VouchedFor) -> bool:
    """Link, and tell the owner by mail, in case it wasn't them; False where either side is linked otherwise."""
    now = ctx.now()
    if not await writes.link(work, citizen_id, vouched.issuer, vouched.subject, now=now):
        return False
    await post(work, MAIL, Mail(MailTemplate.IDENTITY_LINKED).payload, citizen_id=citizen_id, now=now)
    return True


async def _linked_by_address(ctx: Context, vouched: VouchedFor) -> bool:
    """Link an identity to the account that has its address, where both sides have verified that.

    Never to a moderator's, nor to one that is suspended, has another identity of that issuer, or had one unlinked.
    """
    outside = ctx.services.outside
    if vouched.verified_email is None or outside is None or not outside.vouches_for_addresses:
        return False
    async with ctx.unit_of_work() as work:
        owner = await credentials.owner_of(work, normalized_email(vouched.verified_email))
        known = owner and await credentials.lock_account(work, owner.citizen_id)
        # Locked, the account may have another address by now.
        if known is None or not surely_one_address(known.email, vouched.verified_email):
            return False
        if (
            not (known.email_verified and known.linked_by_address)
            or known.suspended
            or await queries.moderates(work, known.citizen_id)
        ):
            return False
        return await _linked(ctx, work, known.citizen_id, vouched)
