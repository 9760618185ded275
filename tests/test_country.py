"""The model of how far one database goes is what its page says."""

from benchmarks.country import COUNTRIES, PAGE, Country, written


def test_the_page_has_the_models_figures() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert written(page) == page


def test_a_country_takes_one_primary_and_one_that_is_far_busier_takes_several() -> None:
    assert [country.nodes for country in COUNTRIES[:3]] == [1, 1, 1]
    assert Country(60_000_000, busy=10).nodes > 1
