"""Addresses: verified by a mailed link, and changed by one."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
import sqlalchemy as sa

from db.tables import email_token
from domain.account_changes import EmailAlreadyVerified, EmailUnchanged, LinkExpired, LinkUsed, WrongPassword
from domain.accounts import EmailTaken
from domain.citizens import Account
from domain.mails import MailTemplate
from domain.permissions import signed_in
from domain.refusals import Refusals, Unauthenticated
from resolvers import accounts, emails
from resolvers.context import Context
from resolvers.tokens import fingerprint
from tests.clock import Clock
from tests.factories import PASSWORD, Town
from tests.mailbox import last_token, posted

VERIFY, CHANGE = MailTemplate.VERIFY_EMAIL, MailTemplate.CHANGE_EMAIL


async def account(ctx: Context) -> Account:
    return await accounts.account(ctx)


async def verified(town: Town, handle: str) -> Context:
    """A citizen whose address is verified."""
    ctx = await town.citizen(handle)
    await emails.verify_email(ctx, await last_token(town.services.database, VERIFY))
    return ctx


async def test_signing_up_mails_a_link_that_verifies_the_address_whoever_opens_it(town: Town, nobody: Context) -> None:
    nath = await town.citizen("nath")
    (mail,) = await posted(town.services.database)
    assert (mail.to, mail.template) == (signed_in(nath.viewer).citizen_id, VERIFY)
    assert not (await account(nath)).email_verified

    await emails.verify_email(nobody, mail.token)

    assert nobody.viewer is None
    assert (await account(nath)).email_verified


async def test_only_the_fingerprint_of_a_link_is_kept(town: Town) -> None:
    await town.citizen("nath")
    token = await last_token(town.services.database, VERIFY)

    async with town.services.database.reading() as session:
        (kept,) = (await session.execute(sa.select(email_token))).all()

    assert kept.fingerprint == fingerprint(token)
    assert token not in repr(kept)


async def test_a_link_is_good_once(town: Town, nobody: Context) -> None:
    await town.citizen("nath")
    token = await last_token(town.services.database, VERIFY)
    await emails.verify_email(nobody, token)

    with pytest.raises(LinkUsed):
        await emails.verify_email(nobody, token)


async def test_of_those_who_use_a_link_at_once_one_is_first(town: Town) -> None:
    await town.citizen("nath")
    token = await last_token(town.services.database, VERIFY)

    calls = [emails.verify_email(Context(town.services), token) for _ in range(10)]
    came_of_it = await asyncio.gather(*calls, return_exceptions=True)

    assert [type(each) for each in came_of_it if each is not None] == [LinkUsed] * 9


async def test_a_link_is_good_for_24_hours(town: Town, nobody: Context, clock: Clock) -> None:
    await town.citizen("nath")
    token = await last_token(town.services.database, VERIFY)
    clock.advance(hours=24)

    with pytest.raises(LinkExpired):
        await emails.verify_email(nobody, token)


async def test_a_newer_link_replaces_the_older_one(town: Town, nobody: Context) -> None:
    nath = await town.citizen("nath")
    older = await last_token(town.services.database, VERIFY)
    await emails.resend_email_verification(nath)

    with pytest.raises(LinkExpired):
        await emails.verify_email(nobody, older)
    await emails.verify_email(nobody, await last_token(town.services.database, VERIFY))

    assert (await account(nath)).email_verified


async def test_links_asked_for_at_once_leave_one_that_is_good(town: Town) -> None:
    nath = await town.citizen("nath")

    await asyncio.gather(*(emails.resend_email_verification(nath) for _ in range(10)))

    async with town.services.database.reading() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(email_token)) == 1


@pytest.mark.parametrize("garbage", ["", "x", "é" * 500, "\ud800", "a" * 43])
async def test_what_is_no_link_is_refused_like_an_old_one(nobody: Context, garbage: str) -> None:
    with pytest.raises(LinkExpired):
        await emails.verify_email(nobody, garbage)


async def test_a_verified_address_is_mailed_no_other_link(town: Town) -> None:
    nath = await verified(town, "nath")

    with pytest.raises(EmailAlreadyVerified):
        await emails.resend_email_verification(nath)


async def test_another_address_takes_effect_when_its_link_is_opened(town: Town) -> None:
    nath = await verified(town, "nath")

    await emails.change_email(nath, password=PASSWORD, email=" nath@nouveau.example ")
    assert (await account(nath)).email == "nath@example.org"

    await emails.verify_email(nath, await last_token(town.services.database, CHANGE))
    changed = await account(nath)
    assert (changed.email, changed.email_verified) == ("nath@nouveau.example", True)
    ctx = Context(town.services)
    await accounts.sign_in(ctx, email="NATH@nouveau.example", password=PASSWORD)
    assert ctx.viewer is not None


async def test_an_address_that_is_left_gives_no_way_in_any_more(town: Town, nobody: Context) -> None:
    nath = await town.citizen("nath")
    to_the_old_one = await last_token(town.services.database, VERIFY)
    await emails.change_email(nath, password=PASSWORD, email="nath@nouveau.example")
    await emails.verify_email(nobody, await last_token(town.services.database, CHANGE))

    with pytest.raises(LinkExpired):
        await emails.verify_email(nobody, to_the_old_one)


async def test_nothing_tells_that_another_account_has_an_address_but_a_mail_to_its_owner(town: Town) -> None:
    owner = await verified(town, "owner")
    nath = await verified(town, "nath")
    before = await account(nath)

    await emails.change_email(nath, password=PASSWORD, email="Owner@example.org")

    mail = (await posted(town.services.database))[-1]
    assert (mail.to, mail.template, mail.token) == (signed_in(owner.viewer).citizen_id, MailTemplate.EMAIL_TAKEN, "")
    assert await account(nath) == before


async def test_an_address_that_has_not_been_verified_by_its_owner_is_told_taken_by_its_link(town: Town) -> None:
    await town.citizen("owner")
    nath = await verified(town, "nath")
    await emails.change_email(nath, password=PASSWORD, email="owner@example.org")
    token = await last_token(town.services.database, CHANGE)

    with pytest.raises(EmailTaken):
        await emails.verify_email(nath, token)

    assert (await account(nath)).email == "nath@example.org"


async def test_of_two_who_take_an_address_at_once_one_has_it(town: Town) -> None:
    database, tokens = town.services.database, []
    people = [await town.citizen("nath"), await town.citizen("lea")]
    for ctx in people:
        await emails.change_email(ctx, password=PASSWORD, email="nous@example.org")
        tokens.append(await last_token(database, CHANGE))

    calls = [emails.verify_email(Context(town.services), token) for token in tokens]
    came_of_it = await asyncio.gather(*calls, return_exceptions=True)

    assert sorted(type(each).__name__ for each in came_of_it) == ["EmailTaken", "NoneType"]
    assert sorted([(await account(ctx)).email == "nous@example.org" for ctx in people]) == [False, True]


async def test_changing_an_address_needs_the_password_and_another_address(town: Town) -> None:
    nath = await town.citizen("nath")

    with pytest.raises(WrongPassword):
        await emails.change_email(nath, password="n'importe quoi d'assez long", email="autre@example.org")
    with pytest.raises(EmailUnchanged):
        await emails.change_email(nath, password=PASSWORD, email="nath@example.org")
    with pytest.raises(Refusals):
        await emails.change_email(nath, password=PASSWORD, email="nulle part")

    assert [mail.template for mail in await posted(town.services.database)] == [VERIFY]


@pytest.mark.parametrize(
    "change",
    [
        emails.resend_email_verification,
        lambda ctx: emails.change_email(ctx, password=PASSWORD, email="autre@example.org"),
    ],
)
async def test_nobody_changes_no_address(nobody: Context, change: Callable[[Context], Awaitable[None]]) -> None:
    with pytest.raises(Unauthenticated):
        await change(nobody)
