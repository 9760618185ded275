"""From the answers to a level from 1 to 20: product.md, section 1.

Answers say things about political opinion. So none of them is in a repr, a refusal, or what a traceback could show,
and what comes out holds no sum: a sum of 0 or 100 would tell every answer, where a level tells none.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from domain.fields import TooMany
from domain.policy import LEVELS
from domain.questionnaire import QUESTIONNAIRE, Choice, Question, Questionnaire
from domain.refusals import Refusal, RefusalCode, refuse_if_any

MAXIMUM_ANSWERS = 100
"""More aren't looked at one by one, so that a long list doesn't get a long list of refusals."""
POINTS_PER_LEVEL = 4


class UnknownQuestion(Refusal):
    """Not one of the questionnaire's. Its code stays unsaid, as someone may have put an answer there."""

    code = RefusalCode.NOT_FOUND


class UnknownChoice(Refusal):
    """Not one of the choices of `question`."""

    code = RefusalCode.INVALID


class QuestionAnsweredTwice(Refusal):
    """A second answer to `question`."""

    code = RefusalCode.CONFLICT


class QuestionUnanswered(Refusal):
    """No answer to `question`."""

    code = RefusalCode.REQUIRED


@dataclass(frozen=True, slots=True)
class Answer:
    """The codes of a question and of the choice made, as they were sent."""

    question: str
    choice: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AssessmentLine:
    """What one answer brought: `weight` points out of `maximum`."""

    question: Question
    choice: Choice = field(repr=False)

    @property
    def weight(self) -> int:
        return self.choice.weight

    @property
    def maximum(self) -> int:
        return self.question.maximum


@dataclass(frozen=True, slots=True)
class Assessment:
    """A level from 1 to 20, and its lines, one a question, in the order they are asked."""

    level: int
    lines: tuple[AssessmentLine, ...] = field(repr=False)
    version: str


def level_at(score: int) -> int:
    """The level that so many points out of 100 come to.

    In words: every 4 full points make a level, less one; never under 1, never over 20. So the first 11 points keep
    level 1, level 2 starts at 12, level 3 at 16, and from 84 points it is level 20.
    """
    return min(max(score // POINTS_PER_LEVEL - 1, 1), LEVELS)


def assess(answers: Iterable[Answer], *, questionnaire: Questionnaire = QUESTIONNAIRE) -> Assessment:
    """The level of a complete set of answers, in whatever order they come.

    Raises:
        Refusals: All that is wrong with them: a question that isn't asked, a choice that isn't the question's own,
            a second answer to a question, a question left out. Paths start at `answers`; none holds a choice.
    """
    given = tuple(answers)
    if len(given) > MAXIMUM_ANSWERS:
        refuse_if_any([TooMany("answers", maximum=len(questionnaire.questions))])
    read, problems = _read(given, questionnaire)
    refuse_if_any(problems)
    lines = tuple(read[question.code] for question in questionnaire.questions)
    score = sum(line.weight for line in lines)
    return Assessment(level=level_at(score), lines=lines, version=questionnaire.version)


def _read(answers: tuple[Answer, ...], questionnaire: Questionnaire) -> tuple[dict[str, AssessmentLine], list[Refusal]]:
    asked = {question.code: question for question in questionnaire.questions}
    unanswered = dict(asked)
    lines: dict[str, AssessmentLine] = {}
    problems: list[Refusal] = []
    for position, answer in enumerate(answers):
        path = ("answers", str(position))
        question = asked.get(answer.question)
        if question is None:
            problems.append(UnknownQuestion(*path, "question"))
            continue
        if unanswered.pop(question.code, None) is None:
            problems.append(QuestionAnsweredTwice(*path, "question", question=question.code))
        choice = question.choice(answer.choice)
        if choice is None:
            problems.append(UnknownChoice(*path, "choice", question=question.code))
        else:
            lines[question.code] = AssessmentLine(question, choice)
    problems.extend(QuestionUnanswered("answers", question=code) for code in unanswered)
    return lines, problems
