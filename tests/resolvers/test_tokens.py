import hashlib
import hmac
import json
import string
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import example, given
from hypothesis import strategies as st

from domain.accounts import AssessmentTokenExpired, AssessmentTokenInvalid
from domain.ids import CitizenId, SessionId
from resolvers import tokens as tokens_of
from resolvers.tokens import AccessClaims, Tokens, fingerprint, new_refresh_token, thumbprint

SECRET = bytes(range(32))
ISSUER = "https://influents.example"
TOKENS = Tokens(secret=SECRET, issuer=ISSUER)
NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
SECOND = timedelta(seconds=1)
NATH, SESSION = CitizenId(UUID(int=1)), SessionId(UUID(int=2))
KID = TOKENS.jwks()["keys"][0]["kid"]
ACCESS = TOKENS.access(citizen=NATH, session=SESSION, now=NOW).token
ASSESSMENT = TOKENS.assessment(level=7, questionnaire="2026-1", now=NOW).token

# Derived as the tokens' own key is: what is signed with it fails for what it says, not for its signature.
SEED = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"influents token signing key 1").derive(SECRET)
KEY = Ed25519PrivateKey.from_private_bytes(SEED)

moments = st.builds(
    lambda after, hours: (NOW + after).astimezone(timezone(timedelta(hours=hours))),
    st.timedeltas(timedelta(days=-9_000), timedelta(days=9_000)),
    st.integers(-12, 14),
)
base64url = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", max_size=40)
anything_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def said(token: str) -> dict[str, object]:
    """What a token says, whoever signed it."""
    claims: dict[str, object] = jwt.decode(token, options={"verify_signature": False})
    return claims


def signed(claims: dict[str, object], *, typ: str = "at+jwt") -> str:
    headers = {"typ": typ, "kid": KID}
    return jwt.PyJWS().encode(json.dumps(claims).encode(), KEY, "EdDSA", headers=headers)


def segment(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def assert_nobody_takes(token: str, *, now: datetime = NOW) -> None:
    assert TOKENS.read_access(token, now=now) is None
    with pytest.raises(AssessmentTokenInvalid) as refusal:
        TOKENS.read_assessment(token, now=now)
    assert refusal.value.path == ("assessmentToken",)


@given(st.uuids(), st.uuids(), moments)
def test_an_access_token_says_who_and_which_session_for_15_minutes(citizen: UUID, session: UUID, now: datetime) -> None:
    access = TOKENS.access(citizen=CitizenId(citizen), session=SessionId(session), now=now)
    expected = AccessClaims(citizen=CitizenId(citizen), session=SessionId(session), expires_at=access.expires_at)

    assert access.expires_at == now.replace(microsecond=0) + timedelta(minutes=15)
    assert TOKENS.read_access(access.token, now=now) == expected
    assert TOKENS.read_access(access.token, now=access.expires_at - timedelta(microseconds=1)) == expected
    assert TOKENS.read_access(access.token, now=access.expires_at) is None


@given(st.integers(1, 20), st.text(st.characters(exclude_categories=["Cs"]), max_size=20), moments)
def test_an_assessment_token_holds_its_level_and_version_for_24_hours(level: int, version: str, now: datetime) -> None:
    assessment = TOKENS.assessment(level=level, questionnaire=version, now=now)
    claims = TOKENS.read_assessment(assessment.token, now=now)

    assert (claims.level, claims.version, claims.expires_at) == (level, version, assessment.expires_at)
    assert assessment.expires_at == now.replace(microsecond=0) + timedelta(hours=24)
    assert TOKENS.read_assessment(assessment.token, now=assessment.expires_at - timedelta(microseconds=1)) == claims
    with pytest.raises(AssessmentTokenExpired) as refusal:
        TOKENS.read_assessment(assessment.token, now=assessment.expires_at)
    assert refusal.value.path == ("assessmentToken",)


def test_each_token_has_an_id_of_its_own() -> None:
    tokens = [TOKENS.assessment(level=7, questionnaire="2026-1", now=NOW).token for _ in range(20)]

    assert len({TOKENS.read_assessment(token, now=NOW).id for token in tokens}) == 20
    assert said(ACCESS)["jti"] != said(TOKENS.access(citizen=NATH, session=SESSION, now=NOW).token)["jti"]


def test_tokens_say_no_more_than_they_must() -> None:
    assert said(ACCESS).keys() == {"iss", "aud", "sub", "sid", "scope", "iat", "exp", "jti"}
    assert said(ASSESSMENT).keys() == {"iss", "aud", "level", "questionnaire", "iat", "exp", "jti"}
    assert (said(ACCESS)["iss"], said(ACCESS)["aud"]) == (ISSUER, "influents")
    assert jwt.get_unverified_header(ACCESS) == {
        "alg": "EdDSA",
        "typ": "at+jwt",
        "kid": KID,
    }


def test_neither_kind_passes_for_the_other() -> None:
    assert TOKENS.read_access(ASSESSMENT, now=NOW) is None
    with pytest.raises(AssessmentTokenInvalid):
        TOKENS.read_assessment(ACCESS, now=NOW)


def test_neither_kind_passes_for_the_other_by_its_type_or_its_audience_alone() -> None:
    both = said(ACCESS) | {"level": 7, "questionnaire": "2026-1"}
    assert TOKENS.read_access(signed(both), now=NOW)

    assert TOKENS.read_access(signed(both, typ="assessment+jwt"), now=NOW) is None
    assert TOKENS.read_access(signed(both, typ="JWT"), now=NOW) is None
    assert_nobody_takes(signed(both | {"aud": "influents:assessment"}))
    assert_nobody_takes(signed(both | {"aud": ["influents", "influents:assessment"]}))
    with pytest.raises(AssessmentTokenInvalid):
        TOKENS.read_assessment(signed(both, typ="assessment+jwt"), now=NOW)


@given(st.sampled_from([ACCESS, ASSESSMENT]), st.data())
def test_a_token_with_another_character_anywhere_is_refused(token: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from("AQgw_-09z.= ").filter(lambda character: character != token[place]))

    assert_nobody_takes(token[:place] + other + token[place + 1 :])


@pytest.mark.parametrize("token", [ACCESS, ASSESSMENT])
@pytest.mark.parametrize("part", range(3))
def test_a_part_that_is_written_in_another_way_is_refused_even_where_it_means_the_same(token: str, part: int) -> None:
    parts = token.split(".")
    for last in string.ascii_letters + string.digits + "-_":
        others = [*parts[:part], parts[part][:-1] + last, *parts[part + 1 :]]
        if others != parts:
            assert_nobody_takes(".".join(others))


@pytest.mark.parametrize("token", [ACCESS, ASSESSMENT])
def test_a_token_cut_or_lengthened_is_refused(token: str) -> None:
    for end in range(len(token)):
        assert_nobody_takes(token[:end])
    for more in ("=", "==", "A", ".", "\n", " "):
        assert_nobody_takes(token + more)
        assert_nobody_takes(more + token)


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", None, "EdDSA ", ["EdDSA"], {"EdDSA": 1}, 1])
def test_unsigned_tokens_are_refused_whatever_they_call_themselves(algorithm: object) -> None:
    for token in (ACCESS, ASSESSMENT):
        _, payload, signature = token.split(".")
        typ = jwt.get_unverified_header(token)["typ"]
        header = segment(json.dumps({"alg": algorithm, "typ": typ, "kid": KID}).encode())

        assert_nobody_takes(f"{header}.{payload}.")
        assert_nobody_takes(f"{header}.{payload}.{signature}")


def test_a_public_key_taken_for_a_shared_secret_signs_nothing() -> None:
    public = KEY.public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    for token in (ACCESS, ASSESSMENT):
        typ = jwt.get_unverified_header(token)["typ"]
        for secret in (public.public_bytes_raw(), pem, TOKENS.jwks()["keys"][0]["x"].encode()):
            for algorithm, digest in (("HS256", "sha256"), ("HS512", "sha512"), ("EdDSA", "sha512")):
                header = segment(json.dumps({"alg": algorithm, "typ": typ, "kid": KID}).encode())
                body = f"{header}.{token.split('.')[1]}"
                forged = segment(hmac.new(secret, body.encode(), digest).digest())
                assert_nobody_takes(f"{body}.{forged}")


def test_a_key_that_a_token_brings_along_is_not_used() -> None:
    own = Ed25519PrivateKey.generate()
    x = segment(own.public_key().public_bytes_raw())
    headers = {"typ": "at+jwt", "jwk": {"kty": "OKP", "crv": "Ed25519", "x": x}, "kid": KID}

    assert_nobody_takes(jwt.encode(said(ACCESS), own, "EdDSA", headers=headers))


def test_another_secret_or_another_issuer_reads_nothing() -> None:
    for other in (Tokens(secret=SECRET[::-1], issuer=ISSUER), Tokens(secret=SECRET, issuer=ISSUER + "/")):
        assert other.read_access(ACCESS, now=NOW) is None
        with pytest.raises(AssessmentTokenInvalid):
            other.read_assessment(ASSESSMENT, now=NOW)


def test_the_same_secret_reads_tokens_in_every_process() -> None:
    assert Tokens(secret=SECRET, issuer=ISSUER).read_access(ACCESS, now=NOW)
    assert TOKENS.read_access(signed(said(ACCESS)), now=NOW)


def test_tokens_from_the_future_are_refused_but_for_what_clocks_differ_by() -> None:
    assert TOKENS.read_access(ACCESS, now=NOW - 10 * SECOND)
    assert_nobody_takes(ACCESS, now=NOW - 11 * SECOND)
    assert_nobody_takes(ASSESSMENT, now=NOW - 11 * SECOND)


def test_a_signature_that_held_is_not_verified_again_but_times_are(monkeypatch: pytest.MonkeyPatch) -> None:
    verified: list[str] = []
    verify = tokens_of._READING.decode_complete

    def noted(token: str, *given: Any, **named: Any) -> dict[str, Any]:  # Any: as the library has it
        verified.append(token)
        return verify(token, *given, **named)

    monkeypatch.setattr(tokens_of._READING, "decode_complete", noted)
    tokens = Tokens(secret=SECRET, issuer=ISSUER)
    for _ in range(3):
        assert tokens.read_access(ACCESS, now=NOW)
    assert verified == [ACCESS]
    assert tokens.read_access(ACCESS, now=NOW + 15 * 60 * SECOND) is None
    assert tokens.read_access(ACCESS, now=NOW - 11 * SECOND) is None
    assert tokens.read_access(ACCESS[:-4] + "AAAA", now=NOW) is None


def test_what_is_not_good_is_not_kept_and_what_is_only_as_far_as_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resolvers.tokens.MOST_VERIFIED", 3)
    tokens = Tokens(secret=SECRET, issuer=ISSUER)
    for wrong in (ASSESSMENT, ACCESS[:-4] + "AAAA", "no token"):
        assert tokens.read_access(wrong, now=NOW) is None
    assert tokens.read_access(ACCESS, now=NOW + 15 * 60 * SECOND) is None
    assert len(tokens._verified) == 0
    for _ in range(10):
        assert tokens.read_access(TOKENS.access(citizen=NATH, session=SESSION, now=NOW).token, now=NOW)
    assert len(tokens._verified) == 3


@pytest.mark.parametrize("claim", ["iss", "aud", "sub", "sid", "iat", "exp", "jti"])
def test_an_access_token_that_leaves_something_out_is_refused(claim: str) -> None:
    claims = said(ACCESS)
    del claims[claim]

    assert TOKENS.read_access(signed(claims), now=NOW) is None


@given(st.sampled_from(["iss", "aud", "sub", "sid", "iat", "exp", "jti", "level", "questionnaire"]), anything_json)
@example("exp", 10**30)
@example("exp", True)
@example("exp", float("inf"))
@example("iat", -(10**18))
@example("sub", "{" + str(NATH) + "}x")
@example("level", True)
def test_signed_nonsense_is_answered_and_never_breaks_anything(claim: str, value: object) -> None:
    read = TOKENS.read_access(signed(said(ACCESS) | {claim: value}), now=NOW)
    assert read is None or isinstance(read.citizen, UUID)
    with suppress(AssessmentTokenInvalid, AssessmentTokenExpired):
        TOKENS.read_assessment(signed(said(ASSESSMENT) | {claim: value}, typ="assessment+jwt"), now=NOW)


@pytest.mark.parametrize("level", [0, 21, -1, "7", 7.5, None, [7], 10**30])
def test_a_level_that_is_none_is_refused(level: object) -> None:
    with pytest.raises(AssessmentTokenInvalid):
        TOKENS.read_assessment(signed(said(ASSESSMENT) | {"level": level}, typ="assessment+jwt"), now=NOW)


@given(
    st.text()
    | st.builds("{}.{}.{}".format, base64url, base64url, base64url)
    | st.builds(
        lambda header, payload: f"{segment(json.dumps(header).encode())}.{segment(json.dumps(payload).encode())}.AAAA",
        anything_json | st.fixed_dictionaries({"alg": st.just("EdDSA"), "crit": anything_json, "kid": anything_json}),
        anything_json,
    )
)
@example("")
@example("..")
@example("\ud800.\ud800.\ud800")
@example(ACCESS.replace(".", "\u3002"))
@example("eyJhbGciOiJFZERTQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..AAAA")
@example(segment(b"[" * 1400) + ".e30.AAAA")
@example(segment(b"9" * 1400) + ".e30.AAAA")
def test_no_string_at_all_breaks_the_reading_of_tokens(token: str) -> None:
    assert_nobody_takes(token)


def test_what_is_longer_than_any_token_is_not_looked_into() -> None:
    assert_nobody_takes("a" * 200_000)
    assert_nobody_takes(ACCESS + "A" * 200_000)


def test_the_published_key_verifies_access_tokens_and_holds_nothing_private() -> None:
    (key,) = TOKENS.jwks()["keys"]

    assert key.keys() == {"kty", "crv", "x", "kid", "alg", "use"}
    public = jwt.PyJWK.from_dict(dict(key))
    claims = jwt.decode(
        ACCESS, public, audience="influents", issuer=ISSUER, options={"verify_exp": False, "verify_iat": False}
    )
    assert claims["sub"] == str(NATH)


def test_keys_are_named_by_their_thumbprint() -> None:
    # The key and the name of it that RFC 8037, appendix A.3, works out.
    raw = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")

    assert thumbprint(Ed25519PrivateKey.from_private_bytes(raw).public_key()) == (
        "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    )


OTHER = bytes(range(1, 33))


def test_a_secret_is_changed_without_ending_what_was_signed() -> None:
    """Told of the new one, then signing with it, then told of the old one no more: nobody is signed out meanwhile."""
    before = TOKENS
    told = Tokens(secret=SECRET, issuer=ISSUER, others=[OTHER])
    swapped = Tokens(secret=OTHER, issuer=ISSUER, others=[SECRET])
    after = Tokens(secret=OTHER, issuer=ISSUER)

    def reads(tokens: Tokens, signer: Tokens) -> bool:
        token = signer.access(citizen=NATH, session=SESSION, now=NOW).token
        assessed = signer.assessment(level=7, questionnaire="2026-1", now=NOW).token
        if tokens.read_access(token, now=NOW) is None:
            return False
        return tokens.read_assessment(assessed, now=NOW).level == 7

    for old, new in ((before, told), (told, swapped), (swapped, after)):
        assert reads(old, old)
        assert reads(new, old) or old is swapped
        assert reads(old, new)  # processes are changed one after the other
    assert not reads(after, before)


def test_every_key_is_published_and_tokens_name_theirs() -> None:
    told = Tokens(secret=SECRET, issuer=ISSUER, others=[OTHER])
    first, second = told.jwks()["keys"]

    assert first == TOKENS.jwks()["keys"][0]
    assert second["kid"] != first["kid"]
    assert jwt.get_unverified_header(told.access(citizen=NATH, session=SESSION, now=NOW).token)["kid"] == first["kid"]
    assert "d" not in first | second


@pytest.mark.parametrize("kid", ["", "x", "../secret", None])
def test_a_token_by_no_key_of_ours_is_refused(kid: str | None) -> None:
    claims = jwt.decode(ACCESS, options={"verify_signature": False})
    seed = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"influents token signing key 1").derive(SECRET)
    headers = {"typ": "at+jwt"} | ({"kid": kid} if kid is not None else {})
    forged = jwt.encode(claims, Ed25519PrivateKey.from_private_bytes(seed), "EdDSA", headers=headers)
    assert TOKENS.read_access(forged, now=NOW) is None


def test_scopes_are_told_to_gateways() -> None:
    token = TOKENS.access(citizen=NATH, session=SESSION, now=NOW, scopes=["citizen", "moderator"]).token
    assert jwt.decode(token, options={"verify_signature": False})["scope"] == "citizen moderator"
    assert jwt.decode(ACCESS, options={"verify_signature": False})["scope"] == "citizen"


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Tokens(secret=b"x" * 31, issuer=ISSUER)


def test_nothing_secret_is_told_by_a_repr() -> None:
    access = TOKENS.access(citizen=NATH, session=SESSION, now=NOW)
    assessment = TOKENS.assessment(level=7, questionnaire="2026-1", now=NOW)

    assert access.token not in repr(access)
    assert assessment.token not in repr(assessment)
    told = repr(TOKENS) + repr(vars(TOKENS))
    for secret in (SECRET, SEED):
        for form in (repr(secret)[2:-1], secret.hex(), segment(secret)):
            assert form not in told


def test_refresh_tokens_hold_256_random_bits_at_least_and_fit_a_url() -> None:
    tokens = {new_refresh_token() for _ in range(100)}

    assert len(tokens) == 100
    for token in tokens:
        assert len(urlsafe_b64decode(token)) >= 32
        assert token.replace("-", "").replace("_", "").isalnum()


@given(st.text(), st.text())
@example("\ud800", "?")
def test_a_fingerprint_knows_a_token_again_and_no_other(token: str, other: str) -> None:
    assert len(fingerprint(token)) == 32
    assert (fingerprint(token) == fingerprint(other)) == (token == other)


def test_a_fingerprint_is_sha_256() -> None:
    assert fingerprint("jeton") == hashlib.sha256(b"jeton").digest()


@pytest.mark.parametrize(
    "header", [b"[" * 1_490, b"{}", b"[]", b"1", b'{"kid": null}', b'{"kid": ["x"]}', b"\xff", b""]
)
def test_a_header_that_names_no_key_of_ours_is_refused_whatever_it_is(header: bytes) -> None:
    for token in (ACCESS, ASSESSMENT):
        assert_nobody_takes(".".join((segment(header), *token.split(".")[1:])))
