"""Reading what an issuer signed, from files that anybody may have tampered with: keys, and tokens signed by them."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from resolvers.badge_keys import ALGORITHM, TYPE

MOST_BYTES: Final = 256 * 1024
"""What a file may have: ten times what ours do."""
CLOCKS_DIFFER: Final = timedelta(minutes=1)
TYPES: Final = frozenset({TYPE, "JWT"})
"""What a token may say that it is: Verifiable Credentials say the first, Open Badges the second."""
_SHAPE = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_KEY_BYTES = 32

Json = Mapping[str, Any]  # Any: JSON


class Doubt(Exception):  # noqa: N818
    """Why something doesn't hold: a line for whoever wants to know."""


@dataclass(frozen=True, slots=True)
class Key:
    """A public key, and from when on nothing is signed with it any more, if that is told."""

    public: Ed25519PublicKey
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who signs, and the keys that are theirs, by name."""

    id: str
    keys: Mapping[str, Key]


@dataclass(frozen=True, slots=True)
class Said:
    """What a token says that is known to be the issuer's, and by which key."""

    claims: Json
    key: str
    valid_from: datetime


def issuer_of(content: bytes) -> Issuer:
    """The issuer of a file: its profile, or its keys alone, whose names begin with it.

    Raises:
        Doubt: it is neither, or holds keys of several.
    """
    document = _object(content, what="the keys")
    try:
        if "keys" in document:
            found = {str(each["kid"]): each for each in document["keys"]}
            (named,) = {kid.partition("/keys/")[0] for kid in found}
            return Issuer(named, {kid: _key(each, each.get("exp")) for kid, each in found.items()})
        issuer = str(document["id"])
        methods = {str(each["id"]): each for each in document["verificationMethod"]}
        if any(each["controller"] != issuer for each in methods.values()):
            raise Doubt("the keys: some are another issuer's")
        kept = {kid: _key(each["publicKeyJwk"], each.get("expires")) for kid, each in methods.items()}
        return Issuer(issuer, kept)
    except (ArithmeticError, AttributeError, KeyError, OSError, TypeError, ValueError):
        raise Doubt("the keys: this is no issuer's profile, nor a set of Ed25519 keys") from None


def read(token: bytes, issuer: Issuer, *, what: str, now: datetime) -> Said:
    """What a token says, once it is known to be whole, the issuer's, and valid by now.

    Raises:
        Doubt: it isn't; `what` says which.
    """
    text = _text(token, what)
    header = _header(text, what)
    if header.get("alg") != ALGORITHM:
        raise Doubt(f"{what}: it must be signed by {ALGORITHM}, and says {shown(header.get('alg'))}")
    if str(header.get("typ")) not in TYPES or "crit" in header:
        raise Doubt(f"{what}: this is another kind of token")
    kid = header.get("kid")
    key = issuer.keys.get(kid) if isinstance(kid, str) else None
    if key is None or not isinstance(kid, str):
        raise Doubt(f"{what}: it names a key that is not among the issuer's: {shown(kid)}")
    try:
        claims = jwt.decode(text, key.public, algorithms=[ALGORITHM], options=_LEFT_TO_US)
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise Doubt(f"{what}: the signature does not hold") from None
    named = claims.get("issuer")
    if not claims.get("iss") == issuer.id == (named.get("id") if isinstance(named, dict) else named):
        raise Doubt(f"{what}: it is another issuer's: {shown(claims.get('iss'))}")
    return Said(claims, kid, _valid_from(claims, key, what=what, now=now))


def moment(text: object) -> datetime:
    """A moment as these documents write it.

    Raises:
        ValueError: it is something else.
    """
    read_moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    if read_moment is None or read_moment.tzinfo is None:
        raise ValueError("no moment with a zone")
    return read_moment.astimezone(UTC)


def shown(text: object) -> str:
    """What somebody wrote, fit for a terminal: one line, without controls, not too long."""
    line = "".join(each if each.isprintable() else " " for each in str(text)).strip()
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


_LONGEST = 300
_LEFT_TO_US: Final[Any] = {  # Any: pyjwt's own type has no such name in public; times are compared with `now`, below
    "verify_aud": False,
    "verify_exp": False,
    "verify_iat": False,
    "verify_iss": False,
    "verify_jti": False,
    "verify_nbf": False,
    "verify_sub": False,
}


def _text(token: bytes, what: str) -> str:
    """The token, in the one way in which base64url writes it: whoever changes a letter changes what is signed."""
    text = token.strip().decode("ascii", "replace")
    if not _SHAPE.fullmatch(text):
        raise Doubt(f"{what}: this is no signed credential (a JWT: three parts of base64url)")
    for part in text.split("."):
        try:
            written = urlsafe_b64encode(_decoded(part)).rstrip(b"=").decode("ascii")
        except ValueError:
            written = ""
        if written != part:
            raise Doubt(f"{what}: the signature does not hold")
    return text


def _header(text: str, what: str) -> Json:
    return _object(_decoded(text.split(".", maxsplit=1)[0]), what=what)


def _object(content: bytes, *, what: str) -> Json:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Doubt(f"{what}: this is no JSON object")
    return found


def _decoded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _key(jwk: Json, expires: object) -> Key:
    raw = _decoded(jwk["x"])
    if (jwk["kty"], jwk["crv"], len(raw)) != ("OKP", "Ed25519", _KEY_BYTES):
        raise ValueError("another kind of key")
    at = datetime.fromtimestamp(expires, UTC) if isinstance(expires, int) else moment(expires) if expires else None
    return Key(Ed25519PublicKey.from_public_bytes(raw), at)


def _valid_from(claims: Json, key: Key, *, what: str, now: datetime) -> datetime:
    """From when on it is valid: by now, before its key expired, and before its own end, if it has one."""
    try:
        valid_from = moment(claims.get("validFrom"))
        ends = moment(claims["validUntil"]) if "validUntil" in claims else None
        starts = datetime.fromtimestamp(claims["nbf"], UTC) if "nbf" in claims else valid_from
    except (ArithmeticError, OSError, TypeError, ValueError):
        raise Doubt(f"{what}: it does not say from when on it is valid") from None
    if max(valid_from, starts) > now + CLOCKS_DIFFER:
        raise Doubt(f"{what}: it is valid from {valid_from:%Y-%m-%d %H:%M} UTC on, and no earlier")
    if ends is not None and ends <= now:
        raise Doubt(f"{what}: it was valid until {ends:%Y-%m-%d %H:%M} UTC")
    if key.expires is not None and valid_from >= key.expires:
        raise Doubt(f"{what}: its key had expired on {key.expires:%Y-%m-%d}, before it was signed")
    return valid_from
