"""What the parameters of a feed's URL ask for: the fields of the API's `EventFilter`, by the same names.

Lists have commas between their items; `near` and `within` are numbers with commas between them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from graphql import GraphQLError
from starlette.requests import Request

from domain.events import EventFormat, EventStatus
from domain.filters import EventFilter, EventOrder, OrganizerKind
from domain.paging import Window
from domain.words import Locale, ThemeCode
from influents.operations.refusing import BadRequest
from schema import paging
from schema.errors import BadUserInput
from schema.event_filters import BoundsInput, EventFilterInput, IntRange, NearInput
from schema.scalars import midnight, read_day, read_moment, read_territory
from schema.wording import say

MOST: int = 500
"""How many events one answer holds."""
_MOST_PARAMETERS = 50
_MOST_ITEMS = 100
_DAY = len("2026-09-01")

E = TypeVar("E", bound=StrEnum)
Reader = Callable[[str], Any]  # Any: what the field of that name is


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for; `locale` is None where the URL doesn't say."""

    where: EventFilter
    first: int
    after: str | None
    locale: Locale | None

    def window(self, order: EventOrder) -> Window:
        """The part of the list, in an order.

        Raises:
            BadUserInput: `after` is of no such list.
        """
        return Window(self.first, None if self.after is None else paging.unseal(order.value, self.after))


def asked(request: Request, *, unless_told: int) -> Asked:
    """What a URL asks for, `unless_told` events at most where it doesn't say.

    Raises:
        BadRequest: it can't be read; the message says how it is written.
    """
    given = parameters(request)
    read = {name: _read(name, written) for name, written in given.items()}
    first, after, locale = read.pop("first", unless_told), read.pop("after", None), read.pop("locale", None)
    fields = {_FIELDS.get(name, name): value for name, value in read.items()}
    fields.setdefault("statuses", [EventStatus.PUBLISHED, EventStatus.COMPLETED, EventStatus.CANCELLED])
    try:
        where = EventFilterInput.meant(EventFilterInput(**fields))
    except BadUserInput as wrong:
        raise BadRequest(400, "BAD_USER_INPUT", say(wrong.sentence, locale or Locale.EN)) from None
    return Asked(where, first, after, locale)


def locale_asked(request: Request) -> Locale | None:
    """The language that the URL of a single thing asks for: there is no other parameter.

    Raises:
        BadRequest: it can't be read, or there is another.
    """
    given = parameters(request)
    if set(given) - {"locale"}:
        raise BadRequest(400, "BAD_USER_INPUT", "The only parameter here is `locale`: fr or en.")
    locale: Locale | None = _read("locale", given["locale"]) if given else None
    return locale


def parameters(request: Request) -> dict[str, str]:
    """The parameters of a URL, each once.

    Raises:
        BadRequest: they can't be read, or one stands there twice.
    """
    try:
        query = request.scope["query_string"].decode("latin-1")
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        raise BadRequest(400, "BAD_REQUEST", "The URL's parameters are few, and in UTF-8.") from None
    found: dict[str, str] = {}
    for name, value in pairs:
        plain = name.removesuffix("[]")
        if plain in found:
            raise BadRequest(400, "BAD_USER_INPUT", f"Give each parameter once, lists with commas: {plain[:40]!r}.")
        found[plain] = value
    return found


def _read(name: str, written: str) -> Any:  # Any: what the field of that name is
    if name not in _READERS:
        names = ", ".join(f"`{each}`" for each in _READERS)
        raise BadRequest(400, "BAD_USER_INPUT", f"There is no such parameter. There are {names}.")
    reader, how = _READERS[name]
    try:
        return reader(_text(written))
    except (ValueError, LookupError, GraphQLError):
        raise BadRequest(400, "BAD_USER_INPUT", f"Write `{name}` as {how}.") from None


def _text(written: str) -> str:
    if "\0" in written:
        raise ValueError("no text")
    return written


def _moment(written: str) -> datetime:
    """A day stands for its beginning in Paris; a plus that wasn't escaped is meant as one."""
    return midnight(read_day(written)) if len(written) == _DAY else read_moment(written.replace(" ", "+"))


def _range(written: str) -> IntRange:
    low, dots, high = written.partition("..")
    return IntRange(min=_number(low), max=_number(high)) if dots else IntRange(min=int(low), max=int(low))


def _number(written: str) -> int | None:
    return int(written) if written else None


def _stars(written: str) -> IntRange:
    stars = _range(written)
    if not all(each is None or abs(each) <= _MOST_ITEMS for each in (stars.min, stars.max)):
        raise ValueError("no number of stars")
    return stars


def _near(written: str) -> NearInput:
    latitude, longitude, *radius = map(float, written.split(","))
    return NearInput(latitude=latitude, longitude=longitude, **_radius(*radius))


def _radius(*given: float) -> dict[str, float]:
    if len(given) > 1:
        raise ValueError("more than a radius")
    return {"radius_km": given[0]} if given else {}


def _within(written: str) -> BoundsInput:
    north, south, east, west = map(float, written.split(","))
    return BoundsInput(north=north, south=south, east=east, west=west)


def _first(written: str) -> int:
    number = int(written)
    if not 1 <= number <= MOST:
        raise ValueError("too few or too many")
    return number


def _items(written: str) -> list[str]:
    items = [each.strip() for each in written.split(",")]
    if len(items) > _MOST_ITEMS:
        raise ValueError("too many")
    return items


def _some(values: type[E]) -> tuple[Reader, str]:
    return lambda written: [values(each) for each in _items(written)], f"some of {', '.join(values)}, with commas"


def _one(values: type[E]) -> tuple[Reader, str]:
    return values, f"one of {', '.join(values)}"


_WHEN = "a day, 2026-09-01, or a time with its offset, 2026-09-01T18:30:00%2B02:00"
_READERS: Mapping[str, tuple[Reader, str]] = {
    "search": (str, "words"),
    "themes": _some(ThemeCode),
    "territory": (read_territory, "an ISO 3166 code: FR-44, FR-PDL, FR"),
    "formats": _some(EventFormat),
    "statuses": _some(EventStatus),
    "startsAfter": (_moment, _WHEN),
    "startsBefore": (_moment, _WHEN),
    "updatedSince": (_moment, _WHEN),
    "engagement": (_stars, "a number of stars or a range of them: 3, 2..4, 2.. or ..4"),
    "organizer": (str, "the id of a citizen or an organisation"),
    "organizerKind": _one(OrganizerKind),
    "externalIds": (_items, f"{_MOST_ITEMS} ids at most, with commas"),
    "near": (_near, "latitude,longitude or latitude,longitude,kilometres: 47.2,-1.55,20"),
    "within": (_within, "north,south,east,west in degrees"),
    "withSeats": ({"true": True, "false": False}.__getitem__, "true or false"),
    "soughtTalents": (_items, f"{_MOST_ITEMS} talents at most, with commas"),
    "first": (_first, f"a number from 1 to {MOST}"),
    "after": (str, "what the answer before named"),
    "locale": _one(Locale),
}
_FIELDS = {
    "startsAfter": "starts_after",
    "startsBefore": "starts_before",
    "updatedSince": "updated_since",
    "organizerKind": "organizer_kind",
    "externalIds": "external_ids",
    "withSeats": "with_seats",
    "soughtTalents": "sought_talents",
}
