"""The issuer of credentials: its keys, what it signs, and what it publishes for others to check that by."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from domain.badges import OPEN_BADGES, VERIFIABLE, Addresses, Json, profile, written
from resolvers.tokens import jwk, key_of, thumbprint

ALGORITHM = "EdDSA"
TYPE = "vc+jwt"
"""What the payload is: a Verifiable Credential (VC-JOSE-COSE), so that no other token passes for one."""
CONTROLLED = "https://www.w3.org/ns/cid/v1"

_LABEL = b"influents credential signing key 1"
_PUBLISHED = re.compile(r"([A-Za-z0-9_-]{43})(?:@(\d{4}-\d\d-\d\d))?")


@dataclass(frozen=True, slots=True)
class PublishedKey:
    """A public key that credentials are checked with, though nothing is signed with it here: a former one, or the next.

    Attributes:
        expires: From when on it signs nothing any more: a later credential that names it isn't ours.
    """

    public: Ed25519PublicKey
    expires: datetime | None = None

    @classmethod
    def read(cls, text: str) -> "PublishedKey":
        """`X`, or `X@2027-01-31`, as it is set: X is the member `x` of the key as it was published.

        Raises:
            ValueError: it is something else.
        """
        found = _PUBLISHED.fullmatch(text)
        if found is None:
            raise ValueError("a public Ed25519 key is 43 letters, digits, - and _, with a day after @ if it has one")
        x, day = found.groups()
        expires = datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None
        return cls(Ed25519PublicKey.from_public_bytes(urlsafe_b64decode(f"{x}=")), expires)


class BadgeIssuer:
    """Signs credentials and status lists, and says by what they are checked.

    Args:
        secret: 32 bytes at least, the same in every process. The key is derived from it, and is no other's.
        address: The service's own, for the public.
        others: Secrets that nothing is signed with, while their keys are published still, or already.
        published: Public keys that are, likewise.
    """

    def __init__(
        self, *, secret: bytes, address: str, others: Sequence[bytes] = (), published: Sequence[PublishedKey] = ()
    ) -> None:
        self.at = Addresses(service=address.rstrip("/"))
        self._private = key_of(secret, label=_LABEL)
        self._kid = self.at.key(thumbprint(self._private.public_key()))
        derived = [PublishedKey(key_of(each, label=_LABEL).public_key()) for each in (secret, *others)]
        self._keys: dict[str, PublishedKey] = {}
        for each in (*derived, *published):  # the one that signs first
            self._keys.setdefault(thumbprint(each.public), each)

    def signed(self, document: Json) -> str:
        """A credential with its signature, as a JWT."""
        headers = {"typ": TYPE, "cty": "vc", "kid": self._kid}
        return jwt.encode(document, self._private, ALGORITHM, headers=headers)

    def key(self, key_id: str) -> Mapping[str, Any] | None:
        """A public key by its thumbprint (RFC 7517); None where it is none of ours."""
        found = self._keys.get(key_id)
        if found is None:
            return None
        expires: Json = {"exp": int(found.expires.timestamp())} if found.expires else {}
        return {**jwk(found.public), "kid": self.at.key(key_id), "alg": ALGORITHM, "use": "sig", **expires}

    def jwks(self) -> Json:
        """Every key that credentials are checked with, the one that signs first."""
        return {"keys": [self.key(key_id) for key_id in self._keys]}

    def document(self) -> Json:
        """The issuer's profile, which binds the keys to its name (Controlled Identifiers 1.0)."""
        methods = [self._method(key_id, key) for key_id, key in self._keys.items()]
        return {
            "@context": [CONTROLLED, VERIFIABLE, OPEN_BADGES],
            **profile(self.at),
            "verificationMethod": methods,
            "assertionMethod": [each["id"] for each in methods],
        }

    def _method(self, key_id: str, key: PublishedKey) -> Json:
        method = {"id": self.at.key(key_id), "type": "JsonWebKey", "controller": self.at.issuer}
        expires = {"expires": written(key.expires)} if key.expires else {}
        return {**method, "publicKeyJwk": self.key(key_id), **expires}
