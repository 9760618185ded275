"""An outside OpenID Connect issuer's keys: found where the operator says, kept, and fetched anew when that helps."""

import asyncio
import http.client
import json
import time
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import jwt
import structlog
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from resolvers.outside_tokens import IssuerUnreachable, Key

log = structlog.get_logger()

GOOD_FOR: Final = 3600.0
"""Seconds after which keys are fetched anew, when one is asked for."""
USED_FOR: Final = 86_400.0
"""Seconds for which they are used, while the issuer can't be reached."""
ASKED_EVERY: Final = 60.0
"""Seconds between two fetches, however many unknown keys tokens name meanwhile."""
TRIED_EVERY: Final = 10.0
"""Seconds between two tries that fail."""
FETCH_SECONDS: Final = 3.0
MAXIMUM_ANSWER: Final = 256 * 1024
MAXIMUM_KEYS: Final = 100
SHORTEST_RSA: Final = 2048
ALGORITHMS: Final = ("RS256", "ES256", "EdDSA")
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
_WRONG = (
    jwt.PyJWTError,
    OSError,
    http.client.HTTPException,
    AttributeError,
    KeyError,
    RecursionError,
    TypeError,
    ValueError,
)


class IssuersKeys:
    """The keys of an issuer, by name.

    Args:
        issuer: Whose; its discovery document says where they are, unless `url` does.
        url: Where they are.
        clock: Tells how much time has gone by.
    """

    def __init__(self, issuer: str, url: str | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._issuer, self._url, self._clock = issuer, url, clock
        self._keys: Mapping[str | None, Key] = {}
        self._fetched: float | None = None
        self._not_before = -ASKED_EVERY
        self._fetching = asyncio.Lock()

    async def key(self, kid: str | None) -> Key | None:
        """The key of that name, or the only one there is where a token names none; None where there is none.

        Raises:
            IssuerUnreachable: the issuer can't be reached, and hasn't been for a day.
        """
        known, age = self._known(kid), self._age()
        if known is not None and (age < GOOD_FOR or (age < USED_FOR and self._fetching.locked())):
            return known
        async with self._fetching:  # of many who wait, one fetches
            if self._clock() >= self._not_before and (self._age() >= GOOD_FOR or self._known(kid) is None):
                await self._fetch()
        if self._age() >= USED_FOR:
            raise IssuerUnreachable("an outside issuer's keys can't be had")
        return self._known(kid)

    def _known(self, kid: str | None) -> Key | None:
        if kid is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        return self._keys.get(kid)

    def _age(self) -> float:
        return float("inf") if self._fetched is None else self._clock() - self._fetched

    async def _fetch(self) -> None:
        """Fetch the keys; what was there stays where that fails."""
        try:
            async with asyncio.timeout(2 * FETCH_SECONDS + 1):
                self._keys = _keys_in(await asyncio.to_thread(self._read))
        except _WRONG as error:
            self._not_before = self._clock() + TRIED_EVERY
            log.warning("an outside issuer's keys can't be fetched", error=type(error).__name__)
        else:
            self._fetched = self._clock()
            self._not_before = self._fetched + ASKED_EVERY

    def _read(self) -> object:
        return json_at(self._url or self._discovered())

    def _discovered(self) -> str:
        """Where the issuer says that its keys are (OpenID Connect Discovery, 4)."""
        document = json_at(self._issuer.rstrip("/") + "/.well-known/openid-configuration")
        if not isinstance(document, dict) or document.get("issuer") != self._issuer:
            raise ValueError("the discovery document is another issuer's")
        url = document["jwks_uri"]
        if not is_safe(url):
            raise ValueError("the keys are not at a safe address")
        return str(url)


def is_safe(url: object) -> bool:
    """Whether an address can be believed: by https, or on this machine."""
    parts = urlsplit(url) if isinstance(url, str) else None
    return parts is not None and (
        (parts.scheme == "https" and bool(parts.hostname)) or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    )


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """An address that was fixed stays fixed."""

    def redirect_request(self, *_: object) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirects)


def json_at(url: str) -> object:
    """What is at an address, bounded in size and time.

    Raises:
        OSError, HTTPException, ValueError: nothing that can be read.
    """
    until = time.monotonic() + FETCH_SECONDS
    request = urllib.request.Request(url, headers={"Accept": "application/json"})  # noqa: S310 - `is_safe`
    with _OPENER.open(request, timeout=FETCH_SECONDS) as answer:
        read = bytearray()
        while chunk := answer.read1(65_536):
            read += chunk
            if len(read) > MAXIMUM_ANSWER or time.monotonic() > until:
                raise ValueError("too long an answer")
    return json.loads(read)


def _keys_in(document: Any) -> dict[str | None, Key]:  # Any: JSON
    """The keys of a JWKS that can verify by an algorithm of ours. Others in it are nobody's harm.

    Raises:
        ValueError: there is none.
    """
    found: dict[str | None, Key] = {}
    for each in document["keys"][:MAXIMUM_KEYS]:
        try:
            read = jwt.PyJWK(each)
            kid = each.get("kid")
        except _WRONG:
            continue
        short = isinstance(read.key, RSAPublicKey) and read.key.key_size < SHORTEST_RSA
        if read.algorithm_name in ALGORITHMS and each.get("use", "sig") == "sig" and not short and "d" not in each:
            found.setdefault(kid if isinstance(kid, str) else None, Key(read.key, read.algorithm_name))
    if not found:
        raise ValueError("no key that can verify")
    return found
