"""What an event is about, by the keywords of `themes.toml`."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from domain.words import ThemeCode
from influents.agendas.texts import folded

_TITLE, _KEYWORD, _DESCRIPTION = 3, 2, 1
"""What a keyword weighs by where it stands."""

_MOST_THEMES = 3
_LOOKED_AT = 10_000
"""Characters of a text."""

_LONGEST_STEM = 40

_NO_THEME = "NONE"
_FORM = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*\*?(?: [^\W_]+(?:['’-][^\W_]+)*\*?)*")


class UnreadableThemes(ValueError):  # noqa: N818 - what it is, not that it is one
    """The table of keywords is wrong; the message says where."""


@dataclass(frozen=True, slots=True)
class ThemeMatch:
    """At most three themes, the best first, and the keywords that decided."""

    themes: tuple[ThemeCode, ...] = ()
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Keyword:
    """Words that follow each other, compared without accents and case; a star lets a word go on."""

    written: str
    parts: tuple[str, ...]
    themes: tuple[ThemeCode, ...]

    def begins(self, words: list[str]) -> bool:
        """Whether these words begin with it."""
        return len(self.parts) <= len(words) and all(
            word.startswith(part[:-1]) if part.endswith("*") else word == part
            for part, word in zip(self.parts, words, strict=False)
        )


@dataclass(frozen=True, slots=True)
class ThemeTable:
    """Keywords by their first word, with its star. Where several fit, the longest is meant and takes its words."""

    keywords: Mapping[str, tuple[Keyword, ...]]

    def match(self, *, title: str, keywords: Iterable[str], description: str) -> ThemeMatch:
        """The themes that an event's texts tell.

        A keyword counts once, where it weighs most. Themes of half the best one's weight or less are left out: a
        series of concerts that the town hall pays for is not about public administration.
        """
        found: dict[Keyword, int] = {}
        texts = [(title, _TITLE), *((each, _KEYWORD) for each in keywords), (description, _DESCRIPTION)]
        for text, weight in texts:
            for keyword in self._in(folded(text[:_LOOKED_AT]).split()):
                found[keyword] = max(weight, found.get(keyword, 0))
        weights = {theme: sum(found[each] for each in found if theme in each.themes) for theme in ThemeCode}
        best = max(weights.values())
        ranked = sorted(ThemeCode, key=lambda theme: -weights[theme])
        themes = tuple(theme for theme in ranked if 2 * weights[theme] > best)[:_MOST_THEMES]
        deciding = sorted((each for each in found if set(each.themes) & set(themes)), key=lambda each: -found[each])
        return ThemeMatch(themes, tuple(each.written for each in deciding))

    def _in(self, words: list[str]) -> Iterable[Keyword]:
        position = 0
        while position < len(words):
            keyword = self._at(words[position : position + 10])
            if keyword:
                yield keyword
            position += len(keyword.parts) if keyword else 1

    def _at(self, words: list[str]) -> Keyword | None:
        first = words[0]
        starts = (first, *(f"{first[:length]}*" for length in range(1, min(len(first), _LONGEST_STEM) + 1)))
        fitting = (each for start in starts for each in self.keywords.get(start, ()) if each.begins(words))
        return max(fitting, key=lambda each: (len(each.parts), len(each.written)), default=None)


def theme_table(text: str) -> ThemeTable:
    """Read a table such as `themes.toml`.

    Raises:
        UnreadableThemes: It isn't TOML, lacks a theme, has one too many, or a keyword can't be looked for.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableThemes(str(error)) from error
    expected = [*ThemeCode, _NO_THEME]
    if set(table) != set(expected):
        raise UnreadableThemes(f"expected {', '.join(expected)}; found {', '.join(table) or 'nothing'}")
    keywords: dict[tuple[str, ...], Keyword] = {}
    for name, written_keywords in table.items():
        themes = () if name == _NO_THEME else (ThemeCode(name),)
        for written in written_keywords if isinstance(written_keywords, list) else [written_keywords]:
            parts = _parts(written)
            if not parts:
                raise UnreadableThemes(f"{name}: {written!r} is no keyword; a star may only end a word")
            known = keywords.get(parts)
            if known and (not themes or not known.themes or themes[0] in known.themes):
                raise UnreadableThemes(f"{name}: {written!r} stands there twice, or under {_NO_THEME} as well")
            keywords[parts] = Keyword(written, parts, (*known.themes, *themes) if known else themes)
    by_first: dict[str, list[Keyword]] = defaultdict(list)
    for keyword in keywords.values():
        by_first[keyword.parts[0]].append(keyword)
    return ThemeTable({first: tuple(each) for first, each in by_first.items()})


def _parts(written: object) -> tuple[str, ...]:
    """The words of a keyword as they are compared; none for what is no keyword."""
    parts: list[str] = []
    for word in written.split() if isinstance(written, str) and _FORM.fullmatch(written) else ():
        parts += folded(word).split()
        if parts and word.endswith("*"):
            parts[-1] += "*"
    return tuple(parts)


@cache
def our_themes() -> ThemeTable:
    """The table that stands beside this file."""
    return theme_table(Path(__file__).with_name("themes.toml").read_text(encoding="utf-8"))
