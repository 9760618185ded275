"""The catalogs: the same sentences in both languages, and all of them usable."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from fluent.syntax import FluentParser, ast

from domain.words import Locale, Sentence
from schema import wording
from schema.influence import ScoringPolicy
from schema.wording import CATALOGS, HOLE, KEPT, document, numbers, say
from tests.clock import START
from tests.samples import POLICY

FILES = sorted(path.name for path in (CATALOGS / "fr").iterdir())


def messages(path: Path) -> dict[str, ast.Message]:
    resource = FluentParser().parse(path.read_text(encoding="utf-8"))
    assert not [entry for entry in resource.body if isinstance(entry, ast.Junk)], path
    return {entry.id.name: entry for entry in resource.body if isinstance(entry, ast.Message)}


def variables(message: ast.Message) -> set[str]:
    return set(re.findall(r"VariableReference.*?'name': '(\w+)'", str(message.to_json())))


def test_both_languages_have_the_same_files() -> None:
    assert sorted(path.name for path in (CATALOGS / "en").iterdir()) == FILES


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".ftl")])
def test_both_languages_have_the_same_sentences_with_the_same_variables(name: str) -> None:
    french, english = messages(CATALOGS / "fr" / name), messages(CATALOGS / "en" / name)
    assert french.keys() == english.keys()
    assert {key: variables(each) for key, each in french.items()} == {
        key: variables(each) for key, each in english.items()
    }


def test_no_sentence_has_two_homes() -> None:
    keys = [key for name in FILES if name.endswith(".ftl") for key in messages(CATALOGS / "fr" / name)]
    assert len(keys) == len(set(keys))


def test_numbers_and_plurals_follow_the_language() -> None:
    influence = {"level": 5, "points": 1_700, "declared": 0, "earned": 0, "next": "some", "missing": 1, "nextLevel": 6}
    assert say(Sentence("influence-explanation", influence), Locale.FR) == (
        "Niveau 5 avec 1\u202f700\u00a0points. Encore 1 point jusqu’au niveau 6."
    )
    assert say(Sentence("influence-explanation", influence), Locale.EN) == (
        "Level 5 with 1,700 points. 1 more point to level 6."
    )


def test_numbers_stand_in_a_row_as_the_language_writes_them() -> None:
    factors = (Decimal(1), Decimal("0.50"), Decimal("0.125"), Decimal(0))
    assert numbers(factors, Locale.FR) == "1 ; 0,5 ; 0,125 ; 0"
    assert numbers(factors, Locale.EN) == "1, 0.5, 0.125, 0"


def test_a_policy_is_told_with_its_factors() -> None:
    told = ScoringPolicy.of(POLICY).told

    assert "(facteurs 1 ; 1 ; 1 ; 0,5 ; 0,5 ; 0,5 ; 0, le dernier" in told(Locale.FR)
    assert "(factors 1, 1, 1, 0.5, 0.5, 0.5, 0, the last" in told(Locale.EN)


def test_a_sentence_that_was_said_before_is_said_in_the_language_that_is_asked_for() -> None:
    redacted = Sentence("ledger-redacted", {"kind": "PARTICIPATION", "points": 1_500, "size": 1_500})

    told = [say(redacted, locale) for locale in (Locale.FR, Locale.EN, Locale.FR, Locale.EN)]

    french, english = told[:2]
    assert told[2:] == [french, english]
    assert french.startswith("1\u202f500\u00a0points, pour")
    assert english.startswith("1,500 points, for")


def test_no_more_sentences_are_kept_than_there_is_room_for() -> None:
    for points in range(2 * KEPT):
        say(Sentence("ledger-redacted", {"kind": "PARTICIPATION", "points": points, "size": points}), Locale.EN)

    assert wording._kept.cache_info().currsize == KEPT


TITLES = ("Barcamp", "none", "", "other", "{ $organization }", f"{HOLE}organization{HOLE}", "« Été » & <b>", "x" * 3000)


@pytest.mark.parametrize("title", TITLES)
def test_what_somebody_wrote_is_in_a_sentence_as_they_wrote_it(title: str) -> None:
    cancelled = Sentence("feed-cancelled", {"title": title})
    assert say(cancelled, Locale.EN) == say(Sentence("feed-cancelled", {"title": "*"}), Locale.EN).replace("*", title)


def test_nothing_is_kept_of_what_somebody_wrote() -> None:
    wording._kept.cache_clear()

    told = [say(Sentence("feed-cancelled", {"title": f"Barcamp {number}"}), Locale.EN) for number in range(100)]

    assert len(set(told)) == 100
    assert wording._kept.cache_info().currsize == 1


def test_a_day_is_told_anew_in_its_zone() -> None:
    wording._kept.cache_clear()

    told = say(Sentence("recommended-soon", {"day": START}), Locale.EN)

    assert told == f"It is soon: {START:%A} {START.day} {START:%B}."
    assert wording._kept.cache_info().currsize == 0


def test_a_hole_shows_as_its_key() -> None:
    assert say(Sentence("no-such-sentence"), Locale.FR) == "no-such-sentence"


@pytest.mark.parametrize("locale", list(Locale))
def test_the_charter_is_there(locale: Locale) -> None:
    assert document("charter-2026-1", locale).startswith("# ")
