"""Many who sign up or refresh at once, on the real database: one of them does."""

from dataclasses import replace

import pytest

from db.engine import Database
from db.tables import account, citizen, ledger_entry
from domain.accounts import AssessmentAlreadyUsed, EmailTaken, HandleTaken, RefreshTokenExpired
from domain.refusals import Refusal
from resolvers import accounts
from resolvers.context import Context, Services
from tests.at_once import at_once, how_many
from tests.books import assert_balanced
from tests.factories import sign_up


async def test_one_assessment_is_good_for_one_of_many_sign_ups(services: Services, empty: Database) -> None:
    token = services.tokens.assessment(level=7, questionnaire="2026-1", now=services.clock()).token

    done, refused = await at_once(
        *(
            accounts.sign_up(Context(services), sign_up(f"nath-{number}"), assessment_token=token)
            for number in range(10)
        )
    )

    assert len(done) == 1
    assert [type(refusal) for refusal in refused] == [AssessmentAlreadyUsed] * 9
    for table in (citizen, account, ledger_entry):
        assert await how_many(empty, table) == 1
    await assert_balanced(empty)


@pytest.mark.parametrize("contested", ["email", "handle", "both"])
async def test_an_address_and_a_handle_go_to_one_of_many(services: Services, empty: Database, contested: str) -> None:
    wanted = [sign_up(f"nath-{number}") for number in range(10)]
    if contested in ("email", "both"):
        wanted = [replace(each, email="Nath@Example.org") for each in wanted]
    if contested in ("handle", "both"):
        wanted = [replace(each, handle="nath") for each in wanted]

    done, refused = await at_once(
        *(accounts.sign_up(Context(services), each, assessment_token=None) for each in wanted)
    )

    assert len(done) == 1
    taken: dict[str, set[type[Refusal]]] = {
        "email": {EmailTaken},
        "handle": {HandleTaken},
        "both": {HandleTaken, EmailTaken},
    }
    assert len(refused) >= 9
    assert {type(refusal) for refusal in refused} <= taken[contested]
    assert await how_many(empty, citizen) == await how_many(empty, account) == 1


async def test_a_refresh_token_used_by_many_at_once_ends_its_session(services: Services) -> None:
    opened = await accounts.sign_up(Context(services), sign_up("nath"), assessment_token=None)

    done, refused = await at_once(
        *(accounts.refresh_session(Context(services), opened.refresh_token) for _ in range(10))
    )

    assert len(done) == 1
    assert [type(refusal) for refusal in refused] == [RefreshTokenExpired] * 9
    for token in (opened.access.token, done[0].access.token):
        assert not await accounts.authenticate(Context(services), token)
    with pytest.raises(RefreshTokenExpired):
        await accounts.refresh_session(Context(services), done[0].refresh_token)
