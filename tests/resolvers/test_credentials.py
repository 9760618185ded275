"""Passwords changed and reset, sessions ended, the charter accepted again."""

import asyncio
import time

import pytest
import sqlalchemy as sa

from db.tables import account as account_table
from db.writes.moderation import suspend
from domain.account_changes import LinkExpired, LinkUsed, UnknownSession, WrongPassword
from domain.accounts import AccountSuspended, CharterNotAccepted, PasswordTooObvious, WrongCredentials
from domain.charter import CHARTER_VERSION
from domain.fields import TooShort
from domain.mails import MailTemplate
from domain.permissions import signed_in
from domain.refusals import Refusals, Unauthenticated
from resolvers import accounts, credentials, emails
from resolvers.context import Context
from tests.clock import Clock
from tests.factories import PASSWORD, Town
from tests.mailbox import last_token, posted

ANOTHER = "une tout autre phrase de passe"
RESET, VERIFY = MailTemplate.RESET_PASSWORD, MailTemplate.VERIFY_EMAIL


async def verified(town: Town, handle: str = "nath") -> Context:
    ctx = await town.citizen(handle)
    await emails.verify_email(ctx, await last_token(town.services.database, VERIFY))
    return ctx


async def elsewhere(town: Town, handle: str = "nath", password: str = PASSWORD) -> Context:
    """The same person, signed in on another machine."""
    ctx = Context(town.services)
    await accounts.sign_in(ctx, email=f"{handle}@example.org", password=password)
    return ctx


async def still_in(town: Town, ctx: Context) -> bool:
    await town.look_again(ctx)
    return ctx.viewer is not None


async def reset_link(town: Town) -> str:
    await credentials.request_password_reset(Context(town.services), "NATH@example.org")
    return await last_token(town.services.database, RESET)


async def test_a_mailed_link_sets_another_password_signs_in_and_ends_every_other_session(town: Town) -> None:
    nath = await verified(town)
    ctx = Context(town.services)

    await credentials.reset_password(ctx, token=await reset_link(town), password=ANOTHER)

    assert signed_in(ctx.viewer).citizen_id == signed_in(nath.viewer).citizen_id
    assert not await still_in(town, nath)
    with pytest.raises(WrongCredentials):
        await elsewhere(town)
    await elsewhere(town, password=ANOTHER)


async def test_a_reset_link_is_good_once_for_an_hour_and_replaced_by_the_next(town: Town, clock: Clock) -> None:
    await verified(town)
    first = await reset_link(town)
    second = await reset_link(town)
    ctx = Context(town.services)

    with pytest.raises(LinkExpired):
        await credentials.reset_password(ctx, token=first, password=ANOTHER)
    await credentials.reset_password(ctx, token=second, password=ANOTHER)
    with pytest.raises(LinkUsed):
        await credentials.reset_password(ctx, token=second, password=PASSWORD)
    third = await reset_link(town)
    clock.advance(hours=1)
    with pytest.raises(LinkExpired):
        await credentials.reset_password(ctx, token=third, password=PASSWORD)


async def test_of_those_who_use_a_reset_link_at_once_one_is_first(town: Town) -> None:
    await verified(town)
    token = await reset_link(town)

    calls = [
        credentials.reset_password(Context(town.services), token=token, password=f"{ANOTHER} {n}") for n in range(5)
    ]
    came_of_it = await asyncio.gather(*calls, return_exceptions=True)

    assert sorted(type(each).__name__ for each in came_of_it) == ["LinkUsed"] * 4 + ["Opened"]


async def test_a_link_for_one_purpose_is_none_for_another(town: Town) -> None:
    await verified(town)
    reset = await reset_link(town)
    await town.citizen("lea")
    verification = await last_token(town.services.database, VERIFY)
    ctx = Context(town.services)

    with pytest.raises(LinkExpired):
        await emails.verify_email(ctx, reset)
    with pytest.raises(LinkExpired):
        await credentials.reset_password(ctx, token=verification, password=ANOTHER)


async def test_a_password_that_is_refused_leaves_the_link_good(town: Town) -> None:
    await verified(town)
    token = await reset_link(town)
    ctx = Context(town.services)

    for obvious in ("nath@example.org", "aaaaaaaaaaaaaaa"):
        with pytest.raises(Refusals) as refused:
            await credentials.reset_password(ctx, token=token, password=obvious)
        assert [type(refusal) for refusal in refused.value.refusals] == [PasswordTooObvious]
    await credentials.reset_password(ctx, token=token, password=ANOTHER)

    assert ctx.viewer is not None


async def test_who_was_in_keeps_no_way_back_in_after_a_reset(town: Town) -> None:
    nath = await verified(town)
    await emails.change_email(nath, password=PASSWORD, email="thief@example.org")
    thief = await last_token(town.services.database, MailTemplate.CHANGE_EMAIL)

    await credentials.reset_password(Context(town.services), token=await reset_link(town), password=ANOTHER)

    with pytest.raises(LinkExpired):
        await emails.verify_email(Context(town.services), thief)


async def test_who_is_suspended_is_not_let_in_by_a_link(town: Town) -> None:
    nath = await verified(town)
    token = await reset_link(town)
    async with nath.unit_of_work() as work:
        await suspend(work, signed_in(nath.viewer).citizen_id, "Une raison.", now=nath.now())

    with pytest.raises(AccountSuspended):
        await credentials.reset_password(Context(town.services), token=token, password=ANOTHER)


async def test_an_address_that_is_not_verified_is_mailed_the_verification_instead(town: Town) -> None:
    await town.citizen("nath")

    await credentials.request_password_reset(Context(town.services), "nath@example.org")

    assert [mail.template for mail in await posted(town.services.database)] == [VERIFY, VERIFY]


async def test_an_unknown_address_is_answered_alike_and_mailed_nothing(town: Town, nobody: Context) -> None:
    await verified(town)
    mails = len(await posted(town.services.database))
    took = dict[str, float]()

    for email in ("nath@example.org", "inconnue@example.org"):
        started = time.monotonic()
        await credentials.request_password_reset(nobody, email)
        took[email] = time.monotonic() - started

    assert len(await posted(town.services.database)) == mails + 1
    assert min(took.values()) >= credentials.ANSWERED_AFTER


async def test_changing_the_password_keeps_the_session_that_does_it_and_ends_the_others(town: Town) -> None:
    nath = await verified(town)
    other = await elsewhere(town)
    pending = await reset_link(town)

    await credentials.change_password(nath, current=PASSWORD, password=ANOTHER)

    assert await still_in(town, nath)
    assert not await still_in(town, other)
    with pytest.raises(LinkExpired):
        await credentials.reset_password(Context(town.services), token=pending, password=PASSWORD)
    await elsewhere(town, password=ANOTHER)


async def test_changing_the_password_needs_the_current_one_and_a_good_one(town: Town) -> None:
    nath = await town.citizen("nath")

    with pytest.raises(WrongPassword):
        await credentials.change_password(nath, current="pas le bon mot de passe", password=ANOTHER)
    with pytest.raises(Refusals) as refused:
        await credentials.change_password(nath, current=PASSWORD, password="court")
    assert [type(refusal) for refusal in refused.value.refusals] == [TooShort]
    await elsewhere(town)


async def test_of_two_who_change_the_password_at_once_one_does(town: Town) -> None:
    nath = await town.citizen("nath")

    calls = [credentials.change_password(nath, current=PASSWORD, password=f"{ANOTHER} {n}") for n in range(2)]
    came_of_it = await asyncio.gather(*calls, return_exceptions=True)

    assert sorted(type(each).__name__ for each in came_of_it) == ["NoneType", "WrongPassword"]


async def test_a_session_is_ended_from_elsewhere_and_only_by_its_owner(town: Town) -> None:
    nath, lea = await town.citizen("nath"), await town.citizen("lea")
    other = await elsewhere(town)
    session = signed_in(other.viewer).session_id

    with pytest.raises(UnknownSession):
        await credentials.revoke_session(lea, session)
    assert await still_in(town, other)
    await credentials.revoke_session(nath, session)

    assert not await still_in(town, other)
    assert [each.id for each in await accounts.sessions(nath)] == [signed_in(nath.viewer).session_id]
    with pytest.raises(UnknownSession):
        await credentials.revoke_session(nath, session)


async def test_who_ends_the_session_that_asks_is_signed_out(town: Town) -> None:
    nath = await town.citizen("nath")

    await credentials.revoke_session(nath, signed_in(nath.viewer).session_id)

    assert nath.viewer is None


async def test_the_charter_in_force_is_accepted_again_and_no_other(town: Town, clock: Clock) -> None:
    nath = await town.citizen("nath")
    async with nath.unit_of_work() as work:
        await work.execute(sa.update(account_table).values(accepted_charter_version="1999-1"))
    await town.look_again(nath)
    now = clock.advance(days=1)

    with pytest.raises(CharterNotAccepted):
        await credentials.accept_charter(nath, "1999-1")
    for _ in range(2):
        await credentials.accept_charter(nath, CHARTER_VERSION)

    assert signed_in(nath.viewer).accepted_charter_version == CHARTER_VERSION
    async with nath.reading() as session:
        assert await session.scalar(sa.select(account_table.c.charter_accepted_at)) == now


async def test_nobody_changes_nothing(nobody: Context, town: Town) -> None:
    session = signed_in((await town.citizen()).viewer).session_id
    for change in (
        credentials.change_password(nobody, current=PASSWORD, password=ANOTHER),
        credentials.revoke_session(nobody, session),
        credentials.accept_charter(nobody, CHARTER_VERSION),
    ):
        with pytest.raises(Unauthenticated):
            await change
