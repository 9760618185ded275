"""Territories: ISO 3166 codes, each within another."""

from dataclasses import dataclass

from domain.ids import TerritoryCode
from domain.refusals import Refusal, RefusalCode


@dataclass(frozen=True, slots=True)
class Territory:
    """A country, a region or a department, named in French."""

    code: TerritoryCode
    name: str
    parent_code: TerritoryCode | None = None


class UnknownTerritory(Refusal):
    """No such territory, or not one that Influents covers."""

    code = RefusalCode.NOT_FOUND
