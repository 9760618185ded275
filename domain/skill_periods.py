"""The periods in which skills were held, derived once more from what a citizen attended (product.md, section 3).

What a verified organisation recognised is a fact by itself; what repeated contribution brings follows from the awards
that stood.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.ids import OrganizationId
from domain.policy import Policy
from domain.skills import Contribution, Holding, SkillSource, skills_earned
from domain.words import ThemeCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A period of holding as it is kept.

    `told_at` is when others are told that it began, which changes with what is listed.
    """

    theme: ThemeCode
    source: SkillSource
    acquired_at: datetime
    lost_at: datetime | None = None
    recognized_by: OrganizationId | None = None
    reason: str | None = None
    told_at: datetime | None = field(default=None, compare=False)

    @property
    def recognized(self) -> bool:
        """Whether an organisation gave it: then nothing else tells of it."""
        return self.source is SkillSource.RECOGNITION and self.recognized_by is not None

    def holding(self) -> Holding:
        return Holding(self.theme, self.acquired_at, self.lost_at)


class SkillPeriods:
    """The fold over a citizen's awards, in the order in which they were recorded."""

    def __init__(self, recognized: Iterable[Period] = ()) -> None:
        self._recognized = [period.holding() for period in recognized]
        self._earned: list[Holding] = []
        self._contributions: dict[Hashable, Contribution] = {}

    @property
    def earned(self) -> Sequence[Holding]:
        """What repeated contribution brought so far, with what was lost of it."""
        return tuple(self._earned)

    def known(self, at: datetime) -> list[Holding]:
        """The periods as they were known then, which an award that was recorded `at` that moment looked at."""
        return holdings_then([*self._earned, *self._recognized], at=at)

    def attended(
        self,
        key: Hashable,
        contribution: Contribution,
        *,
        counts: bool,
        at: datetime,
        policy: Policy,
    ) -> None:
        """An award was given: it may complete skills. It counts to none where it was in two places at once."""
        if counts:
            self._contributions[key] = contribution
        held = {period.theme for period in (*self._earned, *self._recognized) if _held(period, at)}
        gained = skills_earned(self._contributions.values(), policy=policy) & set(contribution.themes) - held
        self._earned.extend(Holding(theme, at) for theme in sorted(gained))

    def taken_back(self, key: Hashable, themes: Iterable[ThemeCode], *, at: datetime, policy: Policy) -> None:
        """An award was reversed: skills in its themes go where either mark isn't reached any more."""
        self._contributions.pop(key, None)
        gone = set(themes) - skills_earned(self._contributions.values(), policy=policy)
        self._earned = [
            each._replace(lost_at=max(at, each.acquired_at)) if each.theme in gone and each.lost_at is None else each
            for each in self._earned
        ]


def holdings_then(holdings: Iterable[Holding], *, at: datetime) -> list[Holding]:
    """Periods as they were known when an award was given: a skill that it completed itself came after."""
    known = (held for held in holdings if held.acquired_at < at)
    return [held._replace(lost_at=None) if held.lost_at and held.lost_at > at else held for held in known]


def _held(period: Holding, at: datetime) -> bool:
    return period.acquired_at <= at and (period.lost_at is None or period.lost_at > at)
