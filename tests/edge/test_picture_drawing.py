"""Pictures as they are drawn: well-formed whatever people wrote, readable, and nothing beyond the edge."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.accounts import ProfileVisibility
from domain.citizens import Citizen
from domain.influence import Influence, Totals, influence
from domain.timeline import Bucket, BucketSums, TimelineInterval, timeline
from domain.words import Locale, ThemeCode
from influents.pictures.chart import MOST_POINTS, Frame, chart, scale, thinned
from influents.pictures.drawing import Look, card_picture, influence_picture
from influents.pictures.lettering import fitting, plain, width
from influents.pictures.palettes import DARK, LIGHT, Palette, Theme
from tests.edge.browser import browser, chromium_path
from tests.samples import NATH, POLICY

SVG = "{http://www.w3.org/2000/svg}"
TODAY = date(2026, 11, 26)
LOOKS = [Look(theme, locale) for theme in Theme for locale in Locale]
USUAL = Look()
FRAME = Frame(0, 0, 400, 100)
ALLOWED = {"svg", "title", "desc", "style", "rect", "circle", "path", "text", "tspan"}
DRAWING = {"x", "y", "cx", "cy", "r", "rx", "d", "width", "height", "class", "id", "fill", "role", "viewBox"}
DRAWING |= {"lang", "{http://www.w3.org/XML/1998/namespace}lang", "aria-labelledby", "transform", "text-anchor"}
DRAWING |= {"stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-dasharray"}
DRAWING |= {"font-family", "font-size", "font-weight"}


def citizen(handle: str = "nath", name: str | None = None) -> Citizen:
    return Citizen(
        id=NATH, handle=handle, full_name=name, visibility=ProfileVisibility.PUBLIC, member_since=date(2026, 1, 1)
    )


def standing(points: int, earned: int | None = None) -> Influence:
    return influence(Totals(points, points if earned is None else earned, 1), policy=POLICY)


def months(*points: int, until: date = TODAY) -> Sequence[Bucket]:
    """A bucket a month with these points, the last one now."""
    last = until.year * 12 + until.month - 1
    starts = [date(each // 12, each % 12 + 1, 1) for each in range(last - len(points) + 1, last + 1)]
    sums = [BucketSums(start, each, 1) for start, each in zip(starts, points, strict=True)]
    return timeline(sums, since=starts[0], until=until, interval=TimelineInterval.MONTH, policy=POLICY)


def parsed(drawn: str) -> ET.Element:
    assert "<!" not in drawn  # no entities that a parser could be made to expand
    return ET.fromstring(drawn)  # noqa: S314 - our own, and see above


def drawn(of: Citizen, points: int = 1_700, look: Look = USUAL) -> list[ET.Element]:
    """Both pictures of somebody."""
    held = list(ThemeCode)
    return [
        parsed(influence_picture(of, standing(points), months(points), look)),
        parsed(card_picture(of, standing(points), held, look)),
    ]


def shape(svg: ET.Element) -> list[tuple[str, str | None]]:
    """What a picture consists of, whatever is written in it."""
    return [(each.tag, each.get("class")) for each in svg.iter() if each.tag != f"{SVG}tspan"]


@given(st.text(max_size=100) | st.text("<>&\"'/ \u202e\x00\u200d\ufffe🏽é", max_size=30), st.sampled_from(LOOKS))
def test_whatever_somebody_is_called_it_is_text_and_the_picture_well_formed(name: str, look: Look) -> None:
    for svg in drawn(citizen("nath", name), look=look):
        usual = drawn(citizen("nath", "Nathan Berto"), look=look)
        assert shape(svg) in [shape(each) for each in usual]
        assert {each.tag.removeprefix(SVG) for each in svg.iter()} <= ALLOWED
        title = svg.find(f"{SVG}title")
        assert title is not None
        assert plain(name) in (title.text or "")


@pytest.mark.parametrize("look", LOOKS)
def test_a_picture_has_no_script_and_asks_for_nothing(look: Look) -> None:
    for svg in drawn(citizen("nath", '</text><script>alert(1)</script>" onload="x'), look=look):
        assert {name for each in svg.iter() for name in each.attrib} <= DRAWING
        for style in svg.iter(f"{SVG}style"):
            assert not any(word in (style.text or "") for word in ("url(", "@import", "expression", "<"))


@pytest.mark.parametrize("look", LOOKS)
def test_a_picture_can_be_read_to_who_does_not_see_it(look: Look) -> None:
    held = standing(1_700, 100)
    svg = parsed(influence_picture(citizen("nath", "Nathan Berto"), held, months(1_600, 0, 100), look))
    told = {each.get("id"): each.text for each in svg if each.tag in {f"{SVG}title", f"{SVG}desc"}}

    assert svg.get("role") == "img"
    title, description = (told[each] or "" for each in svg.attrib["aria-labelledby"].split())
    if look.locale == Locale.FR:
        assert title == "Influence citoyenne de nath (Nathan Berto) : niveau 5, Confirmé"
        assert "1\u202f600 de l’auto-évaluation et 100 gagnés en participant" in description
        assert "De septembre 2026 à novembre 2026, de 1\u202f600 à 1\u202f700 points" in description
    else:
        assert title == "Civic influence of nath (Nathan Berto): level 5, Confirmed"
        assert "From September 2026 to November 2026, from 1,600 to 1,700 points" in description


def test_what_is_told_apart_in_a_page_stays_apart() -> None:
    ids = [each.get("id") for handle in ("nath", "idriss") for svg in drawn(citizen(handle)) for each in svg.iter()]
    given_ids = [each for each in ids if each]
    assert len(given_ids) == len(set(given_ids)) == 12


@pytest.mark.parametrize(("points", "told"), [(0, "0 point"), (1, "1 point"), (-150, "-150 points")])
def test_points_that_few_have_are_drawn_too(points: int, told: str) -> None:
    for svg in drawn(citizen(), points):
        texts = ["".join(each.itertext()) for each in svg.iter(f"{SVG}text")]
        assert told in texts
        assert "1" in texts
        assert not list(svg.iterfind(f"{SVG}circle[@class='arc']")) or points > 0


def test_at_level_20_there_is_no_further_one() -> None:
    for svg in drawn(citizen(), 40_000):
        texts = ["".join(each.itertext()) for each in svg.iter(f"{SVG}text")]
        assert "Le plus haut niveau" in texts
        assert not any("21" in each for each in texts)


@given(st.lists(st.integers(-400, 900), min_size=1, max_size=399), st.integers(0, 36_100))
def test_a_chart_lies_within_its_frame_and_ends_where_somebody_stands(points: list[int], declared: int) -> None:
    told = months(declared + points[0], *points[1:])
    drawing = chart(told, declared=declared, goal=100, frame=FRAME)

    for path in (drawing.line, drawing.earned, drawing.declared or drawing.line):
        places = [each.split() for each in path.strip("MZ").split("L")]
        assert all(0 <= float(x) <= 400 and 0 <= float(y) <= 100 for x, y in places)
    low, high = drawing.ticks[0], drawing.ticks[-1]
    assert low.points <= min(0, told[-1].total)
    assert high.points >= max(100, *(each.total for each in told))
    share = (told[-1].total - low.points) / (high.points - low.points)
    assert drawing.end[0] == 400
    assert drawing.end[1] == pytest.approx(100 - share * 100, abs=0.1)
    assert 1 <= len(drawing.marks) <= 10
    assert all(0 <= each.x <= 400 for each in drawing.marks)


@given(st.integers(-5_000, 0), st.integers(1, 60_000))
def test_the_numbers_beside_a_chart_are_round_and_few(low: int, high: int) -> None:
    ticks = scale(low, high)
    assert ticks[0] <= low < high <= ticks[-1]
    assert 0 in ticks
    assert 2 <= len(ticks) <= 8
    step = ticks[1] - ticks[0]
    assert all(after - before == step for before, after in pairwise(ticks))
    assert str(step).rstrip("0") in {"1", "2", "5"}


@given(st.lists(st.integers(-400, 900), min_size=1, max_size=399))
def test_ten_years_are_thinned_without_losing_the_ends_and_the_extremes(points: list[int]) -> None:
    told = months(*points)
    kept = thinned(told)
    totals = [bucket.total for _, bucket in kept]

    assert len(kept) <= MOST_POINTS
    assert [place for place, _ in kept] == sorted({place for place, _ in kept})
    assert (kept[0], kept[-1]) == ((0, told[0]), (len(told) - 1, told[-1]))
    assert (min(totals), max(totals)) == (min(each.total for each in told), max(each.total for each in told))
    if len(told) <= MOST_POINTS:
        assert len(kept) == len(told)


@given(st.text(max_size=120), st.integers(30, 300))
def test_text_is_cut_to_fit_and_otherwise_kept(text: str, room: int) -> None:
    cut = fitting(text, size=16, room=room)
    whole = plain(text)
    if width(whole, size=16) <= room:
        assert cut == whole
    else:
        assert cut.endswith("…")
        assert whole.startswith(cut.removesuffix("…"))
        assert width(cut, size=16) <= room


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦…"),
        ("🇫🇷🇨🇭🇫🇷", "🇫🇷…"),
        ("e\u0301e\u0301e\u0301e\u0301e\u0301", "e\u0301e\u0301…"),
        ("👩🏽‍🚀👩🏽‍🚀👩🏽‍🚀", "👩🏽‍🚀…"),
    ],
)
def test_nothing_is_cut_within_a_character(text: str, kept: str) -> None:
    assert fitting(text, size=10, room=25) == kept


def test_controls_and_turned_writing_are_left_out() -> None:
    assert plain("a\u202eb\x00c\n\td\u2066e\ufffe") == "a b c d e"


def contrast(one: str, other: str) -> float:
    """WCAG's contrast of two colours."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_text_can_be_read_on_all_that_it_stands_on(palette: Palette) -> None:
    for text, ground in (
        (palette.ink, palette.paper),
        (palette.soft, palette.paper),
        (palette.accent, palette.paper),
        (palette.ink, palette.chip),
    ):
        assert contrast(text, ground) >= 4.5
    for ground in (palette.paper, palette.earned, palette.declared, palette.track):
        assert contrast(palette.accent, ground) >= 3  # the line and the ring


EXTREMES: list[dict[str, Any]] = [  # Any: a handle, and a name where there is one
    {"handle": "w" * 30},
    {"handle": "m" * 30, "name": "W" * 100},
    {"handle": "abcdefghij-klmnopqrst_uvwxyz01", "name": "مريم بنت عبد الرحمن " * 4},
    {"handle": "emoji", "name": "👨‍👩‍👧‍👦🇫🇷 山田太郎" * 12},
]
OUTSIDE = """[...document.querySelectorAll("text")].filter(each => {
  const box = each.getBoundingClientRect(), paper = document.querySelector(".paper").getBoundingClientRect();
  return box.left < paper.left + 8 || box.right > paper.right - 8 || box.bottom > paper.bottom - 8;
}).map(each => each.textContent)"""


@pytest.mark.skipif(chromium_path() is None, reason="no Chromium (INFLUENTS_CHROMIUM)")
async def test_no_text_leaves_the_picture_in_a_browser(tmp_path: Path) -> None:
    pictures = []
    for look in (Look(Theme.LIGHT, Locale.FR), Look(Theme.AUTO, Locale.EN)):
        for extreme in EXTREMES:
            held = standing(36_100 * 2, 36_100)
            pictures.append(influence_picture(citizen(**extreme), held, months(36_100, *[0] * 118, 36_100), look))
            pictures.append(card_picture(citizen(**extreme), held, list(ThemeCode), look))
    async with browser() as page:
        for number, picture in enumerate(pictures):
            file = tmp_path / f"{number}.svg"
            file.write_text(picture, encoding="utf-8")
            await page.open(file.as_uri())
            assert await page.js(OUTSIDE) == []
        assert page.complaints == []
