"""What to do next: the few steps that matter to a citizen now, each with its reason.

How far away something is isn't told: where people are is neither asked nor kept.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain import guides
from domain.guides import Guide
from domain.ids import EventId
from domain.influence import Influence
from domain.recommendations import Leanings, Recommendation
from domain.words import Sentence, ThemeCode

MOST_TIPS = 5
WITHIN_REACH = 3
"""A skill is near from so many missing participations on."""
A_GOOD_PART = 4
"""An event that brings less than a quarter of what is missing is no way to a level."""
EASY = 3
"""Stars that don't frighten anybody."""
SEASONED_AFTER, FLUENT_AFTER = 5, 3
"""How often one has taken part before one is told to organise, and to speak up."""


@dataclass(frozen=True, slots=True)
class Errand:
    """An event that waits for something of a citizen's; `others` more do, `people` were there."""

    event_id: EventId
    starts_at: datetime
    others: int = 0
    people: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Where a citizen stands: all that tips rest on.

    Attributes:
        recommendations: What they can join, the best first; nothing else is ever suggested.
        coming: What they have a seat at and begins within days.
        feedback_due: What they attended, as long as they can say what they thought.
        outcome_due: What they organise that is over, and nobody tells what came of.
        attended: How often they took part.
        unlisted: How many of these don't show, on a profile that does.
    """

    influence: Influence
    leanings: Leanings
    recommendations: Sequence[Recommendation] = ()
    coming: Errand | None = None
    feedback_due: Errand | None = None
    outcome_due: Errand | None = None
    attended: int = 0
    unlisted: int = 0
    hidden: bool = False
    adult: bool = True
    organizes: bool = False
    email_verified: bool = True
    says_where: bool = True
    says_who: bool = True


@dataclass(frozen=True, slots=True)
class Tip:
    """A next step: a sentence without the title of its event, and a guide that helps with it."""

    key: str
    guide: Guide | None = None
    event_id: EventId | None = None
    parameters: Mapping[str, object] = field(default_factory=dict)

    def told(self, *, event: str | None) -> Sentence:
        """What is told, given the title of its event; None where it names none."""
        about = {"about": "nothing" if event is None else "event", "event": event or ""}
        return Sentence(f"coaching-{self.key}", {**self.parameters, **about})


Rule = Callable[[Situation, Collection[EventId | None]], Tip | None]


def tips(of: Situation) -> tuple[Tip, ...]:
    """Five at most, what presses and what brings most first; no two invite to the same event if it can be helped."""
    given: list[Tip] = []
    for rule in RULES:
        tip = rule(of, {each.event_id for each in given})
        if tip is not None:
            given.append(tip)
    return tuple(given[:MOST_TIPS])


def _coming(of: Situation, _named: Collection[EventId | None]) -> Tip | None:
    if of.coming is None:
        return None
    return Tip("coming", guides.BEING_THERE, of.coming.event_id, {"day": of.coming.starts_at})


def _first(of: Situation, _named: Collection[EventId | None]) -> Tip | None:
    """For whoever has never taken part and has no seat: something that doesn't ask for too much."""
    if not _new(of):
        return None
    easy = (each for each in _worthwhile(of) if each.candidate.event.engagement <= EASY)
    found = next(easy, None) or next(_worthwhile(of), None)
    if found is None:
        return Tip("first", guides.CHOOSING)
    level = of.influence.policy.level_at(of.influence.points + found.award.points)
    brings = "level" if level > of.influence.level else "points"
    return _invitation("first", guides.CHOOSING, found, {"level": level, "brings": brings})


def _new(of: Situation) -> bool:
    return not of.attended and of.coming is None


def _level(of: Situation, named: Collection[EventId | None]) -> Tip | None:
    """The way to the next level, and what brings it; failing that, what brings a good part of it."""
    missing = of.influence.points_to_next_level
    if missing is None or _new(of):
        return None
    open_to_them = [each for each in _worthwhile(of) if each.id not in named]
    enough = next((each for each in open_to_them if each.award.points >= missing), None)
    best = enough or max(open_to_them, key=lambda each: each.award.points, default=None)
    if best is None or best.award.points * A_GOOD_PART < missing:
        return None
    level, policy = of.influence.level + 1, of.influence.policy
    rank = policy.rank_of(level)
    way = {
        "missing": missing,
        "level": level,
        "rank": "same" if rank is of.influence.rank else rank.value,
        "brings": "some" if enough is None else "all",
    }
    return _invitation("level", None, best, way)


def _skill(of: Situation, named: Collection[EventId | None]) -> Tip | None:
    """The skill that is nearest, and an event that brings it nearer; of two as near, the one that has such an event."""
    policy = of.influence.policy
    near = []
    for theme in of.leanings.counts:
        missing = of.leanings.towards(theme, policy=policy)
        if theme not in of.leanings.held and not missing.complete and missing.contributions_missing <= WITHIN_REACH:
            helping = [each for each in _worthwhile(of) if _helps(each, theme, of)]
            many = max(missing.contributions_missing, missing.organizers_missing)
            near.append((many, not helping, theme, missing.organizers_missing, helping))
    if not near:
        return None
    many, _, theme, organizers, helping = min(near, key=lambda each: each[:3])
    way = {
        "skill": theme.value,
        "many": many,
        "organizers": organizers,
        "raised": "twice" if policy.skill_multiplier == 2 else "more",  # noqa: PLR2004 - doubled
        "skillFactor": policy.skill_multiplier,
    }
    found = next((each for each in helping if each.id not in named), None) or next(iter(helping), None)
    return Tip("skill", guides.CHOOSING, None, way) if found is None else _invitation("skill", None, found, way)


def _helps(one: Recommendation, theme: ThemeCode, of: Situation) -> bool:
    """Whether an event counts towards a skill: from another organiser, where that alone is missing."""
    if theme not in one.candidate.event.themes or one.award.computation.overlapping:
        return False
    policy = of.influence.policy
    before = of.leanings.towards(theme, policy=policy)
    after = of.leanings.after(theme, one.candidate.organizer, policy=policy)
    if before.organizers_missing >= before.contributions_missing:
        return after.organizers_missing < before.organizers_missing
    return after.contributions_missing < before.contributions_missing


def _doubled(of: Situation, named: Collection[EventId | None]) -> Tip | None:
    """What a skill that they hold makes worth more."""
    for each in _worthwhile(of):
        award = each.award
        if award.skill_theme is not None and award.points > award.base_points and each.id not in named:
            counted = {"skill": award.skill_theme.value, "base": award.base_points}
            return _invitation("skill-held", None, each, counted)
    return None


def _feedback(of: Situation, _named: Collection[EventId | None]) -> Tip | None:
    due = of.feedback_due
    return None if due is None else Tip("feedback", guides.GIVING_FEEDBACK, due.event_id, {"others": due.others})


def _outcome(of: Situation, _named: Collection[EventId | None]) -> Tip | None:
    due = of.outcome_due
    return None if due is None else Tip("outcome", guides.REPORTING_BACK, due.event_id, {"people": due.people})


def _email(of: Situation, _named: Collection[EventId | None]) -> Tip | None:
    return None if of.email_verified else Tip("verify-email")


def _profile(of: Situation, _named: Collection[EventId | None]) -> Tip | None:
    """What is missing to be found something, or to be known."""
    if not of.says_where:
        return Tip("say-where")
    seeking = sum(bool(each.candidate.sought_talents) for each in of.recommendations)
    if seeking and not of.leanings.offered:
        return Tip("offer-talents", parameters={"many": seeking})
    return None if of.says_who or of.hidden else Tip("say-who")


def _speaking(of: Situation, named: Collection[EventId | None]) -> Tip | None:
    """A public matter to speak up on, for whoever has been around."""
    if of.attended < FLUENT_AFTER:
        return None
    public = (each for each in _worthwhile(of) if ThemeCode.PUBLIC_ADMINISTRATION in each.candidate.event.themes)
    found = next((each for each in public if each.id not in named), None)
    return None if found is None else _invitation("speak-up", guides.SPEAKING_UP, found)


def _organizing(of: Situation, _named: Collection[EventId | None]) -> Tip | None:
    ready = of.adult and not of.organizes and of.attended >= SEASONED_AFTER
    return Tip("organize", guides.PREPARING, None, {"many": of.attended}) if ready else None


def _unlisted(of: Situation, _named: Collection[EventId | None]) -> Tip | None:
    return Tip("unlisted", parameters={"many": of.unlisted}) if of.unlisted and not of.hidden else None


RULES: tuple[Rule, ...] = (
    _coming,
    _outcome,
    _first,
    _level,
    _skill,
    _feedback,
    _doubled,
    _email,
    _profile,
    _speaking,
    _organizing,
    _unlisted,
)
"""What is looked at, the most pressing first."""


def _worthwhile(of: Situation) -> Iterator[Recommendation]:
    """What brings anything at all."""
    return (each for each in of.recommendations if each.award.points > 0)


def _invitation(key: str, guide: Guide | None, to: Recommendation, more: Mapping[str, object] | None = None) -> Tip:
    """A tip that invites to an event: when and where it is, and what it brings."""
    candidate = to.candidate
    where = "online" if candidate.online else "city" if candidate.city else "somewhere"
    told = {"day": candidate.starts_at, "where": where, "city": candidate.city or "", "points": to.award.points}
    return Tip(key, guide, to.id, {**told, **(more or {})})
