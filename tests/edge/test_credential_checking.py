"""Checking credentials: whatever is changed in one, in its keys or in the list shows, and nothing makes it fail."""

import gzip
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import jwt
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.badges import (
    LIST_FILL,
    Badge,
    BadgeTexts,
    CredentialName,
    StatusEntry,
    credential,
    duration,
    list_to_draw_from,
    status_list,
)
from domain.events import Event, EventDetails, EventFormat, EventStatus
from domain.ids import EventId
from domain.participations import AttendanceEvidence
from domain.words import ThemeCode
from influents.badges.tokens import Doubt, Issuer, issuer_of
from influents.badges.verifying import Checked, Entry, check, look_up
from resolvers.badge_keys import BadgeIssuer, PublishedKey
from tests.badges import Json, revoked_in

ADDRESS = "https://influents.test"
OURS = BadgeIssuer(secret=b"a secret of the tests, 32 bytes at least", address=ADDRESS)
THEIRS = BadgeIssuer(secret=b"another secret, of 32 bytes and more", address=ADDRESS)
ELSEWHERE = BadgeIssuer(secret=b"a secret of the tests, 32 bytes at least", address="https://elsewhere.test")
PROFILE = json.dumps(OURS.document()).encode()
ISSUER = issuer_of(PROFILE)
NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
ATTENDED = datetime(2026, 9, 1, 18, tzinfo=UTC)
PLACE = 70_000


def claims(**changes: Any) -> Json:  # Any: members of the credential
    details = EventDetails(
        title="Barcamp",
        description="Une soirée.",
        format=EventFormat.ONLINE,
        starts_at=ATTENDED,
        ends_at=ATTENDED + timedelta(hours=2),
        themes=(ThemeCode.CULTURE,),
        engagement=3,
    )
    event = Event(
        id=EventId(UUID(int=1)),
        slug="barcamp",
        details=details,
        status=EventStatus.COMPLETED,
        proposer_id=None,
        organization_id=None,
        by_verified=True,
        updated_at=ATTENDED,
    )
    badge = Badge(
        event=event,
        status=StatusEntry(1, PLACE),
        called=CredentialName.HANDLE,
        name="nath",
        organizer="DemoTIC",
        minutes=120,
        evidence=AttendanceEvidence.ORGANIZER,
        valid_from=ATTENDED,
    )
    texts = BadgeTexts(
        locale="fr",
        description="A participé.",
        criteria="Être là.",
        evidence="Un organisateur l’a confirmé.",
        duration="Durée",
        theme="Thème",
        themes=["Culture"],
    )
    return credential(badge, texts, OURS.at) | changes


def listed(*revoked: int, at: datetime = NOW, **changes: Any) -> Json:  # Any: members of the list
    return status_list(1, revoked, OURS.at, valid_from=at, seconds=300) | changes


TOKEN, LIST = OURS.signed(claims()).encode(), OURS.signed(listed(1, PLACE - 1, PLACE + 1)).encode()
HEADER = jwt.get_unverified_header(TOKEN.decode())
ENTRY = Entry(url=f"{ADDRESS}/credentials/status/1", index=PLACE)


def checked(token: bytes, issuer: Issuer = ISSUER, now: datetime = NOW) -> Checked:
    return check(token, issuer, now=now)


def doubted(look: Callable[[], object]) -> str:
    """Why something is doubted; nothing where it holds. Whatever else is raised is a fault."""
    try:
        look()
    except Doubt as doubt:
        return str(doubt)
    return ""


def forged(header: Json, payload: Json, signature: bytes = b"") -> bytes:
    parts = [json.dumps(each).encode() for each in (header, payload)]
    return b".".join(urlsafe_b64encode(each).rstrip(b"=") for each in (*parts, signature))


def test_what_is_whole_holds() -> None:
    found = checked(TOKEN)

    assert (found.name, found.event, found.organizer, found.minutes) == ("nath", "Barcamp", "DemoTIC", 120)
    assert (found.themes, found.valid_from, found.status) == (["Culture"], ATTENDED, ENTRY)
    assert look_up(ENTRY, LIST, ISSUER, now=NOW) == NOW


@given(st.integers(0, len(TOKEN) - 1), st.integers(0, 255))
@example(len(TOKEN) - 1, ord("A"))  # its last letter holds two bits that mean nothing
def test_a_credential_in_which_any_byte_is_another_does_not_hold(place: int, byte: int) -> None:
    changed = TOKEN[:place] + bytes([byte]) + TOKEN[place + 1 :]
    if changed == TOKEN or changed.strip() == TOKEN:
        return
    with pytest.raises(Doubt):
        checked(changed)


@given(st.integers(0, len(TOKEN) - 1), st.integers(0, 7))
def test_a_credential_in_which_any_bit_is_flipped_does_not_hold(place: int, bit: int) -> None:
    with pytest.raises(Doubt):
        checked(TOKEN[:place] + bytes([TOKEN[place] ^ 1 << bit]) + TOKEN[place + 1 :])


@given(st.integers(0, len(LIST) - 1), st.integers(0, 7))
def test_a_list_in_which_any_bit_is_flipped_does_not_hold(place: int, bit: int) -> None:
    with pytest.raises(Doubt):
        look_up(ENTRY, LIST[:place] + bytes([LIST[place] ^ 1 << bit]) + LIST[place + 1 :], ISSUER, now=NOW)


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
@example(b"")
@example(b"..")
@example(b"e30.e30.e30")
@example(b"[" * 100_000)
def test_garbage_is_doubted_in_a_line_whatever_it_is_given_as(content: bytes) -> None:
    for look in (
        lambda: checked(content),
        lambda: look_up(ENTRY, content, ISSUER, now=NOW),
        lambda: issuer_of(content),
    ):
        assert len(doubted(look).splitlines()) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
MEMBERS = sorted(claims().keys() - {"iss", "jti"})  # what signs lets nothing but text be these


@given(st.sampled_from(MEMBERS), JSON)
def test_whatever_an_issuer_signs_is_told_or_doubted(member: str, value: object) -> None:
    token = OURS.signed(claims(**{member: value})).encode()

    assert len(doubted(lambda: checked(token)).splitlines()) <= 1


@given(st.sampled_from(["alg", "typ", "kid", "cty", "crit"]), JSON)
def test_whatever_a_header_says_it_is_told_or_doubted(member: str, value: object) -> None:
    token = forged(HEADER | {member: value}, claims(), b"x" * 64)

    assert len(doubted(lambda: checked(token)).splitlines()) == 1


@given(st.sampled_from([*MEMBERS, "kid", "keys", "verificationMethod"]), JSON)
def test_whatever_is_in_a_file_of_keys_it_is_read_or_doubted(member: str, value: object) -> None:
    for document in (OURS.document(), OURS.jwks(), OURS.jwks()["keys"][0]):
        content = json.dumps(document | {member: value}).encode()

        assert len(doubted(partial(issuer_of, content)).splitlines()) <= 1


@given(st.sets(st.integers(0, 131_071), max_size=50))
def test_a_list_says_of_every_place_what_it_was_told(revoked: set[int]) -> None:
    token = OURS.signed(listed(*revoked))

    assert revoked_in(token, OURS.jwks()["keys"][0]) == (revoked, 131_072)
    for index in {0, 131_071, *list(revoked)[:3]}:
        entry = Entry(url=ENTRY.url, index=index)
        if index in revoked:
            with pytest.raises(Doubt, match="it is revoked"):
                look_up(entry, token.encode(), ISSUER, now=NOW)
        else:
            look_up(entry, token.encode(), ISSUER, now=NOW)


@pytest.mark.parametrize(
    ("token", "why"),
    [
        (forged(HEADER | {"alg": "none"}, claims()), "no signed credential"),
        (forged(HEADER | {"alg": "none"}, claims(), b"x"), "says none"),
        (forged(HEADER | {"alg": "None"}, claims(), b"x"), "says None"),
        (forged({key: HEADER[key] for key in ("kid", "typ")}, claims(), b"x"), "says None"),
        (jwt.encode(claims(), "x" * 32, "HS256", headers=HEADER | {"alg": "HS256"}).encode(), "says HS256"),
        (
            jwt.encode(claims(), OURS.jwks()["keys"][0]["x"], "HS256", headers={"kid": HEADER["kid"]}).encode(),
            "says HS256",
        ),
        (THEIRS.signed(claims()).encode(), "not among the issuer's"),
        (ELSEWHERE.signed(claims()).encode(), "not among the issuer's"),
        (OURS.signed(claims(iss="https://elsewhere.test")).encode(), "another issuer's"),
        (OURS.signed(claims(issuer={"id": "https://elsewhere.test"})).encode(), "another issuer's"),
        (OURS.signed(claims(type=["VerifiableCredential"])).encode(), "no Open Badge"),
        (OURS.signed(listed()).encode(), "no Open Badge"),
        (OURS.signed(claims(validFrom="2026-12-01T00:00:00Z")).encode(), "no earlier"),
        (OURS.signed(claims(nbf=int(NOW.timestamp()) + 3600)).encode(), "no earlier"),
        (OURS.signed(claims(validUntil="2026-09-30T00:00:00Z")).encode(), "it was valid until"),
        (OURS.signed(claims(validFrom="2026-09-01")).encode(), "from when on"),
        (OURS.signed(claims(credentialStatus={"type": "Another"})).encode(), "who took part in what"),
        (TOKEN + b".e30", "no signed credential"),
        (TOKEN.replace(b".", b"=."), "no signed credential"),
    ],
)
def test_what_does_not_hold_is_told_why(token: bytes, why: str) -> None:
    with pytest.raises(Doubt, match=why):
        checked(token)


@pytest.mark.parametrize(
    ("token", "why"),
    [
        (OURS.signed(listed(PLACE)).encode(), "it is revoked, by the list of 2026-10-01 12:00 UTC"),
        (THEIRS.signed(listed()).encode(), "not among the issuer's"),
        (TOKEN, "no list of what was revoked"),
        (OURS.signed(status_list(2, (), OURS.at, valid_from=NOW, seconds=300)).encode(), "this is another one"),
        (OURS.signed(listed(iss="https://elsewhere.test")).encode(), "another issuer's"),
        (OURS.signed(listed(at=NOW + timedelta(hours=1))).encode(), "no earlier"),
    ],
)
def test_a_list_that_does_not_hold_is_told_why(token: bytes, why: str) -> None:
    with pytest.raises(Doubt, match=why):
        look_up(ENTRY, token, ISSUER, now=NOW)


@pytest.mark.parametrize(
    "bits", [b"", bytes(100), bytes(2 * 1024 * 1024)], ids=["none", "too few for anybody to hide", "too many"]
)
def test_a_list_of_another_length_is_not_read(bits: bytes) -> None:
    text = "u" + urlsafe_b64encode(gzip.compress(bits)).rstrip(b"=").decode()
    subject = {"type": "BitstringStatusList", "statusPurpose": "revocation", "encodedList": text}

    with pytest.raises(Doubt, match="its bits can't be read"):
        look_up(ENTRY, OURS.signed(listed(credentialSubject=subject)).encode(), ISSUER, now=NOW)


def test_a_former_key_is_good_for_what_was_signed_before_it_expired() -> None:
    x = OURS.jwks()["keys"][0]["x"]

    def after(day: str) -> Issuer:
        renewed = BadgeIssuer(
            secret=b"another secret, of 32 bytes and more", address=ADDRESS, published=[PublishedKey.read(f"{x}@{day}")]
        )
        by_profile, by_keys = (issuer_of(json.dumps(each).encode()) for each in (renewed.document(), renewed.jwks()))
        assert by_profile.keys == by_keys.keys
        return by_keys

    assert checked(TOKEN, after("2026-09-02")).name == "nath"
    with pytest.raises(Doubt, match="its key had expired on 2026-09-01"):
        checked(TOKEN, after("2026-09-01"))
    with pytest.raises(Doubt, match="not among the issuer's"):
        checked(TOKEN, issuer_of(json.dumps(THEIRS.jwks()).encode()))


def test_keys_of_several_issuers_are_no_issuers() -> None:
    mixed = {"keys": [*OURS.jwks()["keys"], *ELSEWHERE.jwks()["keys"]]}

    with pytest.raises(Doubt):
        issuer_of(json.dumps(mixed).encode())


def test_what_people_wrote_does_nothing_to_a_terminal() -> None:
    evil = claims(name="x")
    evil["credentialSubject"]["achievement"]["name"] = "Bar\x1b[2Jcamp\r\n" + "x" * 1_000

    found = checked(OURS.signed(evil).encode())

    assert found.event.startswith("Bar [2Jcamp")
    assert found.event.isprintable()
    assert len(found.event) <= 301


def test_a_list_is_filled_by_half_and_then_the_next_begins() -> None:
    assert [list_to_draw_from(3, taken) for taken in (0, LIST_FILL - 1, LIST_FILL)] == [3, 3, 4]


@pytest.mark.parametrize(("minutes", "written"), [(0, "PT0M"), (59, "PT59M"), (60, "PT1H"), (270, "PT4H30M")])
def test_durations_are_written_as_iso_8601_has_them(minutes: int, written: str) -> None:
    assert duration(minutes) == written
