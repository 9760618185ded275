"""Guides: all of them in both languages, long enough to be worth it, and leading on to each other."""

import re

import pytest

from domain.guides import GUIDES, GuideTopic
from domain.words import Locale
from resolvers.context import Context
from schema.wording import CATALOGS, document
from tests.asking import Ask

QUERY = """query($topic: GuideTopic, $locale: Locale) { guides(topic: $topic) {
  slug topic title(locale: $locale) body(locale: $locale) } }"""
SLUGS = [guide.slug for guide in GUIDES]


@pytest.mark.parametrize("locale", list(Locale))
def test_there_is_a_text_for_each_guide_and_for_nothing_else(locale: Locale) -> None:
    files = {path.stem for path in (CATALOGS / locale.value / "guides").iterdir()}
    assert files == set(SLUGS)
    assert len(SLUGS) == len(files)


@pytest.mark.parametrize("locale", list(Locale))
@pytest.mark.parametrize("slug", SLUGS)
def test_a_guide_has_one_title_three_hundred_words_and_links_that_lead_to_guides(slug: str, locale: Locale) -> None:
    text = document(f"guides/{slug}", locale)

    assert len(re.findall(r"^# \S", text, re.MULTILINE)) == 1
    assert text.startswith("# ")
    assert len(re.findall(r"\w[\w’-]*", text)) >= 300
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert links
    assert {link.removesuffix(".md") for link in links} <= set(SLUGS) - {slug}


@pytest.mark.parametrize("slug", SLUGS)
def test_both_languages_say_the_same_in_as_many_parts(slug: str) -> None:
    parts = [re.findall(r"^(#+|-|\d\.) ", document(f"guides/{slug}", locale), re.MULTILINE) for locale in Locale]
    assert parts[0] == parts[1]


def test_each_topic_has_two_guides_or_more() -> None:
    for topic in GuideTopic:
        assert sum(guide.topic is topic for guide in GUIDES) >= 2


async def test_everybody_reads_the_guides_on_a_topic_in_their_language(ask: Ask, nobody: Context) -> None:
    every = (await ask(nobody, QUERY))["guides"]
    spoken = (await ask(nobody, QUERY, topic="EXPRESSION", locale="EN"))["guides"]

    assert [guide["slug"] for guide in every] == SLUGS
    assert every[0]["title"] == "Choisir où participer"
    assert [(guide["topic"], guide["title"]) for guide in spoken] == [
        ("EXPRESSION", "Speaking up at a public meeting"),
        ("EXPRESSION", "Giving useful feedback"),
    ]
    assert all("\n# " not in f"\n{guide['body']}" for guide in [*every, *spoken])
