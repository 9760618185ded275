"""The territories that Influents covers: France, Switzerland and Quebec, as ISO 3166 has them.

Codes, names and parents come from pycountry. The overseas departments of France are regions too; ISO counts each of
them once, straight under France, and so does this. Corsica, Alsace, the Métropole de Lyon and Paris are where ISO
puts them: FR-20R holds FR-2A and FR-2B, FR-6AE (in FR-GES) holds FR-67 and FR-68, FR-69M is in FR-ARA beside FR-69,
and Paris is FR-75C.
"""

import gettext
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

import pycountry

from domain.ids import TerritoryCode
from domain.territories import Territory

_COUNTRIES = ("FR", "CH", "CA")

_ONLY = {"CA": {"CA-QC"}}
"""Countries of which a part is covered."""

_UNINHABITED = {"FR-CP", "FR-TF"}
"""Clipperton and the southern lands: nobody lives there, so nothing civic happens there."""

_NAMES = {
    "CH-BE": "Berne",  # pycountry has it the wrong way round, in German
    "CH-SZ": "Schwyz",  # as article 1 of the Swiss constitution writes it in French
    "FR-973": "Guyane",  # without pycountry's « (française) »
}
"""What pycountry's French gets wrong."""


@cache
def territories() -> tuple[Territory, ...]:
    """Every territory, named in French, each after the one that it lies in."""
    parts: dict[str | None, list[Territory]] = defaultdict(list)
    for territory in (*_countries(), *_subdivisions()):
        parts[territory.parent_code].append(territory)
    return tuple(_within(None, parts))


def _within(parent: str | None, parts: dict[str | None, list[Territory]]) -> Iterator[Territory]:
    for territory in parts[parent]:
        yield territory
        yield from _within(territory.code, parts)


def _countries() -> Iterator[Territory]:
    french = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=["fr"])
    for code in _COUNTRIES:
        country = pycountry.countries.get(alpha_2=code)
        assert country is not None
        yield Territory(TerritoryCode(code), _named(code, french.gettext(country.name)))


def _subdivisions() -> Iterator[Territory]:
    french = gettext.translation("iso3166-2", pycountry.LOCALES_DIR, languages=["fr"])
    for part in sorted(pycountry.subdivisions, key=lambda part: str(part.code)):
        country = part.country_code
        if country in _COUNTRIES and part.code in _ONLY.get(country, {part.code}) - _UNINHABITED:
            parent = TerritoryCode(part.parent_code or country)
            yield Territory(TerritoryCode(part.code), _named(part.code, french.gettext(part.name)), parent)


def _named(code: str, name: str) -> str:
    # pycountry mixes two apostrophes; French has one.
    return _NAMES.get(code, name).replace("'", "’")
