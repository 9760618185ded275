"""What a client accepts, by its Accept header: media ranges with their q-values."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from influents.operations.refusing import BadRequest

GRAPHQL: Final = "application/graphql-response+json"
JSON: Final = "application/json"
HTML: Final = "text/html"
EVENTS: Final = "text/event-stream"
MULTIPART: Final = "multipart/mixed"
STREAMS: Final = (EVENTS, MULTIPART)
"""What subscriptions are answered in, and nothing else."""
LONGEST = 2_000
_PART = re.compile(r'(?:"(?:[^"\\]|\\.)*+"?|[^,"])++')
_PARAMETER = re.compile(r';\s*([\w.-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;\s]*)')
_RANGE = re.compile(r"\s*([\w!#$&^.+*-]+)/([\w!#$&^.+*-]+)\s*(;.*)?", re.DOTALL)
_EXACT = 2
_DIFFERENT: Final = 256
"""Headers that are remembered: clients send few different ones, each again and again."""


@dataclass(frozen=True, slots=True)
class Range:
    """One media range: `application/*;q=0.5`."""

    kind: str
    subtype: str
    quality: float

    def closeness(self, media_type: str) -> int:
        """How closely it names a media type: 2 by its name, 1 by its kind, 0 as one of all; -1 where it doesn't."""
        kind, _, subtype = media_type.partition("/")
        if (self.kind, self.subtype) == (kind, subtype):
            return _EXACT
        if self.subtype != "*":
            return -1
        return 1 if self.kind == kind else 0 if self.kind == "*" else -1


class Accepted:
    """What an Accept header accepts; without one, anything."""

    def __init__(self, header: str | None) -> None:
        self.ranges = _ranges((header or "*/*")[:LONGEST])
        self._best: dict[tuple[str, ...], str | None] = {}

    def best(self, *offers: str) -> str | None:
        """The offer that is liked best; None where none is accepted.

        Among those that are named and liked as much, the first that is offered. Who takes anything gets plain JSON.
        """
        if offers not in self._best:
            liked = [(*self._liking(offer), -place, offer) for place, offer in enumerate(offers)]
            quality, _, _, _, offer = max(
                (quality, closeness, offer == JSON and closeness < _EXACT, place, offer)
                for quality, closeness, place, offer in liked
            )
            self._best[offers] = offer if quality > 0 else None
        return self._best[offers]

    def names(self, media_type: str) -> bool:
        """Whether it is asked for by its name."""
        quality, closeness = self._liking(media_type)
        return quality > 0 and closeness == _EXACT

    def _liking(self, media_type: str) -> tuple[float, int]:
        """How well it is liked, by the range that names it most closely."""
        closeness, quality = max(((each.closeness(media_type), each.quality) for each in self.ranges), default=(-1, 0))
        return (quality, closeness) if closeness >= 0 else (0.0, -1)


@lru_cache(maxsize=_DIFFERENT)
def for_answers(accepted: Accepted) -> str:
    """The media type that an operation's answer has.

    Raises:
        BadRequest: the client accepts none of ours.
    """
    media_type = accepted.best(GRAPHQL, JSON)
    if media_type is None and any(map(accepted.names, STREAMS)):
        return JSON  # who asks for a stream alone is answered all the same: a query's answer is none
    if media_type is None:
        raise BadRequest(406, "NOT_ACCEPTABLE", f"Answers are {GRAPHQL} or {JSON}: accept one of them.")
    return media_type


@lru_cache(maxsize=_DIFFERENT)
def for_streams(accepted: Accepted) -> str | None:
    """The media type that a subscription's answer has; None where none of ours is asked for by its name."""
    named = [each for each in STREAMS if accepted.names(each)]
    return accepted.best(*named) if named else None


def streams_alone(accepted: Accepted) -> bool:
    """Whether nothing but a stream is taken."""
    return accepted.best(GRAPHQL, JSON) is None


@lru_cache(maxsize=_DIFFERENT)
def accepted(header: str | None) -> Accepted:
    """What a header accepts."""
    return Accepted(header)


def _ranges(header: str) -> list[Range]:
    found = []
    for part in _PART.findall(header):
        if match := _RANGE.fullmatch(part):
            parameters = {name.lower(): value.strip('"') for name, value in _PARAMETER.findall(match[3] or "")}
            if parameters.get("charset", "utf-8").lower() in {"utf-8", "utf8"}:
                found.append(Range(match[1].lower(), match[2].lower(), _quality(parameters.get("q", "1"))))
    return found


def _quality(written: str) -> float:
    return float(written) if re.fullmatch(r"[01](\.\d{0,3})?", written) else 0.0
