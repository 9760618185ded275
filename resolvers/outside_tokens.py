"""Tokens of an outside OpenID Connect issuer: read by keys that come from where the operator said, and nowhere else."""

import re
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, Protocol

import jwt
from jwt.types import Options

from domain.identities import LONGEST_SUBJECT, VouchedFor
from resolvers.tokens import CLOCKS_DIFFER

LASTS_AT_MOST = timedelta(days=1)
"""How much longer a token may be good: nobody can end it before."""

_OPTIONS: Options = {  # times are compared with the `now` that is given, not with the clock on the wall
    "require": ["iss", "aud", "sub", "exp"],
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
}
_WRONG = (jwt.PyJWTError, AttributeError, KeyError, OverflowError, TypeError, ValueError)
_TYPES = {None, "jwt", "at+jwt", "application/at+jwt"}
_SHAPE = re.compile(r"[A-Za-z0-9_-]{1,8000}(?:\.[A-Za-z0-9_-]{1,8000}){2}")


class IssuerUnreachable(OSError):  # noqa: N818
    """The issuer's keys can't be had for now: try again later."""


class Key(NamedTuple):
    """A public key, and the one algorithm that it is for."""

    public: Any  # Any: a key of that algorithm's kind, as cryptography has it
    algorithm: str


class Keys(Protocol):
    """Where an issuer's keys come from."""

    async def key(self, kid: str | None) -> Key | None:
        """The key of that name, or the only one there is; None where there is none.

        Raises:
            IssuerUnreachable: that can't be known for now.
        """


class OutsideIssuer:
    """Reads the tokens of one issuer.

    Args:
        issuer: As its tokens name it.
        audience: Whom its tokens must be for: this service, or its client id there.
        algorithms: Those that are taken.
        keys: Where its keys come from.
        vouches_for_addresses: Whether an address that it has verified may link an identity to the account that has it.
    """

    def __init__(
        self,
        *,
        issuer: str,
        audience: str,
        algorithms: Collection[str],
        keys: Keys,
        vouches_for_addresses: bool = False,
    ) -> None:
        self.issuer = issuer
        self.vouches_for_addresses = vouches_for_addresses
        self._audience, self._algorithms, self._keys = audience, frozenset(algorithms), keys

    async def read(self, token: str, *, now: datetime) -> VouchedFor | None:
        """Whom a token vouches for; None where it isn't one of the issuer's that is good now, whatever the string.

        Raises:
            IssuerUnreachable: its keys can't be had for now.
        """
        try:
            header = self._header(token)
        except _WRONG:
            return None
        key = await self._keys.key(header.get("kid"))
        if key is None or key.algorithm != header["alg"]:
            return None
        try:
            return self._vouched_for(token, key, now)
        except _WRONG:
            return None

    def _header(self, token: str) -> dict[str, Any]:  # Any: JSON
        """The header of a token that says to be the issuer's; looked at before its keys are asked for.

        Raises:
            InvalidTokenError: it doesn't, or it isn't one that vouches for anybody.
        """
        if not _SHAPE.fullmatch(token):
            raise jwt.DecodeError
        read = jwt.decode_complete(token, options={"verify_signature": False})
        header: dict[str, Any] = read["header"]
        kind = header.get("typ")
        typed = (kind.lower() if isinstance(kind, str) else kind) in _TYPES
        if not typed or header["alg"] not in self._algorithms or read["payload"].get("iss") != self.issuer:
            raise jwt.InvalidTokenError
        return header

    def _vouched_for(self, token: str, key: Key, now: datetime) -> VouchedFor:
        claims = jwt.decode(
            token, key.public, algorithms=[key.algorithm], options=_OPTIONS, audience=self._audience, issuer=self.issuer
        )
        subject = claims["sub"]
        if not 1 <= len(subject) <= LONGEST_SUBJECT or not subject.isprintable() or "events" in claims:
            raise jwt.InvalidTokenError  # `events` are told by logout tokens (Back-Channel Logout, 2.4)
        _check_times(claims, now)
        email, verified = claims.get("email"), claims.get("email_verified")
        return VouchedFor(
            issuer=self.issuer,
            subject=subject,
            verified_email=email if verified is True and isinstance(email, str) else None,
        )


def _check_times(claims: dict[str, Any], now: datetime) -> None:  # Any: JSON
    expires_at = _moment(claims["exp"])
    begins = [_moment(claims[name]) for name in ("nbf", "iat") if name in claims]
    begun = all(each <= now + CLOCKS_DIFFER for each in begins)
    if not begun or not now - CLOCKS_DIFFER < expires_at <= now + LASTS_AT_MOST:
        raise jwt.InvalidTokenError


def _moment(seconds: object) -> datetime:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise TypeError(seconds)
    return datetime.fromtimestamp(seconds, UTC)
