"""What an event is about, by the keywords of `themes.toml`."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter
from pathlib import Path

from domain.words import Locale, ThemeCode
from influents.agendas.texts import folded
from schema.wording import say, theme_label

_TITLE, _KEYWORD, _DESCRIPTION = 3, 2, 1
"""What a keyword weighs by where it stands."""

_MOST_THEMES = 3
_LOOKED_AT = 10_000
"""Characters of a text."""

_LONGEST_STEM = 40
_MOST_MET = 50_000

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

    def begins(self, words: Sequence[str]) -> bool:
        """Whether these words begin with it."""
        return len(self.parts) <= len(words) and all(map(_fits, self.parts, words))


@dataclass(frozen=True, slots=True)
class ThemeTable:
    """Keywords by their first word, with its star. Where several fit, the longest is meant and takes its words."""

    keywords: Mapping[str, tuple[Keyword, ...]]
    _met: dict[str, tuple[Keyword, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Words that were looked up, with what may begin there: agendas use the same ones over and over."""

    def match(self, *, title: str, keywords: Iterable[str], description: str) -> ThemeMatch:
        """The themes that an event's texts tell.

        A keyword counts once, where it weighs most. Themes of half the best one's weight or less are left out: a
        series of concerts that the town hall pays for is not about public administration.
        """
        found: dict[str, tuple[int, Keyword]] = {}
        texts = [(title, _TITLE), *((each, _KEYWORD) for each in keywords), (description, _DESCRIPTION)]
        for text, weight in sorted(texts, key=itemgetter(1), reverse=True):
            for keyword in self._in(folded(text[:_LOOKED_AT]).split()):
                found.setdefault(keyword.written, (weight, keyword))
        weights = dict.fromkeys(ThemeCode, 0)
        for weight, keyword in found.values():
            for theme in keyword.themes:
                weights[theme] += weight
        best = max(weights.values())
        ranked = sorted((theme for theme in ThemeCode if 2 * weights[theme] > best), key=lambda theme: -weights[theme])
        themes = tuple(ranked[:_MOST_THEMES])
        deciding = [each for each in found.values() if not set(themes).isdisjoint(each[1].themes)]
        return ThemeMatch(themes, tuple(keyword.written for _, keyword in deciding))

    def _in(self, words: list[str]) -> Iterator[Keyword]:
        position = 0
        while position < len(words):
            fitting = self._met.get(words[position])
            for keyword in self._beginning_with(words[position]) if fitting is None else fitting:
                length = len(keyword.parts)
                if length == 1 or keyword.begins(words[position : position + length]):
                    yield keyword
                    position += length
                    break
            else:
                position += 1

    def _beginning_with(self, word: str) -> tuple[Keyword, ...]:
        """The keywords whose first part this word fits, the longest first."""
        starts = (word, *(f"{word[:length]}*" for length in range(1, min(len(word), _LONGEST_STEM) + 1)))
        fitting = (each for start in starts for each in self.keywords.get(start, ()))
        met = tuple(sorted(fitting, key=lambda each: (len(each.parts), len(each.written)), reverse=True))
        if len(self._met) >= _MOST_MET:
            self._met.clear()
        self._met[word] = met
        return met


def _fits(part: str, word: str) -> bool:
    return word.startswith(part[:-1]) if part.endswith("*") else word == part


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


def named_themes(keywords: Iterable[str]) -> ThemeMatch:
    """The themes that an event's keywords name, if all of them do: by their codes, or in French or English."""
    written = [keyword for keyword in keywords if keyword.strip()]
    themes = [_named().get(folded(keyword)) for keyword in written]
    told = tuple(dict.fromkeys(theme for theme in themes if theme))[:_MOST_THEMES]
    return ThemeMatch(told, tuple(written)) if told and None not in themes else ThemeMatch()


def theme_named(keyword: str) -> ThemeCode | None:
    """The theme whose name this is."""
    return _named().get(folded(keyword))


@cache
def _named() -> Mapping[str, ThemeCode]:
    labels = {folded(say(theme_label(theme), locale)): theme for theme in ThemeCode for locale in Locale}
    return labels | {folded(theme.value): theme for theme in ThemeCode}


@cache
def our_themes() -> ThemeTable:
    """The table that stands beside this file."""
    return theme_table(Path(__file__).with_name("themes.toml").read_text(encoding="utf-8"))
