"""The catalogs: the same sentences in both languages, and all of them usable."""

import re
from pathlib import Path

import pytest
from fluent.syntax import FluentParser, ast

from domain.words import Locale, Sentence
from schema.wording import CATALOGS, document, say

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


def test_a_hole_shows_as_its_key() -> None:
    assert say(Sentence("no-such-sentence"), Locale.FR) == "no-such-sentence"


@pytest.mark.parametrize("locale", list(Locale))
def test_the_charter_is_there(locale: Locale) -> None:
    assert document("charter-2026-1", locale).startswith("# ")
