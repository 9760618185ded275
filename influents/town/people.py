"""Who lives in the demo town; those who have a part of their own are in `people.toml`."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from domain.accounts import ProfileVisibility
from domain.citizens import ProfileLink
from domain.ids import TerritoryCode
from domain.policy import PARIS
from domain.words import Locale, ThemeCode

DEMO_PASSWORD = "bienvenue-a-nantes"  # noqa: S105 - a demo's, and printed
MODERATOR = "idriss"
FILE = Path(__file__).parent / "people.toml"


class Zeal(Enum):
    """How often one goes out: the chance of a usual event that is near."""

    LEADER = 0.3
    REGULAR = 0.125
    CASUAL = 0.05
    ONLOOKER = 0.012
    NONE = 0.0
    """Goes where the programme says, and nowhere else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A citizen to be, and what they are like. `level` is that of their self-assessment, if they made one."""

    handle: str
    joined_at: datetime
    territory: TerritoryCode | None
    visibility: ProfileVisibility
    zeal: Zeal
    passions: frozenset[ThemeCode] = frozenset()
    full_name: str | None = None
    adult: bool = True
    discoverable: bool = False
    locale: Locale = Locale.FR
    level: int | None = None
    bio: str | None = None
    links: tuple[ProfileLink, ...] = ()
    talents: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        return email_of(self.handle)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account to try things with: a `citizen`, an `organizer` or a `moderator`. The password is DEMO_PASSWORD."""

    role: str
    handle: str

    @property
    def email(self) -> str:
        return email_of(self.handle)


DEMO_ACCOUNTS = (
    DemoAccount("citizen", "nath"),
    DemoAccount("organizer", "maelle"),
    DemoAccount("moderator", MODERATOR),
)


def email_of(handle: str) -> str:
    """The address that everybody in the town signs in with."""
    return f"{handle}@example.org"


def named(opening: datetime) -> Iterator[Person]:
    """Those of `people.toml`; who is not told to be older is there an hour after the opening."""
    for handle, says in tomllib.loads(FILE.read_text(encoding="utf-8")).items():
        yield _named(handle, says, opening + timedelta(hours=1))


def _named(handle: str, says: Mapping[str, Any], from_the_start: datetime) -> Person:  # Any: what a TOML file may hold
    return Person(
        handle=handle,
        joined_at=on_day(says["since"], time(9, 30)) if "since" in says else from_the_start,
        territory=says["territory"],
        visibility=ProfileVisibility(says["visibility"]),
        zeal=Zeal[says.get("zeal", "CASUAL")],
        full_name=says.get("full_name"),
        discoverable=says.get("discoverable", False),
        level=says.get("level"),
        bio=says.get("bio"),
        links=tuple(ProfileLink(link["label"], link["url"]) for link in says.get("links", ())),
        talents=tuple(says.get("talents", ())),
    )


def on_day(day: date, at: time, zone: ZoneInfo = PARIS) -> datetime:
    """A moment by the clock on the wall of a place, in UTC."""
    return datetime.combine(day, at, zone).astimezone(UTC)
