"""Special skills: held per theme, in periods that are kept (product.md, section 3)."""

from abc import ABC
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from domain.ids import CitizenId, OrganizationId, SkillId
from domain.policy import PARIS, Policy
from domain.words import ThemeCode


class SkillSource(StrEnum):
    """How a skill was gained."""

    REPEATED_CONTRIBUTION = "REPEATED_CONTRIBUTION"
    RECOGNITION = "RECOGNITION"


class Holding(NamedTuple):
    """A period in which a skill was or is held; `lost_at` is None while it lasts."""

    theme: ThemeCode
    acquired_at: datetime
    lost_at: datetime | None = None

    def covers(self, moment: datetime) -> bool:
        """Acquired before that moment, and not lost by then."""
        return self.acquired_at < moment and (self.lost_at is None or moment < self.lost_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill(ABC):
    """A skill that a citizen holds now."""

    id: SkillId
    citizen_id: CitizenId
    theme: ThemeCode
    source: SkillSource
    acquired_at: datetime
    recognized_by: OrganizationId | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SkillOnTheme:
    """A skill of which nothing but its theme is looked at."""

    theme: ThemeCode


class Contribution(NamedTuple):
    """A confirmed participation that counts towards skills, and who organised it, where that is known still."""

    themes: tuple[ThemeCode, ...]
    organizer: UUID | None


@dataclass(frozen=True, slots=True)
class Progress:
    """What a citizen has done in a theme, and what is missing to its skill."""

    contributions_missing: int
    organizers_missing: int

    @property
    def complete(self) -> bool:
        return self.contributions_missing == 0 and self.organizers_missing == 0


def skill_that_counts(holdings: Iterable[Holding], *, themes: tuple[ThemeCode, ...], at: datetime) -> Holding | None:
    """The skill that doubles an event on `themes` which begins `at`: of several, the one acquired first."""
    fitting = (held for held in holdings if held.theme in themes and held.covers(at))
    return min(fitting, key=lambda held: (held.acquired_at, held.theme), default=None)


def told_since(acquired_at: datetime, *, listed: bool) -> datetime:
    """Since when others are told that a skill is held: the first of the month, where what completed it isn't listed."""
    if listed:
        return acquired_at
    return acquired_at.astimezone(PARIS).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def progress(contributions: int, organizers: int, *, policy: Policy) -> Progress:
    """How far so many contributions from so many organisers are from both marks."""
    return Progress(
        max(0, policy.contributions_for_skill - contributions), max(0, policy.organizers_for_skill - organizers)
    )


def skills_earned(contributions: Iterable[Contribution], *, policy: Policy) -> frozenset[ThemeCode]:
    """The themes in which repeated contribution reaches both marks."""
    counts, organizers = by_theme(contributions)
    return frozenset(
        theme for theme, count in counts.items() if progress(count, len(organizers[theme]), policy=policy).complete
    )


def by_theme(
    contributions: Iterable[Contribution],
) -> tuple[Counter[ThemeCode], Mapping[ThemeCode, set[UUID | None]]]:
    """How many contributions there are to each theme, and from whom."""
    counts: Counter[ThemeCode] = Counter()
    organizers: dict[ThemeCode, set[UUID | None]] = defaultdict(set)
    for contribution in contributions:
        for theme in contribution.themes:
            counts[theme] += 1
            organizers[theme].add(contribution.organizer)
    return counts, organizers
