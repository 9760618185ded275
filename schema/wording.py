"""Sentences, from the catalogs: `catalogs/fr/*.ftl` and `catalogs/en/*.ftl` (Project Fluent)."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import TypeVar

import structlog
from babel.dates import format_date
from babel.numbers import format_decimal
from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax import ast
from fluent.syntax.visitor import Visitor

from domain.words import Locale, Sentence, ThemeCode
from resolvers.context import Context
from schema.info import Info

W = TypeVar("W", bound=Enum)
CATALOGS = Path(__file__).parent / "catalogs"
KEPT = 1024
"""How many sentences are kept once they were put together: that takes a tenth of a millisecond and more."""
HOLE = "\ue000"
"""What stands around the name of what somebody wrote, until it is put in: of no language."""
_REPEATS = frozenset({int, Decimal, str})
"""What parameters are where a sentence is said again and again. Equal numbers are told alike, 1 and 1.0: no catalog has
a plural by a decimal."""
log = structlog.get_logger()


def speak(info: Info, sentence: Sentence, locale: Locale | None) -> str:
    """A sentence in the language that was asked for, else in the viewer's, else in what the client accepts."""
    return say(sentence, locale or info.context.locale)


def say(sentence: Sentence, locale: Locale) -> str:
    """A sentence in a language. A hole in a catalog is logged, and shows as the sentence's key.

    What somebody wrote is put in last: what is kept has nothing in it but numbers, and words of the catalogs.
    """
    parameters, words = dict(sentence.parameters), _words()
    for name, value in parameters.items():
        if isinstance(value, str) and value not in words:
            parameters[name] = f"{HOLE}{name}{HOLE}"
    put = _kept if _REPEATS.issuperset(map(type, parameters.values())) else _put
    parts = put(locale, sentence.key, tuple(parameters.items()))
    if len(parts) == 1:
        return parts[0]
    return "".join([str(sentence.parameters[part]) if at % 2 else part for at, part in enumerate(parts)])


def _put(locale: Locale, key: str, parameters: tuple[tuple[str, object], ...]) -> Sequence[str]:
    """A sentence put together: between its parts, which are text, the names of what is still to be put in."""
    bundle = _bundle(locale)
    message = bundle.get_message(key) if bundle.has_message(key) else None
    if message is None or message.value is None:
        log.error("sentence missing", key=key, locale=locale.value)
        return (key,)
    text, errors = bundle.format_pattern(message.value, dict(parameters))
    if errors:
        log.error("sentence incomplete", key=key, locale=locale.value, errors=[str(each) for each in errors])
    return tuple(str(text).split(HOLE))


_kept = lru_cache(KEPT)(_put)


def attribute(key: str, name: str, locale: Locale) -> str | None:
    """An attribute of a message (`question-vote.help`), or None where it has none."""
    bundle = _bundle(locale)
    if not bundle.has_message(key):
        return None
    pattern = bundle.get_message(key).attributes.get(name)
    return None if pattern is None else str(bundle.format_pattern(pattern, {})[0])


def labels(words: Iterable[W], sentence: Callable[[W], Sentence]) -> Callable[..., Callable[[W], str]]:
    """What tells a few words to people, for a context and maybe a language: each is put into words once for each."""

    @cache
    def in_language(locale: Locale) -> Mapping[W, str]:
        return {each: say(sentence(each), locale) for each in words}

    def label_of(context: Context, locale: Locale | None = None) -> Callable[[W], str]:
        return in_language(locale or context.locale).__getitem__

    return label_of


def theme_label(theme: ThemeCode) -> Sentence:
    return Sentence(f"theme-{theme.value.lower().replace('_', '-')}")


@cache
def document(name: str, locale: Locale) -> str:
    """A long text in Markdown, from `catalogs/LOCALE/NAME.md`."""
    return (CATALOGS / locale.value / f"{name}.md").read_text(encoding="utf-8")


def numbers(values: Iterable[Decimal], locale: Locale) -> str:
    """Numbers in a row."""
    between = " ; " if locale is Locale.FR else ", "  # where a comma is within numbers, it can't stand between them
    return between.join(format_decimal(each, locale=locale.value) for each in values)


def _day(locale: Locale, moment: datetime) -> str:
    """`DAY($day)` in a catalog: the weekday, day and month of a moment, in the zone that it comes with."""
    return _told_day(locale, moment.date())


@lru_cache(KEPT)
def _told_day(locale: Locale, day: date) -> str:
    first = locale is Locale.FR and day.day == 1
    return format_date(day, "EEEE '1ᵉʳ' MMMM" if first else "EEEE d MMMM", locale=locale.value)


@cache
def _bundle(locale: Locale) -> FluentBundle:
    functions = {"DAY": partial(_day, locale)}
    bundle = FluentBundle([locale.value], functions=functions, use_isolating=False)  # type: ignore[arg-type]  # texts do
    for resource in _resources(locale):
        bundle.add_resource(resource)
    return bundle


@cache
def _resources(locale: Locale) -> Sequence[ast.Resource]:
    paths = sorted((CATALOGS / locale.value).glob("*.ftl"))
    return [FluentResource(path.read_text(encoding="utf-8")) for path in paths]


@cache
def _words() -> Set[str]:
    """What sentences choose by, in any language (`some` and `none`, codes of themes), and nothing at all."""
    chosen = _Chosen()
    for locale in Locale:
        for resource in _resources(locale):
            chosen.visit(resource)
    return chosen.words | {""}


class _Chosen(Visitor):
    """Notes what variants of sentences there are."""

    def __init__(self) -> None:
        self.words: set[str] = set()

    def visit_Variant(self, variant: ast.Variant) -> None:  # noqa: N802 - its name there
        if isinstance(variant.key, ast.Identifier):
            self.words.add(variant.key.name)
        self.generic_visit(variant)
