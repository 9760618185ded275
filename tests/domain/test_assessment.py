import pprint
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise, product
from types import TracebackType

import pytest

from domain.assessment import (
    MAXIMUM_ANSWERS,
    Answer,
    Assessment,
    QuestionAnsweredTwice,
    QuestionUnanswered,
    UnknownChoice,
    UnknownQuestion,
    assess,
    level_at,
)
from domain.fields import TooMany
from domain.questionnaire import QUESTIONNAIRE, Choice, Question, Questionnaire
from domain.refusals import Refusal, Refusals

QUESTIONS = QUESTIONNAIRE.questions
LEVELS = range(1, 21)
Picks = tuple[int, ...]
"""The position of the choice made, question by question."""

UNTOLD = [position for position, question in enumerate(QUESTIONS) if question.sensitive or question.code == "age"]


def answers(picks: Picks) -> list[Answer]:
    return [Answer(question.code, question.choices[pick].code) for question, pick in zip(QUESTIONS, picks, strict=True)]


@pytest.fixture(scope="module")
def levels() -> Mapping[Picks, int]:
    """Every set of answers there is, and the level it comes to."""
    every = product(*(range(len(question.choices)) for question in QUESTIONS))
    given = product(*([Answer(question.code, choice.code) for choice in question.choices] for question in QUESTIONS))
    return {picks: assess(answers).level for picks, answers in zip(every, given, strict=True)}


LEAST: Picks = (0,) * len(QUESTIONS)
MOST: Picks = tuple(len(question.choices) - 1 for question in QUESTIONS)


def test_the_least_active_answers_give_exactly_1_and_the_most_active_exactly_20() -> None:
    assert assess(answers(LEAST)).level == 1
    assert assess(answers(MOST)).level == 20


def test_every_set_of_answers_has_a_level_and_every_level_has_sets(levels: Mapping[Picks, int]) -> None:
    assert len(levels) == 81_000
    assert set(levels.values()) == set(LEVELS)


def test_a_more_active_answer_never_gives_less(levels: Mapping[Picks, int]) -> None:
    for picks, level in levels.items():
        for position, pick in enumerate(picks):
            more = levels.get((*picks[:position], pick + 1, *picks[position + 1 :]), 20)
            assert more >= level


def test_no_level_tells_anything_about_opinions_office_or_age_even_taken_together(
    levels: Mapping[Picks, int],
) -> None:
    seen: dict[int, set[Picks]] = {level: set() for level in LEVELS}
    for picks, level in levels.items():
        seen[level].add(tuple(picks[position] for position in UNTOLD))
    every = set(product(*(range(len(QUESTIONS[position].choices)) for position in UNTOLD)))
    assert len(every) == 648
    for level in LEVELS:
        assert seen[level] == every


def test_no_level_settles_the_answer_to_any_question(levels: Mapping[Picks, int]) -> None:
    seen: dict[tuple[int, int], set[int]] = {}
    for picks, level in levels.items():
        for position, pick in enumerate(picks):
            seen.setdefault((level, position), set()).add(pick)
    assert len(seen) == len(LEVELS) * len(QUESTIONS)
    assert min(len(choices) for choices in seen.values()) >= 2


@pytest.mark.parametrize(
    ("score", "level"), [(0, 1), (11, 1), (12, 2), (15, 2), (16, 3), (83, 19), (84, 20), (100, 20)]
)
def test_every_four_points_make_a_level_less_one(score: int, level: int) -> None:
    assert level_at(score) == level


def test_each_level_between_the_ends_is_four_points_wide() -> None:
    reached = [level_at(score) for score in range(101)]
    assert [reached.count(level) for level in LEVELS] == [12, *[4] * 18, 17]
    assert all(before <= after for before, after in pairwise(reached))


def test_someone_who_helps_a_little_starts_among_the_engaged() -> None:
    nath = {
        "age": "adult",
        "vote": "yes",
        "office": "none",
        "associations": "member",
        "association-kind": "culture",
        "activism": "sometimes",
        "meetings": "once",
        "projects": "following",
        "expression": "sometimes",
    }
    assessment = assess(Answer(question, choice) for question, choice in nath.items())
    assert [line.weight for line in assessment.lines] == [1, 1, 0, 6, 1, 1, 4, 4, 1]
    assert [line.maximum for line in assessment.lines] == [1, 1, 2, 30, 2, 2, 30, 30, 2]
    assert assessment.level == 3
    assert assessment.version == "2026-1"


def test_the_order_of_the_answers_changes_nothing() -> None:
    given = answers(MOST)
    assert assess(reversed(given)) == assess(given)
    assert [line.question for line in assess(reversed(given)).lines] == list(QUESTIONS)


def refused(given: list[Answer]) -> list[tuple[type[Refusal], tuple[str, ...], object]]:
    with pytest.raises(Refusals) as caught:
        assess(given)
    return [(type(refusal), refusal.path, refusal.parameters.get("question")) for refusal in caught.value.refusals]


def test_all_that_is_wrong_is_said_at_once_each_where_it_lies() -> None:
    given = answers(LEAST)
    given[1] = Answer("vote", "adult")
    given[3] = Answer("shoe-size", "none")
    given[8] = Answer("age", "over-90")
    assert refused(given) == [
        (UnknownChoice, ("answers", "1", "choice"), "vote"),
        (UnknownQuestion, ("answers", "3", "question"), None),
        (QuestionAnsweredTwice, ("answers", "8", "question"), "age"),
        (UnknownChoice, ("answers", "8", "choice"), "age"),
        (QuestionUnanswered, ("answers",), "associations"),
        (QuestionUnanswered, ("answers",), "expression"),
    ]


def test_the_same_answer_given_twice_is_still_twice() -> None:
    given = [*answers(MOST), answers(MOST)[0]]
    assert refused(given) == [(QuestionAnsweredTwice, ("answers", "9", "question"), "age")]


def test_a_question_answered_with_what_is_not_its_own_is_not_called_unanswered() -> None:
    given = [*answers(LEAST)[:-1], Answer("expression", "")]
    assert refused(given) == [(UnknownChoice, ("answers", "8", "choice"), "expression")]


def test_no_answers_leave_every_question_unanswered() -> None:
    assert refused([]) == [(QuestionUnanswered, ("answers",), question.code) for question in QUESTIONS]


def test_a_very_long_list_gets_one_refusal() -> None:
    assert refused([Answer("x", "y")] * (MAXIMUM_ANSWERS + 1)) == [(TooMany, ("answers",), None)]
    assert len(refused([Answer("x", "y")] * MAXIMUM_ANSWERS)) == MAXIMUM_ANSWERS + len(QUESTIONS)


SECRET, OTHER_SECRET = "xylophone", "quetzal"
PRIVATE = Questionnaire(
    "test",
    (
        Question("first", (Choice("least", 0), Choice(SECRET, 3)), sensitive=True),
        Question("second", (Choice(OTHER_SECRET, 7),), sensitive=True),
    ),
)


@dataclass(frozen=True)
class Record:
    """What a log line might hold."""

    answer: Answer
    assessment: Assessment


def test_nothing_that_is_printed_shows_a_choice() -> None:
    assessment = assess([Answer("second", OTHER_SECRET), Answer("first", SECRET)], questionnaire=PRIVATE)
    record = Record(Answer("first", SECRET), assessment)
    for shown in (repr(record), str(assessment.lines), f"{record.answer}", pprint.pformat(record)):
        assert "first" in shown or "level=1" in shown
        assert SECRET not in shown
        assert OTHER_SECRET not in shown
        assert "weight" not in shown


def frames(trace: TracebackType | None) -> Iterator[Mapping[str, object]]:
    while trace is not None:
        if trace.tb_frame.f_globals["__name__"].startswith("domain."):
            yield trace.tb_frame.f_locals
        trace = trace.tb_next


def test_a_refusal_shows_no_answer_not_even_in_a_traceback_with_its_variables() -> None:
    given = [Answer("first", SECRET), Answer("first", OTHER_SECRET)]
    with pytest.raises(Refusals) as caught:
        assess(given, questionnaire=PRIVATE)
    assert caught.value.__context__ is None
    shown = [
        "".join(traceback.format_exception(caught.value)),
        *(f"{refusal!r} {refusal} {refusal.path} {refusal.parameters}" for refusal in caught.value.refusals),
        *(repr(variables) for variables in frames(caught.value.__traceback__)),
    ]
    assert len(shown) == 1 + 3 + 2
    for text in shown:
        assert SECRET not in text
        assert OTHER_SECRET not in text


def test_what_stands_where_a_question_should_is_not_repeated() -> None:
    with pytest.raises(Refusals) as caught:
        assess([Answer(SECRET, OTHER_SECRET)], questionnaire=PRIVATE)
    shown = "".join(f"{refusal!r} {refusal.path} {refusal.parameters}" for refusal in caught.value.refusals)
    assert SECRET not in shown
    assert OTHER_SECRET not in shown
