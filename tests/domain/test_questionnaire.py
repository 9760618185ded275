import re
from functools import cache
from pathlib import Path

import pytest
from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax import FluentParser, ast

from domain.assessment import QuestionAnsweredTwice, QuestionUnanswered, UnknownChoice, UnknownQuestion
from domain.questionnaire import QUESTIONNAIRE

CATALOGS = Path(__file__).parents[2] / "schema" / "catalogs"
REFUSALS = (QuestionAnsweredTwice, QuestionUnanswered, UnknownChoice, UnknownQuestion)
QUESTIONS = {f"question-{question.code}" for question in QUESTIONNAIRE.questions}
CHOICES = {
    f"choice-{question.code}-{choice.code}" for question in QUESTIONNAIRE.questions for choice in question.choices
}

in_each_language = pytest.mark.parametrize("language", ["fr", "en"])


def catalog(language: str) -> str:
    return (CATALOGS / language / "questionnaire.ftl").read_text(encoding="utf-8")


def messages(language: str) -> dict[str, ast.Message]:
    entries = FluentParser().parse(catalog(language)).body
    assert not [entry for entry in entries if isinstance(entry, ast.Junk)]
    found = [entry for entry in entries if isinstance(entry, ast.Message)]
    assert len({message.id.name for message in found}) == len(found)
    return {message.id.name: message for message in found}


@cache
def bundle(language: str) -> FluentBundle:
    made = FluentBundle([language], use_isolating=False)
    made.add_resource(FluentResource(catalog(language)))
    return made


def said(language: str, key: str, **parameters: object) -> str:
    pattern = bundle(language).get_message(key).value
    assert pattern is not None
    text, errors = bundle(language).format_pattern(pattern, parameters)
    assert not errors
    return str(text)


def test_every_code_is_lower_kebab_case_and_says_one_thing() -> None:
    codes = [question.code for question in QUESTIONNAIRE.questions]
    assert len(set(codes)) == len(codes)
    for question in QUESTIONNAIRE.questions:
        own = [choice.code for choice in question.choices]
        assert len(set(own)) == len(own)
        for code in (question.code, *own):
            assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)


def test_choices_go_from_the_least_active_at_nothing_to_the_most_active() -> None:
    for question in QUESTIONNAIRE.questions:
        weights = [choice.weight for choice in question.choices]
        assert weights == sorted(weights)
        assert weights[0] == 0 < weights[-1] == question.maximum


def test_the_weights_add_up_to_a_hundred() -> None:
    assert sum(question.maximum for question in QUESTIONNAIRE.questions) == 100


def test_what_touches_on_opinions_or_office_is_marked_and_weighs_little() -> None:
    sensitive = {question.code: question.maximum for question in QUESTIONNAIRE.questions if question.sensitive}
    assert sensitive == {"vote": 1, "office": 2, "association-kind": 2, "activism": 2, "expression": 2}


def test_no_kind_of_association_weighs_more_than_another() -> None:
    kinds = next(question for question in QUESTIONNAIRE.questions if question.code == "association-kind")
    assert {choice.weight for choice in kinds.choices if choice.code not in {"none", "several"}} == {1}


def test_a_question_knows_its_own_choices_alone() -> None:
    vote = next(question for question in QUESTIONNAIRE.questions if question.code == "vote")
    assert vote.choice("yes") is vote.choices[1]
    assert vote.choice("adult") is None


@in_each_language
def test_every_question_help_choice_and_refusal_is_worded_and_nothing_else(language: str) -> None:
    worded = messages(language)
    refusals = {refusal.sentence for refusal in REFUSALS}
    assert set(worded) == QUESTIONS | CHOICES | refusals | {"prompt-of-question"}
    for key, message in worded.items():
        attributes = [attribute.id.name for attribute in message.attributes]
        assert attributes == (["help"] if key in QUESTIONS else [])
        assert message.value is not None


@in_each_language
def test_choices_of_one_question_read_differently(language: str) -> None:
    for question in QUESTIONNAIRE.questions:
        labels = {said(language, f"choice-{question.code}-{choice.code}") for choice in question.choices}
        assert len(labels) == len(question.choices)


@in_each_language
@pytest.mark.parametrize("refusal", [QuestionAnsweredTwice, QuestionUnanswered, UnknownChoice])
def test_a_refusal_quotes_the_question_in_words(language: str, refusal: type[UnknownChoice]) -> None:
    for question in QUESTIONNAIRE.questions:
        prompt = said(language, f"question-{question.code}")
        assert prompt in said(language, refusal.sentence, question=question.code)


def test_french_has_no_break_before_its_tall_punctuation() -> None:
    sentences = [line for line in catalog("fr").splitlines() if not line.startswith("#")]
    assert [line for line in sentences if re.search(r" [?!:;»]|« |(?<=\w)[?!»]", line)] == []
