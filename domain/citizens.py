"""Citizens as others see them, and the person who asks."""

from abc import ABC
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

from domain.accounts import ProfileVisibility
from domain.ids import CitizenId, OrganizationId, SessionId, TerritoryCode
from domain.influence import Totals
from domain.organizations import MemberRole
from domain.skills import SkillOnTheme
from domain.words import Locale, ThemeCode

NO_SESSION: Final = SessionId(UUID(int=0))


@dataclass(frozen=True, slots=True)
class ProfileLink:
    """Somewhere else to find a citizen."""

    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Citizen(ABC):
    """A public profile. What a visibility withholds is None here: it never leaves the database.

    Rows that are read like one are registered as such; so they are of the other kinds that lists are made of.

    Attributes:
        totals: The sums of their ledger, where they were read together.
        skills_by_theme: The skills that they hold now, the oldest first, likewise.
    """

    id: CitizenId
    handle: str
    visibility: ProfileVisibility
    member_since: date
    full_name: str | None = None
    bio: str | None = None
    avatar_url: str | None = None
    territory: TerritoryCode | None = None
    links: tuple[ProfileLink, ...] = ()
    talents: tuple[str, ...] = ()
    totals: Totals | None = None
    skills_by_theme: Sequence[SkillOnTheme] | None = None

    @property
    def name(self) -> str:
        """« nath (Nathan Berto) », or the handle where the name is withheld or not given."""
        return f"{self.handle} ({self.full_name})" if self.full_name else self.handle


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who asks: a signed-in citizen, with what decisions about them rest on, read afresh for each request.

    They are known by a session of ours, or by `issuer`, which vouches for an identity of theirs: then `session_id` is
    NO_SESSION.

    Attributes:
        as_of: Up to where everything that was done is known to whoever reads this: they may have done it themselves.
    """

    citizen_id: CitizenId
    session_id: SessionId
    locale: Locale
    issuer: str | None = None
    adult: bool = True
    accepted_charter_version: str = ""
    moderator: bool = False
    organizations: Mapping[OrganizationId, MemberRole] = field(default_factory=dict)
    as_of: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What only its owner may see of an account."""

    citizen_id: CitizenId
    email: str
    email_verified: bool
    full_name: str | None
    locale: Locale
    visibility: ProfileVisibility
    discoverable: bool
    email_notifications: bool
    moderator: bool
    accepted_charter_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedInSession:
    """A place where someone is signed in."""

    id: SessionId
    created_at: datetime
    last_used_at: datetime
    user_agent: str | None


@dataclass(frozen=True, slots=True)
class ThemeActivity:
    """What a citizen has done on a theme: confirmed, listed participations, and what they brought."""

    theme: ThemeCode
    participations: int
    points: int
    contributions_missing: int
    organizers_missing: int
