"""Influence: points, levels, ranks, and the policy that they follow."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache, partial
from typing import Annotated, Self, cast

import strawberry

from domain import influence as domain
from domain import policy as policies
from domain.policy import RankCode
from domain.words import Locale, Sentence
from engine import Each, itself, reads, relation
from resolvers.context import Context
from schema.access import PUBLIC
from schema.enums import described
from schema.info import Info
from schema.limits.declared import at_most
from schema.wording import labels, numbers, say, speak
from schema.words import InLocale

described(
    RankCode,
    description="A stretch of levels with a name.",
    NEWCOMER="Levels 1 and 2: « Nouveau ».",
    ENGAGED="Levels 3 and 4: « Engagé ».",
    CONFIRMED="Levels 5 to 8: « Confirmé ».",
    SEASONED="Levels 9 to 12: « Aguerri ».",
    LEADING="Levels 13 to 16: « Moteur ».",
    INFLUENTIAL="Levels 17 to 20: « Influent ».",
)


_labels = labels(RankCode, lambda rank: Sentence(f"rank-{rank.value.lower()}"))


@reads(RankCode, code=itself)
@strawberry.federation.type(shareable=True, description="A stretch of levels, by code and by name.")
class Rank:
    code: RankCode = strawberry.field(description="The rank, for programs.")

    @relation(at_hand=_labels, description="The rank, for people: « Confirmé ».")
    @staticmethod
    def label(ranks: Sequence[RankCode], context: Context, locale: InLocale = None) -> Each[str]:
        return list(map(_labels(context, locale), ranks))

    @classmethod
    def of(cls, code: RankCode) -> Self:
        """A code is a rank, when the program runs."""
        return cast("Self", code)


@strawberry.type(description="Where a level starts.")
class LevelThreshold:
    level: int = strawberry.field(description="The level, 1 to 20.")
    points: int = strawberry.field(description="The points that it starts at.")
    rank: Rank = strawberry.field(description="The rank that it belongs to.")


@strawberry.type(
    description="What counts how much. A policy never changes once it is in force: a new one has a new version."
)
class ScoringPolicy:
    version: str = strawberry.field(description="Its name, which ledger entries carry: `2026-1`.")
    effective_from: date = strawberry.field(description="The day in Paris from which it is in force.")
    levels: list[LevelThreshold] = strawberry.field(
        description="The 20 levels, the first first.", directives=at_most(20)
    )
    points_per_hour_and_star: int = strawberry.field(description="What an hour at one star brings.")
    maximum_minutes: int = strawberry.field(description="The minutes of one event that count, at most.")
    minimum_points: int = strawberry.field(description="What an event brings at least, before any factor.")
    skill_multiplier: float = strawberry.field(description="By how much a skill multiplies points on its theme.")
    contributions_for_skill: int = strawberry.field(
        description="How many confirmed participations on a theme bring its skill."
    )
    organizers_for_skill: int = strawberry.field(
        description="From how many different organisers those must come, at least."
    )
    repeat_window_days: int = strawberry.field(
        description="On either side of an event, the days in which awards from the same citizen organiser are counted."
    )
    repeat_factors: list[float] = strawberry.field(
        description="What the 1st, 2nd … award from one and the same citizen organiser counts; the last one goes on."
    )
    organizing_minimum_participants: int = strawberry.field(
        description="How many confirmed participants an event needs to bring its organiser points."
    )

    told: strawberry.Private[Callable[[Locale], str]]

    @strawberry.field(description="The whole rule in plain words.")
    def description(self, info: Info, locale: InLocale = None) -> str:
        return self.told(locale or info.context.locale)

    @classmethod
    def of(cls, policy: policies.Policy) -> Self:
        return cls(
            version=policy.version,
            effective_from=policy.effective_from,
            levels=[
                LevelThreshold(level=level, points=points, rank=Rank.of(policy.rank_of(level)))
                for level, points in enumerate(policy.level_points, start=1)
            ],
            points_per_hour_and_star=policy.points_per_hour_and_star,
            maximum_minutes=policy.maximum_minutes,
            minimum_points=policy.minimum_points,
            skill_multiplier=float(policy.skill_multiplier),
            contributions_for_skill=policy.contributions_for_skill,
            organizers_for_skill=policy.organizers_for_skill,
            repeat_window_days=policy.repeat_window_days,
            repeat_factors=[float(factor) for factor in policy.repeat_factors],
            organizing_minimum_participants=policy.organizing_minimum_participants,
            told=cache(partial(_told, policy)),
        )


def _told(policy: policies.Policy, locale: Locale) -> str:
    parameters: dict[str, object] = {
        "perHour": policy.points_per_hour_and_star,
        "hours": policy.maximum_minutes // 60,
        "minimum": policy.minimum_points,
        "multiplier": policy.skill_multiplier,
        "contributions": policy.contributions_for_skill,
        "organizers": policy.organizers_for_skill,
        "days": policy.repeat_window_days,
        "factors": numbers(policy.repeat_factors, locale),
        "participants": policy.organizing_minimum_participants,
        "top": policy.level_points[-1],
    }
    return say(Sentence("policy-description", parameters), locale)


_SHOWN: dict[str, tuple[policies.Policy, ScoringPolicy]] = {}


def _shown(policy: policies.Policy) -> ScoringPolicy:
    """A policy is the same for everybody, and never changes: it is made once, and not for each."""
    kept = _SHOWN.get(policy.version)
    if kept is None or kept[0] is not policy:
        kept = _SHOWN[policy.version] = policy, ScoringPolicy.of(policy)
    return kept[1]


@reads(domain.Influence, policy=lambda influence: _shown(influence.policy))
@strawberry.type(description="Where a citizen stands: everything follows from the ledger and the policy.")
class Influence:
    level: int = strawberry.field(description="1 to 20, from all points.")
    rank: Rank = strawberry.field(description="The rank of the level.")
    points: int = strawberry.field(description="The sum of the ledger.")
    earned_points: int = strawberry.field(description="All of it but what was self-declared at sign-up.")
    earned_level: int = strawberry.field(
        description="The level of `earnedPoints`: what filters, orders and rankings use."
    )
    points_to_next_level: int | None = strawberry.field(description="What is missing; null at level 20.")
    progress: float = strawberry.field(description="The way through the level, 0 to 1; 1 at level 20.")
    policy: ScoringPolicy = strawberry.field(description="The policy that levels follow now.")

    @strawberry.field(description="Why this level, and what would bring the next one, in plain words.")
    @staticmethod
    def explanation(influence: strawberry.Parent[domain.Influence], info: Info, locale: InLocale = None) -> str:
        return speak(info, domain.explain(influence), locale)

    @classmethod
    def of(cls, record: domain.Influence) -> Self:
        """What is read like that is one, when the program runs."""
        return cast("Self", record)


@strawberry.type
class InfluenceQuery:
    @strawberry.field(
        directives=PUBLIC,
        description="How points are computed: the policy in force, or an earlier one; null for no version.",
    )
    def scoring_policy(
        self,
        info: Info,
        version: Annotated[
            str | None, strawberry.argument(description="A policy's version; unless told the one in force.")
        ] = None,
    ) -> ScoringPolicy | None:
        ctx = info.context
        policy = ctx.policies.in_force_at(ctx.now()) if version is None else ctx.policies.version(version)
        return _shown(policy) if policy else None
