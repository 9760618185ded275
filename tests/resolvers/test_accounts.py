"""Signing up, on the real database."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from db.engine import Database
from db.models import metadata
from db.tables import account, citizen, ledger_entry, refresh_token, used_assessment
from domain import fields
from domain.accounts import (
    AssessmentAlreadyUsed,
    AssessmentTokenExpired,
    AssessmentTokenInvalid,
    CharterNotAccepted,
    EmailTaken,
    HandleTaken,
    InvalidHandle,
    ProfileVisibility,
    TooYoungToSignUp,
)
from domain.charter import CHARTER_VERSION
from domain.ids import TerritoryCode
from domain.permissions import signed_in
from domain.refusals import Refusal, Refusals
from domain.territories import UnknownTerritory
from domain.words import Locale
from resolvers import accounts, citizens
from resolvers.context import Context, Services
from tests.at_once import how_many
from tests.clock import START, Clock
from tests.emptying import GIVEN
from tests.factories import sign_up
from tests.samples import refused

SECOND = timedelta(seconds=1)


def assessed(services: Services, level: int = 7) -> str:
    return services.tokens.assessment(level=level, questionnaire="2026-1", now=services.clock()).token


async def signing_up(services: Services, handle: str = "nath", *, token: str | None = None, **changes: Any) -> Context:
    """Somebody who has just signed up."""
    ctx = Context(services)
    await accounts.sign_up(ctx, sign_up(handle, **changes), assessment_token=token)
    return ctx


async def refusals(services: Services, *, token: str | None = None, **changes: Any) -> list[Refusal]:
    try:
        await signing_up(services, token=token, **changes)
    except Refusals as several:
        return list(several.refusals)
    except Refusal as refusal:
        return [refusal]
    pytest.fail("nothing was refused")


async def nothing_is_kept(database: Database) -> bool:
    """Whether every table is as empty as it was."""
    tables = [table for table in metadata.sorted_tables if table.name not in GIVEN]
    return not any([await how_many(database, table) for table in tables])


# ---- signing up


async def test_who_signs_up_is_signed_in_and_has_an_account_that_says_so(services: Services, nobody: Context) -> None:
    nath = await signing_up(services, full_name="Nathan Berto", territory=TerritoryCode("FR-44"), locale=Locale.EN)

    viewer = signed_in(nath.viewer)
    kept = await accounts.account(nath)
    assert (viewer.accepted_charter_version, viewer.moderator, viewer.adult) == (CHARTER_VERSION, False, True)
    assert (nath.locale, kept.locale) == (Locale.EN, Locale.EN)
    assert (kept.email, kept.email_verified, kept.full_name) == ("nath@example.org", False, "Nathan Berto")
    assert (kept.visibility, kept.discoverable) == (ProfileVisibility.PSEUDONYMOUS, False)
    shown = await citizens.citizen_by_handle(nobody, "nath")
    assert shown is not None
    assert (shown.id, shown.territory, shown.full_name) == (viewer.citizen_id, "FR-44", None)
    assert (await citizens.citizen_influence(nobody, viewer.citizen_id)).points == 0


async def test_everything_wrong_is_said_at_once_each_at_its_field_and_nothing_is_kept(
    services: Services, empty: Database
) -> None:
    found = await refusals(
        services,
        token="rien",
        email=" ",
        password="court",
        handle="Nath!",
        full_name="N" * 121,
        territory=TerritoryCode("FR-99"),
        charter_version="2025-1",
        at_least_fifteen=False,
    )

    assert refused(found) == [
        (fields.Required, ("email",)),
        (fields.TooShort, ("password",)),
        (InvalidHandle, ("handle",)),
        (fields.TooLong, ("fullName",)),
        (TooYoungToSignUp, ("atLeastFifteen",)),
        (CharterNotAccepted, ("charterVersion",)),
        (AssessmentTokenInvalid, ("assessmentToken",)),
        (UnknownTerritory, ("territory",)),
    ]
    assert await nothing_is_kept(empty)


async def test_an_address_and_a_handle_that_have_an_owner_are_both_refused(services: Services, empty: Database) -> None:
    await signing_up(services)

    found = await refusals(services, email=" NATH@Example.ORG ")

    assert refused(found) == [(EmailTaken, ("email",)), (HandleTaken, ("handle",))]
    assert await how_many(empty, citizen) == await how_many(empty, account) == 1


async def test_a_name_is_shown_where_its_owner_chose_so_and_when_is_kept(
    services: Services, nobody: Context, empty: Database
) -> None:
    await signing_up(services, full_name="Nathan Berto", visibility=ProfileVisibility.PUBLIC)
    await signing_up(services, "other")

    shown = await citizens.citizen_by_handle(nobody, "nath")
    assert shown is not None
    assert shown.name == "nath (Nathan Berto)"
    async with empty.reading() as session:
        since = await session.execute(sa.select(account.c.public_since, account.c.charter_accepted_at))
        assert {tuple(row) for row in since} == {(START, START), (None, START)}


async def test_a_day_begins_at_midnight_in_paris(services: Services, clock: Clock) -> None:
    clock.now = datetime(2026, 9, 30, 22, 30, tzinfo=UTC)
    nath = await signing_up(services)

    shown = await citizens.citizen(nath, signed_in(nath.viewer).citizen_id)

    assert shown is not None
    assert shown.member_since.isoformat() == "2026-10-01"


# ---- the self-assessment


async def test_a_self_assessment_is_where_one_starts_and_never_counts_as_earned(services: Services) -> None:
    nath = await signing_up(services, token=assessed(services, 7))

    influence = await citizens.citizen_influence(nath, signed_in(nath.viewer).citizen_id)

    assert (influence.level, influence.points) == (7, 3_600)
    assert (influence.earned_level, influence.earned_points) == (1, 0)


async def test_a_self_assessment_is_good_once_and_a_refused_sign_up_leaves_nothing(
    services: Services, empty: Database
) -> None:
    token = assessed(services)
    await signing_up(services, token=token)

    assert refused(await refusals(services, token=token, handle="other", email="other@example.org")) == [
        (AssessmentAlreadyUsed, ("assessmentToken",))
    ]
    for table in (citizen, account, ledger_entry, refresh_token):
        assert await how_many(empty, table) == 1
    await signing_up(services, "other")


async def test_a_sign_up_that_is_refused_leaves_its_self_assessment_good(services: Services) -> None:
    token = assessed(services)
    await refusals(services, token=token, at_least_fifteen=False)

    nath = await signing_up(services, token=token)
    assert (await citizens.citizen_influence(nath, signed_in(nath.viewer).citizen_id)).level == 7


async def test_a_self_assessment_is_good_for_24_hours(services: Services, clock: Clock) -> None:
    token, other = assessed(services), assessed(services)
    clock.advance(hours=24)

    assert refused(await refusals(services, token=token)) == [(AssessmentTokenExpired, ("assessmentToken",))]
    clock.now -= SECOND
    await signing_up(services, token=other)


async def test_a_tampered_self_assessment_is_refused(services: Services, empty: Database) -> None:
    token = assessed(services)
    head, says, signature = token.split(".")
    access = (await accounts.sign_up(Context(services), sign_up("other"), assessment_token=None)).access.token

    for wrong in ("", "rien", f"{head}.{says}.{signature[::-1]}", f"{head}.{says[:-2]}AA.{signature}", access):
        assert refused(await refusals(services, token=wrong)) == [(AssessmentTokenInvalid, ("assessmentToken",))]
    assert await how_many(empty, citizen) == 1


async def test_used_self_assessments_are_forgotten_once_they_have_expired(
    services: Services, empty: Database, clock: Clock
) -> None:
    await signing_up(services, token=assessed(services))
    clock.advance(hours=12)
    await signing_up(services, "second", token=assessed(services))
    assert await how_many(empty, used_assessment) == 2

    clock.advance(hours=12)
    await signing_up(services, "third", token=assessed(services))

    assert await how_many(empty, used_assessment) == 2
