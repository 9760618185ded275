"""A copy of everything that is held on a person."""

import json

import pytest

from db.personal import HELD
from domain.account_changes import SignInAgain
from domain.badges import CredentialName
from domain.refusals import Unauthenticated
from resolvers import accounts, badges, exports
from resolvers.context import Context
from schema.exports import as_json
from tests.clock import Clock
from tests.factories import PASSWORD, Town
from tests.leaving import MARKS, me
from tests.mailbox import posted

SECTIONS = {held.section for held in HELD if held.section} | {"eventsNamed"}


async def test_it_says_what_every_table_holds_and_gives_no_secret_away(town: Town) -> None:
    ctx, opened = await me(town)
    owner = await town.citizen("owner")
    hall = await town.organization(owner)
    evening = await town.event(owner, hall.id)
    await town.attend(ctx, evening)
    own = await town.event(ctx)

    export = await exports.data_export(ctx)
    text = json.dumps(as_json(export), ensure_ascii=False)

    assert export.keys() == SECTIONS
    assert [mark for mark in MARKS[:8] if mark not in text] == []
    for secret in (
        opened.refresh_token,
        opened.access.token,
        "argon2",
        *(mail.token for mail in await posted(ctx.services.database)),
    ):
        assert secret not in text
    assert "owner@example.org" not in text
    assert [row["title"] for row in export["eventsNamed"]] == [evening.details.title]
    assert [row["id"] for row in export["events"]] == [own.id]
    assert [row["points"] for row in export["ledger"]] == [200]


async def test_it_is_written_as_the_api_writes(town: Town) -> None:
    ctx, _ = await me(town)
    owner = await town.citizen()
    hall = await town.organization(owner)
    there = await town.attend(ctx, await town.event(owner, hall.id))
    await badges.badge(ctx, there, CredentialName.HANDLE)

    export = json.loads(json.dumps(as_json(await exports.data_export(ctx))))

    (drawn,) = export["credentials"]
    assert (drawn["participationId"], drawn["listNumber"], drawn["revoked"]) == (
        export["participations"][0]["id"],
        1,
        False,
    )
    (entry,), (account,), (profile,) = export["ledger"], export["account"], export["profile"]
    assert entry["id"].startswith("entry_")
    assert entry["eventId"].startswith("event_")
    assert entry["participationId"] == export["participations"][0]["id"]
    assert (entry["kind"], entry["multiplier"]) == ("PARTICIPATION", 1.0)
    assert (account["email"], account["locale"]) == ("zyx-email-mark@example.org", "FR")
    assert account["charterAcceptedAt"].endswith("Z")
    assert profile["links"] == [{"label": "zyx-link-mark", "url": "https://example.org/zyx-link-mark"}]
    assert profile["talents"] == ["zyx-talent-mark"]


async def test_it_needs_a_sign_in_within_the_last_ten_minutes(town: Town, clock: Clock) -> None:
    ctx, opened = await me(town)
    clock.advance(minutes=10)
    await exports.data_export(ctx)
    clock.advance(seconds=1)
    await accounts.refresh_session(ctx, opened.refresh_token)

    with pytest.raises(SignInAgain):
        await exports.data_export(ctx)
    await accounts.sign_in(ctx, email="zyx-email-mark@example.org", password=PASSWORD)
    await exports.data_export(ctx)


async def test_nobody_has_nothing_to_take_away(nobody: Context) -> None:
    with pytest.raises(Unauthenticated):
        await exports.data_export(nobody)
