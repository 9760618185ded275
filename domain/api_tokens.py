"""Tokens for the systems of organisations."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType
from uuid import UUID

from domain import fields
from domain.ids import OrganizationId
from domain.refusals import Refusal, RefusalCode

ApiTokenId = NewType("ApiTokenId", UUID)


SECRET_PREFIX = "influents_"  # noqa: S105 - what every secret begins with, so that scanners of leaks know ours
SEEN_EVERY = timedelta(minutes=1)
"""How often it is written down, at most, that a token was used."""


class TokenScope(StrEnum):
    """What a token may do for its organisation."""

    EVENTS_WRITE = "EVENTS_WRITE"
    ATTENDANCE_WRITE = "ATTENDANCE_WRITE"
    FEEDBACK_READ = "FEEDBACK_READ"
    WATCH_READ = "WATCH_READ"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """A token, without its secret: that is kept nowhere."""

    id: ApiTokenId
    organization_id: OrganizationId
    name: str
    scopes: tuple[TokenScope, ...]
    created_at: datetime
    last_used_at: datetime | None = None
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """A system that asks by a token of its organisation, read afresh for each request. A person it is not.

    Attributes:
        token_id: The token.
        organization_id: Whom it acts for.
        scopes: What it may do for them.
        verified: Whether they have the mark.
        charters: The versions of the charter that their owners have accepted.
        as_of: Up to where everything that was done is known to whoever reads this: it may have been done by them.
    """

    token_id: ApiTokenId
    organization_id: OrganizationId
    scopes: frozenset[TokenScope]
    verified: bool = False
    charters: frozenset[str] = frozenset()
    as_of: int | None = field(default=None, compare=False)


def seen_anew(last_used_at: datetime | None, *, now: datetime) -> bool:
    """Whether a use is worth writing down: the last one that was is a minute old."""
    return last_used_at is None or now - last_used_at >= SEEN_EVERY


class ExpiresInThePast(Refusal):
    """A token that is never good is of no use."""

    code = RefusalCode.OUT_OF_RANGE


class UnknownToken(Refusal):
    """No such token, or none of an organisation of theirs."""

    code = RefusalCode.NOT_FOUND


def check_token(
    name: str, scopes: Sequence[TokenScope], *, expires_at: datetime | None, now: datetime
) -> Iterator[Refusal]:
    """What is wrong with a token that is asked for."""
    yield from fields.text(name, "name", minimum=1, maximum=80)
    yield from fields.items(scopes, "scopes", minimum=1, maximum=len(TokenScope))
    if expires_at is not None and expires_at <= now:
        yield ExpiresInThePast("expiresAt")
