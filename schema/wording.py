"""Sentences, from the catalogs: `catalogs/fr/*.ftl` and `catalogs/en/*.ftl` (Project Fluent)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import Enum
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

import structlog
from babel.dates import format_date
from fluent.runtime import FluentBundle, FluentResource

from domain.words import Locale, Sentence, ThemeCode
from resolvers.context import Context
from schema.info import Info

W = TypeVar("W", bound=Enum)
CATALOGS = Path(__file__).parent / "catalogs"
log = structlog.get_logger()


def speak(info: Info, sentence: Sentence, locale: Locale | None) -> str:
    """A sentence in the language that was asked for, else in the viewer's, else in what the client accepts."""
    return say(sentence, locale or info.context.locale)


def say(sentence: Sentence, locale: Locale) -> str:
    """A sentence in a language. A hole in a catalog is logged, and shows as the sentence's key."""
    message = _bundle(locale).get_message(sentence.key) if _bundle(locale).has_message(sentence.key) else None
    if message is None or message.value is None:
        log.error("sentence missing", key=sentence.key, locale=locale.value)
        return sentence.key
    text, errors = _bundle(locale).format_pattern(message.value, dict(sentence.parameters))
    if errors:
        log.error("sentence incomplete", key=sentence.key, locale=locale.value, errors=[str(each) for each in errors])
    return str(text)


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


def _day(locale: Locale, moment: datetime) -> str:
    """`DAY($day)` in a catalog: the weekday, day and month of a moment, in the zone that it comes with."""
    first = locale is Locale.FR and moment.day == 1
    return format_date(moment.date(), "EEEE '1ᵉʳ' MMMM" if first else "EEEE d MMMM", locale=locale.value)


@cache
def _bundle(locale: Locale) -> FluentBundle:
    functions = {"DAY": partial(_day, locale)}
    bundle = FluentBundle([locale.value], functions=functions, use_isolating=False)  # type: ignore[arg-type]  # texts do
    for path in sorted((CATALOGS / locale.value).glob("*.ftl")):
        bundle.add_resource(FluentResource(path.read_text(encoding="utf-8")))
    return bundle
