"""Checking a credential without asking anybody: by its issuer's keys, and a list of what was revoked."""

import re
import zlib
from base64 import urlsafe_b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from influents.badges.tokens import Doubt, Issuer, Said, moment, read, shown

CREDENTIAL, LIST = "the credential", "the status list"
BADGES: Final = frozenset({"OpenBadgeCredential", "AchievementCredential"})
FEWEST_BYTES: Final = 16 * 1024
MOST_BYTES: Final = 1024 * 1024
"""What a status list's bits may come to: what is compressed can be made to swell."""
_DURATION = re.compile(r"PT(?:(\d{1,4})H)?(?:(\d{1,4})M)?")
_GZIP: Final = 31
"""How zlib is told to expect gzip's frame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Where a credential stands in which status list."""

    url: str
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A credential that its issuer signed, as one tells it.

    Attributes:
        status: Where it stands in a list; None where it can't be revoked.
        listed_at: When the list was made that says it isn't revoked; None where none was looked at.
    """

    name: str
    event: str
    organizer: str | None
    starts_at: datetime
    ends_at: datetime
    minutes: int
    themes: Sequence[str]
    evidence: str
    valid_from: datetime
    issuer: str
    key: str
    status: Entry | None
    listed_at: datetime | None = None


def check(token: bytes, issuer: Issuer, *, now: datetime) -> Checked:
    """What a credential says, once it is known that its issuer signed it. Whether it still holds is for `look_up`.

    Raises:
        Doubt: the issuer didn't, or it is something else that they signed.
    """
    said = read(token, issuer, what=CREDENTIAL, now=now)
    if not BADGES & set(_words(said.claims.get("type"))):
        raise Doubt(f"{CREDENTIAL}: its issuer signed it, but it is no Open Badge")
    try:
        return _told(said, issuer)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        raise Doubt(f"{CREDENTIAL}: its issuer signed it, but it does not say who took part in what") from None


def look_up(entry: Entry, token: bytes, issuer: Issuer, *, now: datetime) -> datetime:
    """When the list was made that says a credential isn't revoked.

    Raises:
        Doubt: it is revoked; or this isn't the list, or not the issuer's.
    """
    said = read(token, issuer, what=LIST, now=now)
    subject = said.claims.get("credentialSubject")
    if "BitstringStatusListCredential" not in _words(said.claims.get("type")) or not isinstance(subject, dict):
        raise Doubt(f"{LIST}: its issuer signed it, but it is no list of what was revoked")
    if said.claims.get("id") != entry.url:
        raise Doubt(f"{LIST}: this is another one; the credential's is {shown(entry.url)}")
    if subject.get("type") != "BitstringStatusList" or "revocation" not in _words(subject.get("statusPurpose")):
        raise Doubt(f"{LIST}: it says something else than what was revoked")
    bits = _bits(subject.get("encodedList"))
    if entry.index >= len(bits) * 8:
        raise Doubt(f"{LIST}: the credential is not on it")
    if bits[entry.index // 8] & 0x80 >> entry.index % 8:
        raise Doubt(f"{CREDENTIAL}: it is revoked, by the list of {said.valid_from:%Y-%m-%d %H:%M} UTC")
    return said.valid_from


def _told(said: Said, issuer: Issuer) -> Checked:
    subject = said.claims["credentialSubject"]
    achievement = subject["achievement"]
    results = {each["resultDescription"]: each["value"] for each in subject["result"]}
    (duration,) = (value for which, value in results.items() if which.endswith("#duration"))
    creator = achievement.get("creator")
    return Checked(
        name=shown(subject["identifier"][0]["identityHash"]),
        event=shown(achievement["name"]),
        organizer=shown(creator["name"]) if creator else None,
        starts_at=moment(subject["activityStartDate"]),
        ends_at=moment(subject["activityEndDate"]),
        minutes=_minutes(duration),
        themes=[shown(each) for each in achievement["tag"]],
        evidence=shown(said.claims["evidence"][0]["narrative"]),
        valid_from=said.valid_from,
        issuer=issuer.id,
        key=said.key,
        status=_entry(said.claims.get("credentialStatus")),
    )


def _entry(status: Mapping[str, Any] | None) -> Entry | None:  # Any: JSON
    if status is None:
        return None
    index = status["statusListIndex"]
    if (status["type"], status["statusPurpose"]) != ("BitstringStatusListEntry", "revocation"):
        raise ValueError("another kind of status")
    if not isinstance(index, str) or not re.fullmatch(r"[0-9]{1,9}", index):
        raise ValueError("no index")
    return Entry(url=str(status["statusListCredential"]), index=int(index))


def _bits(encoded: object) -> bytes:
    """A list's bits, which are as many as the standard wants, and no more than we care to unpack."""
    unpacking = zlib.decompressobj(wbits=_GZIP)
    text = encoded if isinstance(encoded, str) else ""
    try:
        bits = unpacking.decompress(urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4)), MOST_BYTES)
    except (ValueError, zlib.error):
        bits = b""
    if text[:1] != "u" or not unpacking.eof or len(bits) < FEWEST_BYTES:
        raise Doubt(f"{LIST}: its bits can't be read")
    return bits


def _words(value: object) -> Sequence[str]:
    """A word, or a list of them."""
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _minutes(duration: str) -> int:
    found = _DURATION.fullmatch(duration)
    if found is None:
        raise ValueError("no duration")
    hours, minutes = (int(each or 0) for each in found.groups())
    return hours * 60 + minutes
