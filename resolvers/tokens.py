"""What the service signs and hands out: access tokens, self-assessment tokens, refresh tokens.

Signed ones are JWTs by Ed25519 and nothing else, read against a `now` that is given. Each kind has its own audience
and type (RFC 8725, 3.11), so that neither passes for the other.
"""

import hashlib
import json
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from jwt.types import Options

from domain.accounts import AssessmentTokenExpired, AssessmentTokenInvalid
from domain.ids import CitizenId, SessionId
from domain.permissions import PersonScope
from domain.policy import LEVELS

ACCESS_LASTS = timedelta(minutes=15)
ASSESSMENT_LASTS = timedelta(hours=24)
CLOCKS_DIFFER = timedelta(seconds=10)
"""How far ahead another machine's clock may be: a token from further in the future is refused."""
MOST_VERIFIED = 10_000
"""Access tokens that are known again: the first to be verified is the first to be forgotten."""
MINIMUM_SECRET = 32

_ALGORITHM = "EdDSA"
_OPTIONS: Options = {  # times are compared with the `now` that is given, not with the clock on the wall
    "require": ["iss", "aud", "iat", "exp", "jti"],
    "strict_aud": True,
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
}
_WRONG = (jwt.PyJWTError, AttributeError, KeyError, OSError, OverflowError, RecursionError, TypeError, ValueError)
_KEY_LABEL = b"influents token signing key 1"  # another number gives other keys: every token out there ends
_SHAPE = re.compile(r"[A-Za-z0-9_-]{1,2000}(?:\.[A-Za-z0-9_-]{1,2000}){2}")


class _Kind(NamedTuple):
    audience: str
    type: str
    lasts: timedelta


_ACCESS = _Kind("influents", "at+jwt", ACCESS_LASTS)
_ASSESSMENT = _Kind("influents:assessment", "assessment+jwt", ASSESSMENT_LASTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """What a client sends along to be known, until `expires_at`."""

    token: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessClaims:
    """Whose access token it was, and of which session: whether that still lasts is for the database to say."""

    citizen: CitizenId
    session: SessionId
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentToken:
    """A self-assessment's level to take along to sign-up, until `expires_at`. It holds no answer."""

    token: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentClaims:
    """A level from 1 to 20 that a version of the questionnaire gave; `id` is good for one sign-up."""

    id: UUID
    level: int
    version: str
    expires_at: datetime


class Tokens:
    """Signs tokens, and reads what it has signed.

    Args:
        secret: 32 bytes at least, the same in every process. Keys are derived from it; it isn't kept.
        issuer: Who signs: the service's own address.
        others: Secrets that nothing is signed with, while their tokens are still taken, or already.
    """

    def __init__(self, *, secret: bytes, issuer: str, others: Sequence[bytes] = ()) -> None:
        self._private = key_of(secret, label=_KEY_LABEL)
        self._key_id = thumbprint(self._private.public_key())
        publics = [key_of(each, label=_KEY_LABEL).public_key() for each in (secret, *others)]
        self._publics = {thumbprint(public): public for public in publics}
        self.issuer = issuer
        self._verified: dict[bytes, tuple[AccessClaims, datetime]] = {}

    def access(
        self, *, citizen: CitizenId, session: SessionId, now: datetime, scopes: Sequence[str] = (PersonScope.CITIZEN,)
    ) -> AccessToken:
        """An access token, good for 15 minutes from the second that `now` is in.

        `scopes` are for gateways (RFC 8693, 4.2): the service itself reads afresh what somebody may.
        """
        says: dict[str, str | int] = {"sub": str(citizen), "sid": str(session), "scope": " ".join(scopes)}
        token, expires_at = self._sign(_ACCESS, says, now)
        return AccessToken(token=token, expires_at=expires_at)

    def read_access(self, token: str, *, now: datetime) -> AccessClaims | None:
        """What an access token says, or None where it isn't one of ours that is good now, whatever the string.

        A signature that held once holds: who goes on asking is known by the token's fingerprint, and its times are all
        that is looked at again.
        """
        key = fingerprint(token)
        try:
            read, issued_at = self._verified.get(key) or self._access_of(token)
        except _WRONG:
            return None
        if read.expires_at <= now or issued_at > now + CLOCKS_DIFFER:
            return None
        self._verified[key] = read, issued_at
        if len(self._verified) > MOST_VERIFIED:
            del self._verified[next(iter(self._verified))]
        return read

    def _access_of(self, token: str) -> tuple[AccessClaims, datetime]:
        """What an access token says, whatever time it is, and when it was signed."""
        claims = self._claims(_ACCESS, token)
        read = AccessClaims(
            citizen=CitizenId(UUID(claims["sub"])),
            session=SessionId(UUID(claims["sid"])),
            expires_at=_moment(claims["exp"]),
        )
        return read, _moment(claims["iat"])

    def assessment(self, *, level: int, questionnaire: str, now: datetime) -> AssessmentToken:
        """A token for a level that a version of the questionnaire gave, good for 24 hours and one sign-up."""
        token, expires_at = self._sign(_ASSESSMENT, {"level": level, "questionnaire": questionnaire}, now)
        return AssessmentToken(token=token, expires_at=expires_at)

    def read_assessment(self, token: str, *, now: datetime) -> AssessmentClaims:
        """What a self-assessment token says. Whether it was used before is for the database to say.

        Raises:
            AssessmentTokenExpired: it was one of ours, 24 hours ago or more.
            AssessmentTokenInvalid: it is anything else.
        """
        try:
            claims = self._claims(_ASSESSMENT, token)
            if _moment(claims["iat"]) > now + CLOCKS_DIFFER:
                raise AssessmentTokenInvalid("assessmentToken")
            read = AssessmentClaims(
                id=UUID(claims["jti"]),
                level=_level(claims["level"]),
                version=str(claims["questionnaire"]),
                expires_at=_moment(claims["exp"]),
            )
        except _WRONG:
            raise AssessmentTokenInvalid("assessmentToken") from None
        if read.expires_at <= now:
            raise AssessmentTokenExpired("assessmentToken")
        return read

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """The public keys that access tokens are verified with (RFC 7517), the one that signs first."""
        return {
            "keys": [
                {**jwk(public), "kid": key_id, "alg": _ALGORITHM, "use": "sig"}
                for key_id, public in self._publics.items()
            ]
        }

    def _sign(self, kind: _Kind, says: dict[str, str | int], now: datetime) -> tuple[str, datetime]:
        issued_at = now.astimezone(UTC).replace(microsecond=0)
        expires_at = issued_at + kind.lasts
        claims = {
            **says,
            "iss": self.issuer,
            "aud": kind.audience,
            "iat": issued_at,
            "exp": expires_at,
            "jti": str(uuid4()),
        }
        token = jwt.encode(claims, self._private, _ALGORITHM, headers={"typ": kind.type, "kid": self._key_id})
        return token, expires_at

    def _claims(self, kind: _Kind, token: str) -> dict[str, Any]:  # Any: what JSON may hold
        """What a token of that kind says, once it is known to be ours; its times are for others to look at."""
        if not _SHAPE.fullmatch(token):
            raise jwt.DecodeError
        read = _READING.decode_complete(
            token,
            self._publics[_key_id_of(token.partition(".")[0])],
            algorithms=[_ALGORITHM],
            options=_OPTIONS,
            audience=kind.audience,
            issuer=self.issuer,
        )
        claims: dict[str, Any] = read["payload"]
        if read["header"].get("typ") != kind.type:
            raise jwt.InvalidTokenError
        return claims


class _Reading(jwt.PyJWS):
    """PyJWT looks at every character of a token, which takes longer than the signature: here what comes of decoding is
    encoded again, and there is but one way to write it.
    """

    @staticmethod
    def _decode_base64url_segment(segment: bytes, name: str) -> bytes:
        decoded = urlsafe_b64decode(segment + b"==")
        if urlsafe_b64encode(decoded).rstrip(b"=") != segment:
            raise jwt.DecodeError(f"Invalid {name} padding")
        return decoded


_READING = jwt.PyJWT()
_READING._jws = _Reading()


@lru_cache(maxsize=16)  # the headers of one kind by one key are all the same
def _key_id_of(header: str) -> str:
    """Which key a header names. Whether that key signed what it stands before isn't known by this."""
    return str(json.loads(urlsafe_b64decode(header + "=="))["kid"])


def key_of(secret: bytes, *, label: bytes) -> Ed25519PrivateKey:
    """The key that follows from a secret, for the purpose that `label` names: another purpose has another key."""
    if len(secret) < MINIMUM_SECRET:
        raise ValueError(f"a secret of {MINIMUM_SECRET} bytes at least is needed to sign tokens")
    seed = HKDF(algorithm=SHA256(), length=32, salt=None, info=label).derive(secret)
    return Ed25519PrivateKey.from_private_bytes(seed)


def new_refresh_token() -> str:
    """A refresh token: 384 random bits, to be given out once and kept as its `fingerprint` only."""
    return secrets.token_urlsafe(48)


def fingerprint(token: str) -> bytes:
    """What is kept of a random token, to know it again: its SHA-256, 32 bytes."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def thumbprint(key: Ed25519PublicKey) -> str:
    """The name of a key that follows from the key itself (RFC 7638)."""
    canonical = json.dumps(jwk(key), separators=(",", ":"), sort_keys=True)
    return _base64url(hashlib.sha256(canonical.encode()).digest())


def jwk(key: Ed25519PublicKey) -> dict[str, str]:
    """A public key as JSON writes it (RFC 8037)."""
    return {"kty": "OKP", "crv": "Ed25519", "x": _base64url(key.public_bytes_raw())}


def _base64url(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode("ascii")


def _moment(seconds: object) -> datetime:
    if not isinstance(seconds, int):
        raise TypeError(seconds)
    return datetime.fromtimestamp(seconds, UTC)


def _level(level: object) -> int:
    if not isinstance(level, int) or not 1 <= level <= LEVELS:
        raise ValueError(level)
    return level
