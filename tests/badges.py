"""Reads credentials without any of our code, nor the library that it uses: by the standards' own steps."""

import gzip
import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Json = dict[str, Any]  # Any: JSON


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def bits_of(key: Mapping[str, str]) -> bytes:
    """A public key's 32 bytes."""
    assert (key["kty"], key["crv"]) == ("OKP", "Ed25519")
    return decoded(key["x"])


def verified_by_hand(token: str, key: Mapping[str, str]) -> Json:
    """What a JWT says; an `InvalidSignature` where it wasn't signed by that key."""
    said, signature = token.rsplit(".", 1)
    Ed25519PublicKey.from_public_bytes(bits_of(key)).verify(decoded(signature), said.encode())
    payload: Json = json.loads(decoded(said.split(".")[1]))
    return payload


def revoked_in(token: str, key: Mapping[str, str]) -> tuple[set[int], int]:
    """The places that a status list says are revoked, and how many places it has."""
    encoded = verified_by_hand(token, key)["credentialSubject"]["encodedList"]
    assert encoded[0] == "u"
    bits = "".join(f"{byte:08b}" for byte in gzip.decompress(decoded(encoded[1:])))
    return {place for place, bit in enumerate(bits) if bit == "1"}, len(bits)
