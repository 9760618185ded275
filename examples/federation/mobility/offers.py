"""Bikes that people lend to others for the way to an event, kept in a JSON file by the ids that Influents gives."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Offer:
    """Who lends how many bikes for the way to what, and where to meet."""

    id: str
    citizen: str
    event: str
    meeting_point: str
    bikes: int


class Offers:
    """Everybody's."""

    def __init__(self, offers: Sequence[Offer] = ()) -> None:
        self._offers = offers

    @classmethod
    def kept_in(cls, file: Path | None) -> "Offers":
        """Those of a file; none without one."""
        return cls([Offer(**each) for each in json.loads(file.read_text(encoding="utf-8"))] if file else [])

    def of_citizen(self, id: str) -> list[Offer]:
        return [each for each in self._offers if each.citizen == id]

    def for_event(self, slug: str) -> list[Offer]:
        return [each for each in self._offers if each.event == slug]

    def by_id(self, id: str) -> Offer | None:
        return next((each for each in self._offers if each.id == id), None)
