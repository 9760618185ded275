"""Signing up, in and out, and what only the owner of an account may see."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from db.queries import accounts as queries
from db.queries import reference
from db.work import Work
from db.writes import accounts as writes
from db.writes import ledger
from domain.accounts import (
    AccountSuspended,
    AssessmentAlreadyUsed,
    EmailPurpose,
    EmailTaken,
    HandleTaken,
    RefreshTokenExpired,
    SignUp,
    WrongCredentials,
    check_sign_up,
    normalized_email,
)
from domain.charter import CHARTER_VERSION
from domain.citizens import Account, SignedInSession
from domain.guessing import SIGN_IN, SIGN_UP
from domain.ids import CitizenId, SessionId
from domain.ledger import LedgerKind
from domain.permissions import person_scopes, signed_in
from domain.points import assessment_award
from domain.refusals import Refusal, Unauthenticated, refuse_if_any
from domain.territories import UnknownTerritory
from resolvers.context import Context
from resolvers.guessing import count_try, forget_tries
from resolvers.mailed_links import mail_link
from resolvers.tokens import AccessToken, AssessmentClaims, fingerprint, new_refresh_token

SESSION_LASTS = timedelta(days=30)
"""How long a session lasts without being refreshed."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A session as its owner takes it away: the secrets are shown here and nowhere else."""

    access: AccessToken
    refresh_token: str = field(repr=False)


async def sign_up(ctx: Context, sign_up: SignUp, *, assessment_token: str | None) -> Opened:
    """Make an account, with the points of the self-assessment where there was one, and sign in.

    All of it is one unit of work: a token that is refused leaves no account behind.
    """
    await count_try(ctx, SIGN_UP, account=normalized_email(sign_up.email))
    now = ctx.now()
    claims = await _check_sign_up(ctx, sign_up, assessment_token, now=now)
    password_hash = await ctx.services.passwords.hash(sign_up.password)
    async with ctx.unit_of_work() as work:
        citizen_id = await _add(work, sign_up, password_hash=password_hash, now=now)
        if claims is not None:
            await _start_with(ctx, work, citizen_id, claims, now=now)
        await mail_link(work, citizen_id, EmailPurpose.VERIFY_EMAIL, email=sign_up.email.strip(), now=now)
        opened = await open_session(ctx, work, citizen_id, now=now)
    return await as_owner(ctx, opened)


async def _check_sign_up(
    ctx: Context, sign_up: SignUp, assessment_token: str | None, *, now: datetime
) -> AssessmentClaims | None:
    """Everything that is wrong, at once: a form shows it all. Raises Refusals."""
    wrong: list[Refusal] = list(check_sign_up(sign_up, charter_version=CHARTER_VERSION))
    claims = None
    if assessment_token is not None:
        try:
            claims = ctx.services.tokens.read_assessment(assessment_token, now=now)
        except Refusal as refusal:
            wrong.append(refusal)
    async with ctx.reading() as session:
        email, handle = await writes.taken(session, email_key=normalized_email(sign_up.email), handle=sign_up.handle)
        if sign_up.territory and not await reference.by_code(session, [sign_up.territory]):
            wrong.append(UnknownTerritory("territory"))
    if email:
        wrong.append(EmailTaken("email"))
    if handle:
        wrong.append(HandleTaken("handle"))
    refuse_if_any(wrong)
    return claims


async def _add(work: Work, sign_up: SignUp, *, password_hash: str, now: datetime) -> CitizenId:
    """The citizen and the account. Of two who want the same at once, the database lets one have it."""
    citizen_id = await writes.add_citizen(work, sign_up, now=now)
    if citizen_id is None or await writes.retired(work, sign_up.handle):
        raise HandleTaken("handle")
    email_key = normalized_email(sign_up.email)
    if not await writes.add_account(
        work, citizen_id, sign_up, email_key=email_key, password_hash=password_hash, now=now
    ):
        raise EmailTaken("email")
    return citizen_id


async def _start_with(
    ctx: Context, work: Work, citizen_id: CitizenId, claims: AssessmentClaims, *, now: datetime
) -> None:
    used = fingerprint(str(claims.id))
    if not await writes.use_assessment(work, used, expires_at=claims.expires_at):
        raise AssessmentAlreadyUsed("assessmentToken")
    totals = await ledger.lock_totals(work, citizen_id)
    award = assessment_award(claims.level, policy=ctx.policies.in_force_at(now))
    await ledger.record(work, citizen_id, totals, award, kind=LedgerKind.SELF_ASSESSMENT, now=now)
    await writes.forget_expired_assessments(work, now=now)


async def sign_in(ctx: Context, *, email: str, password: str) -> Opened:
    """Open a session. An unknown address takes as long, and is refused with the same words."""
    await count_try(ctx, SIGN_IN, account=normalized_email(email))
    async with ctx.reading() as session:
        known = await queries.credentials(session, normalized_email(email))
    passwords = ctx.services.passwords
    right = await passwords.verify(known.password_hash if known else None, password)
    if known is None or not right:
        raise WrongCredentials
    await forget_tries(ctx, SIGN_IN, account=normalized_email(email))
    if known.suspended:
        raise AccountSuspended
    renewed = await passwords.hash(password) if passwords.needs_rehash(known.password_hash) else None
    async with ctx.unit_of_work() as work:
        if renewed is not None:
            await writes.change_password_hash(work, known.citizen_id, renewed)
        opened = await open_session(ctx, work, known.citizen_id, now=ctx.now())
    return await as_owner(ctx, opened)


async def refresh_session(ctx: Context, refresh_token: str) -> Opened:
    """Give new tokens for a refresh token. One that was used before ends its whole session: somebody has a copy."""
    now = ctx.now()
    used, fresh = fingerprint(refresh_token), new_refresh_token()
    async with ctx.unit_of_work() as work:
        known = await queries.presented(work, used, now=now)
        if known is None or not known.alive:
            raise RefreshTokenExpired("refreshToken")
        if known.used:
            await writes.end_session(work, known.citizen_id, known.session_id, now=now)
        else:
            await writes.rotate(
                work,
                known.citizen_id,
                known.session_id,
                used=used,
                fingerprint=fingerprint(fresh),
                now=now,
                until=now + SESSION_LASTS,
            )
    if known.used:
        raise RefreshTokenExpired("refreshToken")
    scopes = person_scopes(moderator=known.moderator)
    access = ctx.services.tokens.access(
        citizen=known.citizen_id, session=known.session_id, now=now, scopes=sorted(scopes)
    )
    return await as_owner(ctx, Opened(access, fresh))


async def sign_out(ctx: Context, refresh_token: str) -> None:
    """End the session of a refresh token. An unknown one, or one whose session has ended, is as good as signed out."""
    now = ctx.now()
    async with ctx.unit_of_work() as work:
        known = await queries.presented(work, fingerprint(refresh_token), now=now)
        if known is not None:
            await writes.end_session(work, known.citizen_id, known.session_id, now=now)
    ctx.become(None)


async def account(ctx: Context) -> Account:
    """The viewer's account.

    Raises:
        Unauthenticated: it was erased since the request began.
    """
    viewer = signed_in(ctx.caller)
    async with ctx.reading() as session:
        found = await queries.account_of(session, viewer.citizen_id)
    if found is None:
        raise Unauthenticated
    return found


async def sessions(ctx: Context) -> Sequence[SignedInSession]:
    """Where the viewer is signed in."""
    viewer = signed_in(ctx.caller)
    async with ctx.reading() as session:
        return await queries.live_sessions(session, viewer.citizen_id, now=ctx.now())


async def grant_moderator(ctx: Context, *, email: str) -> bool:
    """Make the owner of an address a moderator; False where nobody has it. For the command line alone."""
    async with ctx.unit_of_work() as work:
        return await writes.grant_moderator(work, normalized_email(email)) is not None


async def open_session(ctx: Context, work: Work, citizen_id: CitizenId, *, now: datetime) -> Opened:
    """A new session of a citizen who has shown who they are."""
    refresh_token = new_refresh_token()
    session_id: SessionId = await writes.open_session(
        work,
        citizen_id,
        fingerprint=fingerprint(refresh_token),
        now=now,
        until=now + SESSION_LASTS,
        user_agent=ctx.user_agent[:300] if ctx.user_agent else None,
    )
    scopes = sorted(person_scopes(moderator=await queries.moderates(work, citizen_id)))
    access = ctx.services.tokens.access(citizen=citizen_id, session=session_id, now=now, scopes=scopes)
    return Opened(access, refresh_token)


async def as_owner(ctx: Context, opened: Opened) -> Opened:
    """Go on as whom the new session belongs to."""
    await authenticate(ctx, opened.access.token)
    return opened


async def same_viewer_again(ctx: Context) -> None:
    """Read the viewer afresh after a change of theirs; it may have signed them out."""
    before = ctx.viewer
    if before is None:
        return
    if before.issuer is not None:
        ctx.become(await queries.still_vouched_for(ctx.reader, before.citizen_id, before.issuer))
    else:
        ctx.become(await queries.viewer(ctx.reader, before.citizen_id, before.session_id, now=ctx.now()))


async def authenticate(ctx: Context, access_token: str) -> bool:
    """Make whom an access token stands for the viewer, while its session lasts; False where it stands for nobody."""
    claims = ctx.services.tokens.read_access(access_token, now=ctx.now())
    if claims is None:
        return False
    viewer = await queries.viewer(ctx.reader, claims.citizen, claims.session, now=ctx.now())
    ctx.become(viewer)
    return viewer is not None
