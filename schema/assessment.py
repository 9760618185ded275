"""The self-assessment, before any sign-up: what is asked, and what level the answers come to."""

from datetime import datetime
from typing import Annotated, Self

import strawberry

from domain import assessment, questionnaire
from domain.words import Sentence
from resolvers import assessment as resolve
from schema.access import PUBLIC
from schema.influence import Influence
from schema.info import Info
from schema.limits.declared import at_most
from schema.wording import attribute, speak
from schema.words import InLocale


@strawberry.type(description="One of the answers that a question takes.")
class Choice:
    code: strawberry.ID = strawberry.field(description="The choice, for `evaluateInfluence`.")
    question: strawberry.Private[str]

    @strawberry.field(description="The choice, for people.")
    def label(self, info: Info, locale: InLocale = None) -> str:
        return speak(info, Sentence(f"choice-{self.question}-{self.code}"), locale)


@strawberry.type(description="A question about one's civic life.")
class Question:
    code: strawberry.ID = strawberry.field(description="The question, for `evaluateInfluence`.")
    choices: list[Choice] = strawberry.field(description="Its answers, the least active first.", directives=at_most(6))

    @strawberry.field(description="The question, for people.")
    def prompt(self, info: Info, locale: InLocale = None) -> str:
        return speak(info, Sentence(f"question-{self.code}"), locale)

    @strawberry.field(description="A sentence that helps to answer; null where none is needed.")
    def help(self, info: Info, locale: InLocale = None) -> str | None:
        return attribute(f"question-{self.code}", "help", locale or info.context.locale)

    @classmethod
    def of(cls, question: questionnaire.Question) -> Self:
        choices = [Choice(code=strawberry.ID(each.code), question=question.code) for each in question.choices]
        return cls(code=strawberry.ID(question.code), choices=choices)


@strawberry.type(description="The questions of the self-assessment.")
class Questionnaire:
    version: str = strawberry.field(description="Which questionnaire this is: another one has other questions.")
    questions: list[Question] = strawberry.field(
        description="The questions, in the order to ask them.", directives=at_most(10)
    )


@strawberry.type(description="What an answer weighed.")
class AssessmentLine:
    question: Question = strawberry.field(description="The question.")
    choice: Choice = strawberry.field(description="The answer that was given.")
    weight: int = strawberry.field(description="What it counts.")
    maximum: int = strawberry.field(description="What the most active answer would count.")

    @classmethod
    def of(cls, line: assessment.AssessmentLine) -> Self:
        choice = Choice(code=strawberry.ID(line.choice.code), question=line.question.code)
        return cls(question=Question.of(line.question), choice=choice, weight=line.weight, maximum=line.maximum)


@strawberry.type(description="What level one's own answers come to: a starting point and an incentive, not a measure.")
class SelfAssessment:
    influence: Influence = strawberry.field(description="What one would start with.")
    breakdown: list[AssessmentLine] = strawberry.field(
        description="One line a question: its weight, and why.", directives=at_most(10)
    )
    token: str = strawberry.field(
        description="Signed; holds the level and no answer. `signUp` takes it, once, until it expires."
    )
    expires_at: datetime = strawberry.field(description="Until when the token is good: 24 hours.")


@strawberry.input(description="An answer to a question.")
class AnswerInput:
    question: strawberry.ID = strawberry.field(description="The question's code.")
    choice: strawberry.ID = strawberry.field(description="The code of one of its own choices.")


@strawberry.type
class AssessmentQuery:
    @strawberry.field(directives=PUBLIC, description="What the self-assessment asks. Needs no account.")
    def questionnaire(self) -> Questionnaire:
        current = questionnaire.QUESTIONNAIRE
        return Questionnaire(version=current.version, questions=[Question.of(each) for each in current.questions])

    @strawberry.field(
        directives=PUBLIC,
        description="What level answers come to. Each question once. Nothing is stored or logged; POST only.",
    )
    def evaluate_influence(
        self,
        info: Info,
        answers: Annotated[list[AnswerInput], strawberry.argument(description="One answer to each question.")],
    ) -> SelfAssessment:
        given = [assessment.Answer(question=each.question, choice=each.choice) for each in answers]
        evaluation = resolve.evaluate(info.context, given)
        return SelfAssessment(
            influence=Influence.of(evaluation.influence),
            breakdown=[AssessmentLine.of(line) for line in evaluation.assessment.lines],
            token=evaluation.token.token,
            expires_at=evaluation.token.expires_at,
        )
