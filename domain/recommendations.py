"""Which events suit a citizen, and why: a score in whole numbers, and the strongest ground for it in a sentence.

The score depends on the day, not on the moment: a list that is read page by page keeps its order.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.ids import EventId
from domain.paging import Placed
from domain.points import Award, ScoredEvent
from domain.policy import Policies, Policy
from domain.profiles import folded
from domain.rewards import Past, reward_of
from domain.skills import Contribution, Progress, by_theme, progress
from domain.words import Sentence, ThemeCode

TALENT, ANOTHER_TALENT = 40, 5
COMPLETES_SKILL, FROM_NEW_ORGANIZER, TOWARDS_SKILL = 36, 32, (30, 24, 18)
SKILLED = 25
OF_EXPERTISE, MOST_OF_EXPERTISE = 4, 20
HOME, ONLINE = 18, 8
SEATS = 10
SOON = ((7, 10), (14, 7), (30, 4))
POINTS_A_WEIGHT, MOST_OF_POINTS = 30, 12
BRINGS_NOTHING = -20


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An event that a citizen can join, with what its suitability rests on.

    `organizer` is who it counts for towards skills; `home` says that it is in their territory, or in what contains it;
    `online`, that they would be there from afar.
    """

    event: ScoredEvent
    organizer: UUID | None
    time_zone: str
    city: str | None
    online: bool
    home: bool
    full: bool
    sought_talents: tuple[str, ...] = ()

    @property
    def starts_at(self) -> datetime:
        """When it begins, as clocks show it there."""
        return self.event.span.starts_at.astimezone(ZoneInfo(self.time_zone))


@dataclass(frozen=True, slots=True, kw_only=True)
class Leanings:
    """What a citizen offers, has done and holds.

    Attributes:
        offered: Their talents, as they are compared and as they are written.
        counts: How many contributions there are to each theme.
        organizers: From whom these come.
        past: What their next award rests on.
    """

    offered: Mapping[str, str]
    counts: Mapping[ThemeCode, int]
    organizers: Mapping[ThemeCode, frozenset[UUID | None]]
    past: Past

    @classmethod
    def of(
        cls, *, talents: Iterable[str] = (), contributions: Iterable[Contribution] = (), past: Past | None = None
    ) -> "Leanings":
        counts, organizers = by_theme(contributions)
        return cls(
            offered={folded(talent): talent for talent in talents},
            counts=counts,
            organizers={theme: frozenset(met) for theme, met in organizers.items()},
            past=past or Past(),
        )

    @property
    def held(self) -> frozenset[ThemeCode]:
        """The skills that they hold now."""
        return frozenset(holding.theme for holding in self.past.holdings if holding.lost_at is None)

    def towards(self, theme: ThemeCode, *, policy: Policy) -> Progress:
        """What is missing to a skill."""
        return progress(self.counts.get(theme, 0), len(self.organizers.get(theme, ())), policy=policy)

    def after(self, theme: ThemeCode, organizer: UUID | None, *, policy: Policy) -> Progress:
        """What would be missing after one more contribution, from an organiser."""
        met = {*self.organizers.get(theme, ()), *(() if organizer is None else (organizer,))}
        return progress(self.counts.get(theme, 0) + 1, len(met), policy=policy)


class Ground(NamedTuple):
    """Something that speaks for an event, and how much; some go without saying."""

    weight: int
    said: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """An event that suits, how well, why, and what it would bring."""

    candidate: Candidate
    score: int
    reason: Sentence
    award: Award

    @property
    def id(self) -> EventId:
        return self.candidate.event.id


def recommend(candidate: Candidate, leanings: Leanings, *, policies: Policies, today: date) -> Recommendation:
    """How well an event suits a citizen, and the strongest reason why.

    Args:
        candidate: What they can join.
        leanings: Theirs.
        policies: What awards follow.
        today: The day on which it is recommended.
    """
    policy = policies.in_force_at(candidate.event.span.starts_at)
    award = reward_of(candidate.event, leanings.past, policy=policy)
    worth = Ground(
        min(award.points // POINTS_A_WEIGHT, MOST_OF_POINTS) if award.points > 0 else BRINGS_NOTHING,
        Sentence("recommended-for-points", {"points": award.points}),
    )
    grounds = [*_grounds(candidate, leanings, award, policy), *_where_and_when(candidate, today), worth]
    strongest = max(
        ((ground.weight, ground.said) for ground in grounds if ground.said is not None), key=lambda each: each[0]
    )
    return Recommendation(candidate, sum(ground.weight for ground in grounds), strongest[1], award)


def ranked(recommendations: Iterable[Recommendation]) -> Sequence[Placed[Recommendation]]:
    """The best first; of two that suit as well the sooner one. Each with its place, for cursors."""
    placed = (
        Placed(each, (-each.score, each.candidate.event.span.starts_at.isoformat(), str(each.id)))
        for each in recommendations
    )
    return sorted(placed, key=lambda each: each.place)


def _grounds(candidate: Candidate, leanings: Leanings, award: Award, policy: Policy) -> Iterator[Ground]:
    shared = [leanings.offered[each] for each in map(folded, candidate.sought_talents) if each in leanings.offered]
    for number, talent in enumerate(dict.fromkeys(shared)):
        yield Ground(ANOTHER_TALENT if number else TALENT, Sentence("recommended-for-talent", {"talent": talent}))
    yield from _towards_skills(candidate, leanings, award, policy)
    if award.skill_theme is not None and award.points > award.base_points:
        counted = {"skill": award.skill_theme.value, "points": award.points, "base": award.base_points}
        yield Ground(SKILLED, Sentence("recommended-for-skill-held", counted))
    known = max(candidate.event.themes, key=lambda theme: (leanings.counts.get(theme, 0), theme))
    if many := leanings.counts.get(known):
        said = Sentence("recommended-for-expertise", {"skill": known.value, "many": many})
        yield Ground(min(OF_EXPERTISE * many, MOST_OF_EXPERTISE), said)


def _towards_skills(candidate: Candidate, leanings: Leanings, award: Award, policy: Policy) -> Iterator[Ground]:
    """The skill that an event brings nearest, of those within reach."""
    if award.computation.overlapping:
        return
    grounds = [
        ground
        for theme in candidate.event.themes
        if theme not in leanings.held and (ground := _towards(theme, candidate.organizer, leanings, policy))
    ]
    yield from sorted(grounds, key=lambda ground: -ground.weight)[:1]


def _towards(theme: ThemeCode, organizer: UUID | None, leanings: Leanings, policy: Policy) -> Ground | None:
    before = leanings.towards(theme, policy=policy)
    after = leanings.after(theme, organizer, policy=policy)
    if after.complete:
        return Ground(COMPLETES_SKILL, Sentence("recommended-for-skill-completed", {"skill": theme.value}))
    if before.contributions_missing > len(TOWARDS_SKILL):
        return None
    if leanings.counts.get(theme) and after.organizers_missing < before.organizers_missing:
        return Ground(FROM_NEW_ORGANIZER, Sentence("recommended-for-new-organizer", {"skill": theme.value}))
    if after.contributions_missing < before.contributions_missing:
        lacking = "contributions" if after.contributions_missing else "organizer"
        said = {"skill": theme.value, "missing": after.contributions_missing, "lacking": lacking}
        return Ground(TOWARDS_SKILL[before.contributions_missing - 1], Sentence("recommended-towards-skill", said))
    return None


def _where_and_when(candidate: Candidate, today: date) -> Iterator[Ground]:
    if candidate.home and not candidate.online:
        city = {"where": "city" if candidate.city else "somewhere", "city": candidate.city or ""}
        yield Ground(HOME, Sentence("recommended-at-home", city))
    elif candidate.online:
        yield Ground(ONLINE, Sentence("recommended-online"))
    if not candidate.full:
        yield Ground(SEATS)
    starts_at = candidate.starts_at
    ahead = (starts_at.date() - today).days
    for within, weight in SOON:
        if ahead <= within:
            yield Ground(weight, Sentence("recommended-soon", {"day": starts_at}))
            return
