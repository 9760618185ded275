"""An outside issuer's tokens: which are taken, where keys come from, and what happens when those can't be had."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import httpx
import jwt
import pytest
from pydantic import ValidationError

from domain.identities import VouchedFor
from influents.app import application
from influents.oidc import ASKED_EVERY, GOOD_FOR, TRIED_EVERY, USED_FOR, is_safe
from influents.settings import Settings
from resolvers.context import Services
from resolvers.outside_tokens import IssuerUnreachable, OutsideIssuer
from tests.clock import Clock
from tests.issuer import AUDIENCE, RSA, Issuer, issuing

NOW = Clock().now
SECOND = timedelta(seconds=1)
BROKEN = ["down", "redirects", "no JSON", "no object", "no keys", "no list", "nonsense", "deep", "endless", "cut"]


class Time:
    """Time that goes by when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def issuer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Issuer]:
    monkeypatch.setenv("no_proxy", "*")
    with issuing() as running:
        yield running


async def taken(outside: OutsideIssuer, token: str) -> bool:
    return await outside.read(token, now=NOW) is not None


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
async def test_a_good_token_vouches_for_its_subject(issuer: Issuer, algorithm: str) -> None:
    issuer.add("its", algorithm)
    token = issuer.token(NOW, kid="its", aud=["account", AUDIENCE], email="nath@example.org", email_verified=True)

    vouched = await issuer.outside().read(token, now=NOW)

    assert vouched == VouchedFor(issuer=issuer.url, subject="nath-there", verified_email="nath@example.org")
    assert "nath" not in repr(vouched)
    others = {"RS256", "ES256", "EdDSA"} - {algorithm}
    assert not await taken(issuer.outside(*others), token)


async def test_an_address_counts_where_it_says_that_it_is_verified(issuer: Issuer) -> None:
    outside = issuer.outside()
    for said in ({}, {"email_verified": False}, {"email_verified": "true"}, {"email_verified": 1}):
        vouched = await outside.read(issuer.token(NOW, email="nath@example.org", **said), now=NOW)
        assert vouched is not None
        assert vouched.verified_email is None


WRONG: list[dict[str, object]] = [
    {"iss": "https://elsewhere.example"}, {"iss": None}, {"aud": "another"}, {"aud": None}, {"aud": ["another"]},
    {"aud": 5}, {"sub": None}, {"sub": ""}, {"sub": "x" * 256}, {"sub": 5}, {"sub": "a\0b"}, {"exp": None},
    {"exp": NOW - timedelta(seconds=10)}, {"exp": NOW + timedelta(days=2)}, {"exp": "soon"}, {"exp": True},
    {"exp": 1e300}, {"nbf": NOW + timedelta(seconds=11)}, {"iat": NOW + timedelta(seconds=11)}, {"nbf": "later"},
    {"events": {}},
]  # fmt: skip


@pytest.mark.parametrize("changes", WRONG, ids=str)
async def test_a_token_with_anything_wrong_is_not_taken(issuer: Issuer, changes: dict[str, object]) -> None:
    outside = issuer.outside()
    assert not await taken(outside, issuer.token(NOW, **changes))  # type: ignore[arg-type]  # claims, and no `kid`


async def test_a_token_of_another_kind_is_not_taken(issuer: Issuer) -> None:
    outside = issuer.outside()
    assert not await taken(outside, issuer.token(NOW, typ="logout+jwt"))
    assert await taken(outside, issuer.token(NOW, typ="at+jwt"))
    assert await taken(outside, issuer.token(NOW, typ=None))


async def test_clocks_may_differ_a_little(issuer: Issuer) -> None:
    outside = issuer.outside()
    assert await taken(outside, issuer.token(NOW, exp=NOW - timedelta(seconds=9)))
    assert await taken(outside, issuer.token(NOW, nbf=NOW + timedelta(seconds=10), iat=NOW + timedelta(seconds=10)))


async def test_what_another_key_signed_is_not_taken(issuer: Issuer) -> None:
    outside = issuer.outside()
    good = issuer.token(NOW)
    head, body, signature = good.split(".")
    claims = jwt.decode(good, options={"verify_signature": False})
    with issuing() as other:
        other.add("rsa", "EdDSA")
        forged = other.token(NOW, iss=issuer.url)
    pem = b"public keys are no shared secrets, whatever a token says of them"
    for token in (
        forged,
        jwt.encode(claims, pem, "HS256", headers={"kid": "rsa"}),
        jwt.encode(claims, "", "none", headers={"kid": "rsa"}),
        f"{head}.{body}.",
        f"{head}.{body}.{signature[:-4]}AAAA",
        "", "a.b.c", "." * 10, "\ud800", good + "=",
    ):  # fmt: skip
        assert not await taken(outside, token)
    assert await taken(outside, good)


async def test_a_token_says_nothing_of_where_keys_come_from(issuer: Issuer) -> None:
    with issuing() as elsewhere:
        elsewhere.add("rsa", "RS256")
        claims = jwt.decode(issuer.token(NOW), options={"verify_signature": False})
        headers = {"kid": "other", "jku": f"{elsewhere.url}/keys", "x5u": f"{elsewhere.url}/keys"}
        assert not await taken(issuer.outside(), jwt.encode(claims, RSA, "RS256", headers=headers))
        assert elsewhere.asked == 0


async def test_nothing_is_asked_for_a_token_that_is_not_the_issuers(issuer: Issuer) -> None:
    outside = issuer.outside()
    await taken(outside, issuer.token(NOW, iss="https://elsewhere.example"))
    await taken(outside, "nonsense")
    assert issuer.asked == 0


async def test_keys_rotate(issuer: Issuer) -> None:
    time = Time()
    outside = issuer.outside(clock=time)
    old = issuer.token(NOW)
    assert await taken(outside, old)

    issuer.add("next", "ES256")
    new = issuer.token(NOW, kid="next")
    assert not await taken(outside, new)
    time.now += ASKED_EVERY
    assert await taken(outside, new)
    assert await taken(outside, old)
    del issuer.keys["rsa"]
    time.now += GOOD_FOR
    assert not await taken(outside, old)
    assert await taken(outside, new)


async def test_unknown_keys_are_asked_for_once_a_minute_at_most(issuer: Issuer) -> None:
    time = Time()
    outside = issuer.outside(clock=time)
    claims = jwt.decode(issuer.token(NOW), options={"verify_signature": False})

    async def guess(kid: int) -> bool:
        return await taken(outside, jwt.encode(claims, RSA, "RS256", headers={"kid": str(kid)}))

    assert not any(await asyncio.gather(*(guess(kid) for kid in range(30))))
    assert issuer.asked == 1
    time.now += ASKED_EVERY
    assert not any(await asyncio.gather(*(guess(kid) for kid in range(30))))
    assert issuer.asked == 2
    assert await taken(outside, issuer.token(NOW))
    assert issuer.asked == 2


@pytest.mark.parametrize("mode", BROKEN)
async def test_keys_that_are_kept_outlast_an_issuer_that_fails(issuer: Issuer, mode: str) -> None:
    time = Time()
    outside = issuer.outside(clock=time)
    token = issuer.token(NOW)
    assert await taken(outside, token)
    issuer.mode = mode

    time.now += GOOD_FOR
    assert await taken(outside, token)
    tried = issuer.asked
    assert await taken(outside, token)
    assert issuer.asked == tried
    time.now = USED_FOR
    with pytest.raises(IssuerUnreachable):
        await taken(outside, token)
    issuer.mode = "well"
    time.now += TRIED_EVERY
    assert await taken(outside, token)


@pytest.mark.parametrize("mode", BROKEN)
async def test_without_keys_it_is_said_that_there_are_none_for_now(issuer: Issuer, mode: str) -> None:
    time = Time()
    outside = issuer.outside(clock=time)
    issuer.mode = mode
    for _ in range(3):
        with pytest.raises(IssuerUnreachable):
            await taken(outside, issuer.token(NOW))
    assert issuer.asked == 1
    issuer.mode = "well"
    time.now += TRIED_EVERY
    assert await taken(outside, issuer.token(NOW))


@pytest.mark.parametrize(
    "discovered",
    [{"issuer": "https://elsewhere.example"}, {"jwks_uri": "http://elsewhere.example/keys"}, {"jwks_uri": "file:///etc/passwd"},
     {"jwks_uri": None}, {"jwks_uri": ["x"]}, {"jwks_uri": "http://["}],
    ids=str,
)  # fmt: skip
async def test_a_discovery_document_is_not_believed_blindly(issuer: Issuer, discovered: dict[str, object]) -> None:
    issuer.discovered = discovered
    with pytest.raises(IssuerUnreachable):
        await taken(issuer.outside(), issuer.token(NOW))
    assert issuer.asked == 0


async def test_an_issuer_that_is_gone_is_no_bad_token(issuer: Issuer, services: Services) -> None:
    outside, token = issuer.outside(), issuer.token(NOW)
    issuer.close()
    app = application(replace(services, outside=outside))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://influents.test") as http:
        query = {"query": "{ viewer { email } }"}
        answer = await http.post("/graphql", json=query, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 503
        assert answer.json()["errors"][0]["extensions"]["code"] == "SERVICE_UNAVAILABLE"
        assert (await http.post("/graphql", json=query)).status_code == 200


def test_addresses_are_safe_by_https_or_on_this_machine() -> None:
    assert is_safe("https://accounts.example/keys")
    assert is_safe("http://127.0.0.1:8080/keys")
    assert not any(map(is_safe, ["http://accounts.example", "ftp://127.0.0.1", "https://", "keys", None, 5]))


def test_an_issuer_is_set_with_whom_its_tokens_are_for() -> None:
    whole = {"oidc_issuer": "https://accounts.example", "oidc_audience": "influents"}
    assert Settings(_env_file=None, **whole).outside_issuer is not None  # type: ignore[arg-type, call-arg]
    for wrong in (
        {"oidc_audience": None},
        {"oidc_issuer": "http://accounts.example"},
        {"oidc_jwks_url": "http://accounts.example/keys"},
        {"oidc_algorithms": "HS256"},
        {"oidc_algorithms": " "},
    ):
        with pytest.raises(ValidationError):
            Settings(_env_file=None, **(whole | wrong))  # type: ignore[call-arg]
