from pathlib import Path

import pytest

from domain.words import ThemeCode
from influents.agendas import themes
from influents.agendas.themes import Keyword, ThemeTable, UnreadableThemes, our_themes, theme_table

OURS = [keyword for each in our_themes().keywords.values() for keyword in each]
TABLE = """
NONE = ["site internet"]
CULTURE = ["concert*", "écrivain*"]
SOLIDARITY = ["écrivain public", "aide"]
TRANSPORT = ["vélo"]
SUSTAINABLE_DEVELOPMENT = ["vélo", "nature"]
PUBLIC_ADMINISTRATION = ["mairie", "loi", "projet de loi"]
ECONOMY = ["internet", "start-up"]
"""


def codes(table: ThemeTable, title: str = "", *, keywords: tuple[str, ...] = (), description: str = "") -> list[str]:
    return [str(code) for code in table.match(title=title, keywords=keywords, description=description).themes]


@pytest.fixture(scope="module")
def table() -> ThemeTable:
    return theme_table(TABLE)


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Grand CONCERT de Noël", ["CULTURE"]),
        ("concertation", ["CULTURE"]),
        ("Un ecrivain parle", ["CULTURE"]),
        ("Les velos", []),
        ("L’aide", ["SOLIDARITY"]),
        ("Une start up", ["ECONOMY"]),
        ("Une START-UP", ["ECONOMY"]),
        ("À loisir", []),
        ("", []),
    ],
)
def test_words_are_whole_unless_a_star_says_otherwise_and_accents_do_not_matter(
    table: ThemeTable, title: str, found: list[str]
) -> None:
    assert codes(table, title) == found


def test_the_longest_keyword_is_meant(table: ThemeTable) -> None:
    assert codes(table, "Permanence d’écrivain public") == ["SOLIDARITY"]
    assert codes(table, "Voyez notre site internet") == []
    match = table.match(title="Le projet de loi", keywords=(), description="")
    assert match.keywords == ("projet de loi",)


def test_words_of_two_keywords_do_not_make_a_third(table: ThemeTable) -> None:
    assert codes(table, keywords=("écrivain", "public")) == ["CULTURE"]


def test_a_keyword_may_tell_two_themes(table: ThemeTable) -> None:
    assert codes(table, "À vélo") == ["TRANSPORT", "SUSTAINABLE_DEVELOPMENT"]


def test_the_title_weighs_more_than_keywords_and_these_more_than_the_description(table: ThemeTable) -> None:
    match = table.match(title="Concert", keywords=("mairie",), description="nature, nature, nature")
    assert match.themes == (ThemeCode.CULTURE, ThemeCode.PUBLIC_ADMINISTRATION)
    assert match.keywords == ("concert*", "mairie")
    assert codes(table, keywords=("mairie",), description="concert, nature") == ["PUBLIC_ADMINISTRATION"]


def test_there_are_three_at_most_the_best_first(table: ThemeTable) -> None:
    found = codes(table, "Concert, aide, loi, internet, projet de loi", description="mairie")
    assert found == ["PUBLIC_ADMINISTRATION"]
    assert codes(table, "Internet, loi, aide, concert") == ["CULTURE", "SOLIDARITY", "PUBLIC_ADMINISTRATION"]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("ECONOMY = [", "ECONOMIE = [", "expected CULTURE, .*, NONE; found .*ECONOMIE"),
        ('"nature"', '"*nature"', "SUSTAINABLE_DEVELOPMENT: '\\*nature' is no keyword"),
        ('"nature"', '""', "SUSTAINABLE_DEVELOPMENT: '' is no keyword"),
        ('"nature"', "3", "SUSTAINABLE_DEVELOPMENT: 3 is no keyword"),
        ('"nature"', '"自然"', "is no keyword"),
        ('"nature"', '"velo"', "SUSTAINABLE_DEVELOPMENT: 'velo' stands there twice"),
        ('"nature"', '"Site Internet"', "'Site Internet' stands there twice, or under NONE as well"),
        ('"nature"', '"nature', "line"),
    ],
)
def test_a_table_that_is_wrong_says_where(before: str, after: str, told: str) -> None:
    with pytest.raises(UnreadableThemes, match=told):
        theme_table(TABLE.replace(before, after))


def test_our_table_has_keywords_for_every_theme() -> None:
    assert {theme for keyword in OURS for theme in keyword.themes} == set(ThemeCode)


def test_no_keyword_of_ours_is_hidden_by_another() -> None:
    for keyword in OURS:
        match = our_themes().match(title=keyword.written.replace("*", ""), keywords=(), description="")
        assert match.keywords == ((keyword.written,) if keyword.themes else ())
        assert set(match.themes) == set(keyword.themes)


def test_no_word_of_ours_says_what_a_stem_says_already() -> None:
    def covers(stem: Keyword, keyword: Keyword) -> bool:
        same_themes = set(stem.themes) >= set(keyword.themes)
        return stem is not keyword and same_themes and stem.begins([keyword.parts[0].rstrip("*")])

    words = [keyword for keyword in OURS if len(keyword.parts) == 1]
    assert [(stem.written, each.written) for each in words for stem in words if covers(stem, each)] == []


def test_the_table_is_read_from_the_file_beside_its_reader() -> None:
    text = Path(themes.__file__).with_name("themes.toml").read_text(encoding="utf-8")
    assert theme_table(text).keywords == our_themes().keywords
