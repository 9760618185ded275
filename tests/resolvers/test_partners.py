"""Tokens of organisations: whom they stand for, until when, and that their use is seen."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from db.tables import organization_member
from domain.api_tokens import SEEN_EVERY, ApiToken, TokenScope
from domain.organizations import MemberRole, Organization
from resolvers import accounts, members, moderation, partners
from resolvers.context import Context
from tests.clock import Clock
from tests.factories import PASSWORD, Town
from tests.ledgers import me


async def good(town: Town, secret: str) -> bool:
    return await partners.authenticate(Context(town.services), secret)


async def tokens(owner: Context, of: Organization) -> list[ApiToken]:
    owner.look_again()
    return list(await members.tokens(owner, of.id) or ())


async def test_a_token_stands_for_its_organisation_and_for_no_person(town: Town) -> None:
    owner = await town.citizen()
    made = await town.organization(owner)
    token, secret = await town.token(owner, made.id, TokenScope.EVENTS_WRITE)
    ctx = Context(town.services)

    assert partners.is_api_token(secret)
    assert await partners.authenticate(ctx, secret)
    assert ctx.viewer is None
    assert ctx.partner is not None
    assert (ctx.partner.token_id, ctx.partner.organization_id) == (token.id, made.id)
    assert ctx.partner.scopes == {TokenScope.EVENTS_WRITE}
    assert ctx.partner.verified


@pytest.mark.parametrize("secret", ["influents_", "influents_x", "influents_" + "\ud800", "influents_\0", "x" * 10_000])
async def test_what_was_never_given_out_stands_for_nobody(town: Town, secret: str) -> None:
    assert not await good(town, secret)


async def test_an_access_token_is_no_token_of_an_organisation(town: Town) -> None:
    opened = await accounts.sign_in(Context(town.services), email=await email_of(town), password=PASSWORD)
    assert not partners.is_api_token(opened.access.token)
    assert not await good(town, opened.access.token)


async def email_of(town: Town) -> str:
    return (await accounts.account(await town.citizen())).email


async def test_it_ends_when_it_is_revoked_and_when_it_expires(town: Town, clock: Clock) -> None:
    owner = await town.citizen()
    made = await town.organization(owner)
    ends = clock() + timedelta(hours=1)
    token, secret = await town.token(owner, made.id, TokenScope.WATCH_READ)
    _, short = await town.token(owner, made.id, TokenScope.WATCH_READ, expires_at=ends)

    clock.now = ends - timedelta(microseconds=1)
    assert await good(town, secret)
    assert await good(town, short)
    clock.now = ends
    assert not await good(town, short)
    await members.revoke_api_token(owner, token.id)
    assert not await good(town, secret)


async def test_the_mark_is_read_afresh(town: Town) -> None:
    owner, moderator = await town.citizen(), await town.moderator()
    made = await town.organization(owner)
    _, secret = await town.token(owner, made.id, TokenScope.WATCH_READ)
    await moderation.verify_organization(moderator, made.id, verified=False)
    ctx = Context(town.services)

    assert await partners.authenticate(ctx, secret)
    assert ctx.partner is not None
    assert not ctx.partner.verified


async def test_it_rests_on_an_owner_who_may_act(town: Town) -> None:
    owner, second, moderator = await town.citizen(), await town.citizen(), await town.moderator()
    made = await town.organization(owner)
    _, secret = await town.token(owner, made.id, TokenScope.EVENTS_WRITE)

    await moderation.suspend_citizen(moderator, me(owner), suspended=True, reason="Faux codes")
    assert not await good(town, secret)
    async with second.unit_of_work() as work:
        values = {"organization_id": made.id, "citizen_id": me(second), "role": MemberRole.OWNER}
        times = dict.fromkeys(("invited_at", "accepted_at"), town.services.clock())
        await work.execute(sa.insert(organization_member).values(**values, **times))
    assert await good(town, secret)


async def test_its_use_is_written_down_once_a_minute_at_most(town: Town, clock: Clock) -> None:
    owner = await town.citizen()
    made = await town.organization(owner)
    _, secret = await town.token(owner, made.id, TokenScope.EVENTS_WRITE)
    assert (await tokens(owner, made))[0].last_used_at is None

    first = clock()
    assert await good(town, secret)
    clock.now = first + SEEN_EVERY / 2
    assert await good(town, secret)
    assert (await tokens(owner, made))[0].last_used_at == first
    clock.now = first + SEEN_EVERY
    assert await good(town, secret)
    assert (await tokens(owner, made))[0].last_used_at == clock.now
