"""Words that every subject shares: languages, themes, and sentences to be said in a language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Locale(StrEnum):
    """A language that Influents speaks. French first."""

    FR = "fr"
    EN = "en"


class ThemeCode(StrEnum):
    """The six themes of product.md, section 3."""

    CULTURE = "CULTURE"
    SOLIDARITY = "SOLIDARITY"
    TRANSPORT = "TRANSPORT"
    SUSTAINABLE_DEVELOPMENT = "SUSTAINABLE_DEVELOPMENT"
    PUBLIC_ADMINISTRATION = "PUBLIC_ADMINISTRATION"
    ECONOMY = "ECONOMY"


@dataclass(frozen=True, slots=True)
class Sentence:
    """Something to tell a person: a key of the catalogs, and what the sentence needs."""

    key: str
    parameters: Mapping[str, object] = field(default_factory=dict)


def tidy(text: str | None) -> str | None:
    """Text as it is kept: outer white space gone, nothing left is None."""
    return (text or "").strip() or None
