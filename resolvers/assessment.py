"""The self-assessment, before any sign-up. Nothing of it is stored or logged."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.assessment import Answer, Assessment, assess
from domain.influence import Influence, Totals, influence
from resolvers.context import Context
from resolvers.tokens import AssessmentToken


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What answers come to, and a token that holds the level and no answer."""

    assessment: Assessment
    influence: Influence
    token: AssessmentToken


def evaluate(ctx: Context, answers: Iterable[Answer]) -> Evaluation:
    """The level that answers come to, as the influence that a sign-up would start with."""
    now = ctx.now()
    assessment = assess(answers)
    policy = ctx.policies.in_force_at(now)
    start = Totals(points=policy.threshold(assessment.level))
    token = ctx.services.tokens.assessment(level=assessment.level, questionnaire=assessment.version, now=now)
    return Evaluation(assessment, influence(start, policy=policy), token)
