"""Territories: ISO 3166 codes, each within another."""

import re
from abc import ABC
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from domain.ids import TerritoryCode
from domain.refusals import Refusal, RefusalCode


@dataclass(frozen=True, slots=True)
class Territory(ABC):
    """A country, a region or a department, named in French."""

    code: TerritoryCode
    name: str
    parent_code: TerritoryCode | None = None


class UnknownTerritory(Refusal):
    """No such territory, or not one that Influents covers."""

    code = RefusalCode.NOT_FOUND


_LYON = (
    "69001 69002 69003 69004 69005 69006 69007 69008 69009 69100 69110 69120 69130 69140 69150 69160 69190 69200 "
    "69230 69250 69260 69270 69300 69310 69320 69340 69350 69370 69410 69450 69500 69520 69540 69570 69580 69600 "
    "69650 69660 69680 69730 69760 69800 69890 69960"
)
"""Postal codes of the Métropole de Lyon alone; eight more, which it shares, count as the Rhône."""

_BY_PREFIX = {
    "75": "FR-75C",
    "20": "FR-20R",  # postboxes of Corsica that do not say which half
    "200": "FR-2A",
    "201": "FR-2A",
    "202": "FR-2B",
    "206": "FR-2B",
    "971": "FR-971",
    "97133": "FR-BL",
    "97150": "FR-MF",
    "972": "FR-972",
    "973": "FR-973",
    "974": "FR-974",
    "975": "FR-PM",
    "976": "FR-976",
    "977": "FR-BL",
    "978": "FR-MF",
    "986": "FR-WF",
    "987": "FR-PF",
    "988": "FR-NC",
}
_POSTAL_CODE = re.compile(r"[0-9]{5}")


def department_of(postal_code: str) -> TerritoryCode | None:
    """The department, or the collectivity that stands for one, in which a French postal code lies.

    Args:
        postal_code: Five digits; spaces among them do no harm.

    Returns:
        Its ISO 3166-2 code (`44000` is in `FR-44`), or None for what is no postal code of France. The few villages
        that are served from the department next door are taken for its own: the code doesn't tell.
    """
    digits = "".join(postal_code.split())
    if not _POSTAL_CODE.fullmatch(digits):
        return None
    if digits in _LYON:
        return TerritoryCode("FR-69M")
    for length in (5, 3, 2):
        if code := _BY_PREFIX.get(digits[:length]):
            return TerritoryCode(code)
    return TerritoryCode(f"FR-{digits[:2]}") if "01" <= digits[:2] <= "95" else None


def containers(code: str, parents: Mapping[str, str | None]) -> Iterator[str]:
    """A territory, then what contains it, from the inside out."""
    outer: str | None = code
    while outer is not None:
        yield outer
        outer = parents[outer]
