"""What an event would bring to a citizen, before they have been there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.events import Event
from domain.ids import EventId
from domain.ledger import what_counted
from domain.points import Award, EarlierAward, ScoredEvent, participation_award
from domain.policy import Policies, Policy
from domain.skills import Holding
from domain.words import Sentence


@dataclass(frozen=True, slots=True)
class Past:
    """What a citizen's next award rests on: periods of holding skills, and the awards that stand, by event."""

    holdings: tuple[Holding, ...] = ()
    awards: Mapping[EventId, EarlierAward] = field(default_factory=dict)


def reward(event: Event, past: Past, *, policy: Policy) -> Award:
    """What attendance would bring now; for what was attended already, what it would bring once more.

    Args:
        event: What may be attended.
        past: The citizen's.
        policy: The one in force when the event begins.
    """
    return reward_of(event.scored(), past, policy=policy)


def reward_of(event: ScoredEvent, past: Past, *, policy: Policy) -> Award:
    """The same, of the facts that points are made of."""
    earlier = [award for of, award in past.awards.items() if of != event.id]
    return participation_award(event, holdings=past.holdings, earlier=earlier, policy=policy)


def explain(award: Award, *, policies: Policies) -> Sentence:
    """Say in a sentence what is counted and why, by the policy that it follows."""
    policy = policies.version(award.policy_version) or policies.all[-1]
    counted = what_counted(
        award.computation,
        base=award.base_points,
        points=award.points,
        theme=award.skill_theme,
        days=policy.repeat_window_days,
    )
    return Sentence("reward-explanation", counted)
