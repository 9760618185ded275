"""An outside OpenID Connect issuer: a real server on 127.0.0.1, whose keys change, and which misbehaves on demand."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from influents.oidc import IssuersKeys
from resolvers.outside_tokens import OutsideIssuer

AUDIENCE = "influents-client"
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
"""Once for all tests: it takes its time."""


class Issuer:
    """Signs tokens, and serves its discovery document and keys.

    Attributes:
        mode: How it answers: `well`, or one of the ways in which things go wrong.
        asked: How often its keys were asked for.
    """

    def __init__(self) -> None:
        self.mode = "well"
        self.asked = 0
        self.keys: dict[str, tuple[str, Any]] = {"rsa": ("RS256", RSA)}  # Any: a private key
        self.discovered: dict[str, object] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def add(self, kid: str, algorithm: str) -> None:
        private: Any = RSA  # Any: a private key
        if algorithm != "RS256":
            curve = ec.generate_private_key(ec.SECP256R1())
            private = curve if algorithm == "ES256" else ed25519.Ed25519PrivateKey.generate()
        self.keys[kid] = (algorithm, private)

    def jwks(self) -> dict[str, Any]:  # Any: JSON
        writers: dict[str, Any] = {"RS256": RSAAlgorithm, "ES256": ECAlgorithm, "EdDSA": OKPAlgorithm}  # Any: classes
        public = {
            kid: writers[algorithm].to_jwk(key.public_key(), as_dict=True) | {"alg": algorithm}
            for kid, (algorithm, key) in self.keys.items()
        }
        return {"keys": [{**key, "kid": kid, "use": "sig"} for kid, key in public.items()]}

    def token(self, now: datetime, *, kid: str = "rsa", typ: str | None = "JWT", **changes: object) -> str:
        """A token for `nath-there`, good for five minutes; a claim that is None is left out, any may be nonsense."""
        usual = {"iss": self.url, "aud": AUDIENCE, "sub": "nath-there", "iat": now, "exp": now + timedelta(minutes=5)}
        algorithm, key = self.keys[kid]
        said = {
            name: value.timestamp() if isinstance(value, datetime) else value
            for name, value in {**usual, **changes}.items()
            if value is not None
        }
        return jwt.PyJWS().encode(json.dumps(said).encode(), key, algorithm, headers={"kid": kid, "typ": typ})

    def outside(self, *algorithms: str, trusted: bool = False, clock: Any = time.monotonic) -> OutsideIssuer:
        return OutsideIssuer(
            issuer=self.url,
            audience=AUDIENCE,
            algorithms=algorithms or ("RS256", "ES256", "EdDSA"),
            keys=IssuersKeys(self.url, clock=clock),
            vouches_for_addresses=trusted,
        )

    def _answer(self, path: str) -> tuple[int, bytes, dict[str, str]]:
        if path.endswith("openid-configuration"):
            document = {"issuer": self.url, "jwks_uri": f"{self.url}/keys", **self.discovered}
            return 200, json.dumps(document).encode(), {}
        self.asked += 1
        good = json.dumps(self.jwks()).encode()
        return {
            "well": (200, good, {}),
            "down": (503, b"", {}),
            "redirects": (302, b"", {"Location": f"{self.url}/keys-elsewhere"}),
            "no JSON": (200, b"<html>", {}),
            "no object": (200, b"[]", {}),
            "no keys": (200, b'{"keys": []}', {}),
            "no list": (200, b'{"keys": 5}', {}),
            "nonsense": (200, b'{"keys": [null, {}, {"kty": "oct", "k": "c2VjcmV0"}, {"kty": ["RSA"]}]}', {}),
            "deep": (200, b"[" * 100_000, {}),
            "endless": (200, good + b" " * 300_000, {}),
            "cut": (200, good[:-2], {"Content-Length": str(len(good))}),
        }[self.mode]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, body, headers = issuer._answer(self.path)
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Nothing: the tests tell."""

        return Handler


@contextmanager
def issuing() -> Iterator[Issuer]:
    issuer = Issuer()
    try:
        yield issuer
    finally:
        issuer.close()
