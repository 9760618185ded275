"""What people change about their accounts, as their programs meet it."""

from typing import Any

import pytest

from domain.charter import CHARTER_VERSION
from domain.mails import MailTemplate
from domain.permissions import signed_in
from resolvers.context import Context
from schema.ids import Kind, seal
from tests.asking import Answer, Ask
from tests.clock import Clock
from tests.factories import PASSWORD, Town
from tests.mailbox import last_token

ANOTHER = "une tout autre phrase de passe"
VIEWER = "viewer { email emailVerified } errors { code field message }"
INPUTS: dict[str, dict[str, object]] = {
    "changePassword": {"current": PASSWORD, "password": ANOTHER},
    "changeEmail": {"password": PASSWORD, "email": "autre@example.org"},
    "revokeSession": {"id": "session_" + "0" * 32},
    "acceptCharter": {"version": CHARTER_VERSION},
    "updateProfile": {"bio": "Bonjour."},
    "updateSettings": {"locale": "EN"},
    "deleteAccount": {"password": PASSWORD},
}
"""Those that need somebody to be signed in."""


async def call(ask: Ask, ctx: Context, mutation: str, input: dict[str, Any], shown: str = VIEWER) -> Answer:
    type_ = mutation[0].upper() + mutation[1:] + "Input"
    document = f"mutation($input: {type_}!) {{ {mutation}(input: $input) {{ {shown} }} }}"
    return await ask(ctx, document, input=input)


@pytest.mark.parametrize("mutation", INPUTS)
async def test_nobody_changes_nothing(ask: Ask, nobody: Context, mutation: str) -> None:
    answer = await call(ask, nobody, mutation, INPUTS[mutation], "errors { code }")

    assert answer.codes == ["UNAUTHENTICATED"]
    assert answer.data == {mutation: None}


async def test_an_address_is_verified_changed_and_a_password_reset(ask: Ask, town: Town, nobody: Context) -> None:
    nath, database = await town.citizen("nath"), town.services.database

    again = await ask(nath, f"mutation {{ resendEmailVerification {{ {VIEWER} }} }}")
    assert again["resendEmailVerification"]["errors"] == []
    token = {"token": await last_token(database, MailTemplate.VERIFY_EMAIL)}
    assert (await call(ask, nobody, "verifyEmail", token))["verifyEmail"] == {"viewer": None, "errors": []}
    twice = (await call(ask, nath, "verifyEmail", token))["verifyEmail"]
    assert [(error["code"], error["field"]) for error in twice["errors"]] == [("ALREADY_DONE", ["token"])]

    change = await call(ask, nath, "changeEmail", {"password": PASSWORD, "email": "neuve@example.org"})
    assert change["changeEmail"]["viewer"] == {"email": "nath@example.org", "emailVerified": True}
    token = {"token": await last_token(database, MailTemplate.CHANGE_EMAIL)}
    changed = (await call(ask, nath, "verifyEmail", token))["verifyEmail"]
    assert changed["viewer"] == {"email": "neuve@example.org", "emailVerified": True}

    answers = [
        (await call(ask, nobody, "requestPasswordReset", {"email": email}, "errors { code }")).data
        for email in ("neuve@example.org", "inconnue@example.org")
    ]
    assert answers == [{"requestPasswordReset": {"errors": []}}] * 2
    reset = {"token": await last_token(database, MailTemplate.RESET_PASSWORD), "password": ANOTHER}
    opened = await call(ask, nobody, "resetPassword", reset, "session { viewer { email } } errors { code }")
    assert opened["resetPassword"] == {"session": {"viewer": {"email": "neuve@example.org"}}, "errors": []}


@pytest.mark.parametrize("garbage", ["", "é", "x" * 10_000])
async def test_a_token_that_is_none_is_refused(ask: Ask, nobody: Context, garbage: str) -> None:
    verify = (await call(ask, nobody, "verifyEmail", {"token": garbage}))["verifyEmail"]
    reset = {"token": garbage, "password": ANOTHER}
    set_anew = (await call(ask, nobody, "resetPassword", reset, "session { expiresAt } errors { code }"))[
        "resetPassword"
    ]

    assert [error["code"] for error in verify["errors"] + set_anew["errors"]] == ["TOKEN_EXPIRED"] * 2


async def test_who_ends_the_session_that_asks_is_nobody_afterwards(ask: Ask, town: Town) -> None:
    nath = await town.citizen("nath")
    stranger = await town.citizen()
    mine = {"id": seal(Kind.SESSION, signed_in(nath.viewer).session_id)}

    refused = (await call(ask, stranger, "revokeSession", mine))["revokeSession"]
    assert [error["code"] for error in refused["errors"]] == ["NOT_FOUND"]
    assert (await call(ask, nath, "revokeSession", mine))["revokeSession"] == {"viewer": None, "errors": []}
    assert (await call(ask, nath, "revokeSession", mine)).codes == ["UNAUTHENTICATED"]
    assert (await call(ask, stranger, "revokeSession", {"id": "event_" + "0" * 32})).codes == ["BAD_USER_INPUT"]


async def test_a_profile_field_left_out_stays_and_null_clears_it(ask: Ask, town: Town) -> None:
    nath = await town.citizen("nath")
    shown = "viewer { citizen { bio talents territory { code } } } errors { code field }"
    given = {"bio": "  Bonjour. ", "talents": ["  Droit  public ", "design"]}

    first = (await call(ask, nath, "updateProfile", given, shown))["updateProfile"]
    assert first["viewer"]["citizen"] == {
        "bio": "Bonjour.",
        "talents": ["Droit public", "design"],
        "territory": {"code": "FR-44"},
    }
    cleared = (await call(ask, nath, "updateProfile", {"bio": None, "territory": None}, shown))["updateProfile"]
    assert cleared["viewer"]["citizen"] == {"bio": None, "talents": ["Droit public", "design"], "territory": None}
    wrong = {"links": [{"label": "", "url": "https://example.org"}], "territory": "FR-99", "talents": ["a", "À"]}
    refused = (await call(ask, nath, "updateProfile", wrong, shown))["updateProfile"]
    assert {tuple(error["field"]): error["code"] for error in refused["errors"]} == {
        ("links", "0", "label"): "REQUIRED",
        ("talents",): "INVALID",
        ("territory",): "NOT_FOUND",
    }
    assert (await call(ask, nath, "updateProfile", {"avatarUrl": "javascript:alert(1)"})).codes == ["BAD_USER_INPUT"]


async def test_settings_are_changed_and_none_can_be_cleared(ask: Ask, town: Town) -> None:
    nath, young = await town.citizen("nath", full_name="Nathan Berto"), await town.citizen(adult=False)
    shown = "viewer { visibility discoverable emailNotifications locale citizen { name } } errors { code field }"
    given = {"visibility": "PUBLIC", "discoverable": True, "emailNotifications": False, "locale": "EN"}

    changed = (await call(ask, nath, "updateSettings", given, shown))["updateSettings"]
    assert changed["viewer"] == {**given, "citizen": {"name": "nath (Nathan Berto)"}}
    refused = (await call(ask, nath, "updateSettings", dict.fromkeys(given), shown))["updateSettings"]
    assert [(error["code"], error["field"]) for error in refused["errors"]] == [
        ("REQUIRED", [name]) for name in ("visibility", "discoverable", "emailNotifications", "locale")
    ]
    minor = (await call(ask, young, "updateSettings", given, shown))["updateSettings"]
    assert [(error["code"], error["field"]) for error in minor["errors"]] == [
        ("TOO_YOUNG", ["visibility"]),
        ("TOO_YOUNG", ["discoverable"]),
    ]


async def test_an_export_is_for_who_has_just_signed_in(ask: Ask, town: Town, nobody: Context, clock: Clock) -> None:
    nath = await town.citizen("nath")

    export = (await ask(nath, "{ viewer { dataExport } }"))["viewer"]["dataExport"]
    assert export["account"][0]["email"] == "nath@example.org"
    assert (await ask(nobody, "{ viewer { dataExport } }"))["viewer"] is None
    clock.advance(minutes=11)
    late = await ask(nath, "{ viewer { dataExport } }")
    assert late.codes == ["UNAUTHENTICATED"]
    assert "dix minutes" in late.errors[0]["message"]


async def test_an_account_is_deleted_with_its_password_and_everything_about_it_is_nothing(
    ask: Ask, town: Town, nobody: Context
) -> None:
    nath = await town.citizen("nath", level=3)
    my_id = seal(Kind.CITIZEN, signed_in(nath.viewer).citizen_id)
    entries = '{ citizen(handle: "nath") { ledger { edges { node { id } } } } }'
    (entry,) = (await ask(nobody, entries))["citizen"]["ledger"]["edges"]
    shown = "deleted errors { code field }"

    wrong = (await call(ask, nath, "deleteAccount", {"password": "pas celui-ci du tout"}, shown))["deleteAccount"]
    assert wrong == {"deleted": False, "errors": [{"code": "WRONG_CREDENTIALS", "field": ["password"]}]}
    gone = (await call(ask, nath, "deleteAccount", {"password": PASSWORD}, shown))["deleteAccount"]
    assert gone == {"deleted": True, "errors": []}

    nodes = await ask(nobody, "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=[my_id, entry["node"]["id"]])
    assert nodes["nodes"] == [None, None]
    assert (await ask(nobody, entries))["citizen"] is None
    assert (await call(ask, nath, "deleteAccount", {"password": PASSWORD}, shown)).codes == ["UNAUTHENTICATED"]
