"""Signing in and out, and sessions, on the real database."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from db.engine import Database
from db.tables import account, refresh_token
from domain.accounts import (
    RefreshTokenExpired,
    WrongCredentials,
)
from domain.charter import CHARTER_VERSION
from domain.permissions import signed_in
from domain.refusals import Unauthenticated
from domain.words import Locale
from resolvers import accounts
from resolvers.context import Context, Services
from resolvers.passwords import Passwords
from resolvers.tokens import fingerprint
from tests.clock import START, Clock
from tests.factories import PASSWORD, Town, sign_up
from tests.recorder import recorded

SECOND = timedelta(seconds=1)


async def signing_up(services: Services, handle: str = "nath", **changes: Any) -> Context:
    """Somebody who has just signed up."""
    ctx = Context(services)
    await accounts.sign_up(ctx, sign_up(handle, **changes), assessment_token=None)
    return ctx


# ---- signing in


async def test_one_signs_in_with_the_address_however_it_is_written(services: Services, nobody: Context) -> None:
    nath = await signing_up(services, full_name="Nathan Berto", locale=Locale.EN)

    await accounts.sign_in(nobody, email="  Nath@EXAMPLE.org ", password=PASSWORD)

    assert signed_in(nobody.viewer).citizen_id == signed_in(nath.viewer).citizen_id
    assert nobody.locale is Locale.EN
    assert len(await accounts.sessions(nobody)) == 2


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("nath@example.org", "une autre phrase de passe"),
        ("nath@example.org", ""),
        ("nath@example.org", PASSWORD + "x" * 1_000),
        ("nobody@example.org", PASSWORD),
        ("", ""),
        ("@" * 10_000, PASSWORD),
    ],
)
async def test_a_wrong_password_and_an_unknown_address_are_refused_in_the_same_words(
    services: Services, nobody: Context, email: str, password: str
) -> None:
    await signing_up(services)

    with pytest.raises(WrongCredentials) as refusal:
        await accounts.sign_in(nobody, email=email, password=password)

    assert (refusal.value.path, refusal.value.parameters) == ((), {})
    assert nobody.viewer is None


class Counted(PasswordHasher):
    """Counts how often a hash is computed."""

    verified = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        self.verified += 1
        return super().verify(hash, password)


async def test_an_unknown_address_is_as_much_work_as_a_wrong_password(services: Services, empty: Database) -> None:
    """Counted, not timed: the same hash once, with the same parameters, and the same statements."""
    hasher = Counted(time_cost=1, memory_cost=8, parallelism=1)
    counting = replace(services, passwords=Passwords(workers=1, hasher=hasher))
    await signing_up(counting)
    asked = {}
    for email in ("nath@example.org", "nobody@example.org"):
        hasher.verified = 0
        with recorded(empty) as statements, pytest.raises(WrongCredentials):
            await accounts.sign_in(Context(counting), email=email, password="une autre phrase de passe")
        asked[email] = (hasher.verified, list(statements))
    counting.passwords.close()

    known, unknown = asked.values()
    assert known == unknown
    assert known[0] == 1


async def test_a_hash_of_older_parameters_is_renewed_when_its_owner_signs_in(
    services: Services, empty: Database
) -> None:
    await signing_up(services)
    stronger = Passwords(workers=1, hasher=PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
    kept = []
    for _ in range(2):
        await accounts.sign_in(
            Context(replace(services, passwords=stronger)), email="nath@example.org", password=PASSWORD
        )
        async with empty.reading() as session:
            kept.append(await session.scalar(sa.select(account.c.password_hash)) or "")
    stronger.close()

    assert "t=2" in kept[0]
    assert kept[0] == kept[1]


# ---- sessions


async def test_a_session_is_refreshed_with_a_new_token_each_time(services: Services, clock: Clock) -> None:
    opened = await accounts.sign_up(Context(services), sign_up("nath"), assessment_token=None)
    tokens = [opened.refresh_token]
    again = Context(services)
    for _ in range(3):
        clock.advance(days=29)
        refreshed = await accounts.refresh_session(again, tokens[-1])
        assert await accounts.authenticate(Context(services), refreshed.access.token)
        assert signed_in(again.viewer).accepted_charter_version == CHARTER_VERSION
        tokens.append(refreshed.refresh_token)

    assert len(set(tokens)) == 4
    (session,) = await accounts.sessions(again)
    assert (session.created_at, session.last_used_at) == (START, clock.now)


async def test_a_session_ends_when_it_has_not_been_refreshed_for_30_days(services: Services, clock: Clock) -> None:
    opened = await accounts.sign_up(Context(services), sign_up("nath"), assessment_token=None)
    clock.now += accounts.SESSION_LASTS

    with pytest.raises(RefreshTokenExpired):
        await accounts.refresh_session(Context(services), opened.refresh_token)
    clock.now -= SECOND
    await accounts.refresh_session(Context(services), opened.refresh_token)


async def test_a_refresh_token_used_twice_ends_the_whole_session_and_no_other(services: Services) -> None:
    """Somebody has a copy: neither they nor its owner go on with it."""
    opened = await accounts.sign_up(Context(services), sign_up("nath"), assessment_token=None)
    elsewhere = Context(services)
    await accounts.sign_in(elsewhere, email="nath@example.org", password=PASSWORD)
    newer = await accounts.refresh_session(Context(services), opened.refresh_token)
    newest = await accounts.refresh_session(Context(services), newer.refresh_token)

    for token in (opened.refresh_token, newest.refresh_token, newer.refresh_token):
        with pytest.raises(RefreshTokenExpired) as refusal:
            await accounts.refresh_session(Context(services), token)
        assert refusal.value.path == ("refreshToken",)

    for each in (opened, newer, newest):
        asking = Context(services)
        assert not await accounts.authenticate(asking, each.access.token)
        assert asking.viewer is None
    assert len(await accounts.sessions(elsewhere)) == 1


@pytest.mark.parametrize("token", ["", "rien", "é", "\ud800", "\x00", "A" * 10_000])
async def test_what_is_no_refresh_token_is_refused_and_signs_nobody_out(services: Services, token: str) -> None:
    nath = await signing_up(services)

    with pytest.raises(RefreshTokenExpired):
        await accounts.refresh_session(Context(services), token)
    await accounts.sign_out(Context(services), token)

    assert len(await accounts.sessions(nath)) == 1


async def test_an_access_token_is_no_refresh_token(services: Services) -> None:
    opened = await accounts.sign_up(Context(services), sign_up("nath"), assessment_token=None)

    with pytest.raises(RefreshTokenExpired):
        await accounts.refresh_session(Context(services), opened.access.token)
    assert not await accounts.authenticate(Context(services), opened.refresh_token)


async def test_who_signs_out_is_out_at_once_and_may_do_so_twice(services: Services) -> None:
    ctx = Context(services)
    opened = await accounts.sign_up(ctx, sign_up("nath"), assessment_token=None)

    for _ in range(2):
        await accounts.sign_out(ctx, opened.refresh_token)
        assert ctx.viewer is None
        assert not await accounts.authenticate(Context(services), opened.access.token)
        with pytest.raises(RefreshTokenExpired):
            await accounts.refresh_session(Context(services), opened.refresh_token)


async def test_only_fingerprints_of_refresh_tokens_are_kept(services: Services, empty: Database) -> None:
    opened = await accounts.sign_up(Context(services), sign_up("nath"), assessment_token=None)

    async with empty.reading() as session:
        kept = await session.scalar(sa.select(refresh_token.c.fingerprint))

    assert kept == fingerprint(opened.refresh_token)


async def test_an_access_token_lasts_15_minutes_and_stands_for_nobody_but_its_owner(
    services: Services, clock: Clock
) -> None:
    opened = await accounts.sign_up(Context(services), sign_up("nath"), assessment_token=None)
    clock.now = opened.access.expires_at - SECOND
    assert await accounts.authenticate(Context(services), opened.access.token)

    clock.advance(seconds=1)

    for token in (opened.access.token, "", "rien", opened.access.token + "A"):
        asking = Context(services)
        assert not await accounts.authenticate(asking, token)
        assert asking.viewer is None


async def test_nobody_sees_an_account_or_sessions(nobody: Context) -> None:
    for asked in (accounts.account, accounts.sessions):
        with pytest.raises(Unauthenticated):
            await asked(nobody)


async def test_moderators_are_made_by_their_address_and_from_the_next_request_on(town: Town, nobody: Context) -> None:
    nath = await town.citizen("nath")

    assert not await accounts.grant_moderator(nobody, email="nobody@example.org")
    assert await accounts.grant_moderator(nobody, email=" NATH@example.org")
    assert await accounts.grant_moderator(nobody, email="nath@example.org")

    assert not signed_in(nath.viewer).moderator
    await town.look_again(nath)
    assert signed_in(nath.viewer).moderator
    assert (await accounts.account(nath)).moderator
