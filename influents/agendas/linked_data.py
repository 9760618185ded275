"""Events as schema.org describes them, in JSON-LD: in a page's `<script type="application/ld+json">`, or in a file.

`records(file)` finds them wherever they lie: alone, in a list, under `@graph`, in each other's `subEvent`. What is only
named by its `@id` is looked for in the same document. Contexts aren't loaded: names are taken for schema.org's.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import BinaryIO, TypeAlias

from domain.events import EventFormat
from domain.imports import RejectedRecord
from influents.agendas.json_files import END, UnreadableAgenda, members
from influents.agendas.places import NOWHERE, Place, place_in_a_line
from influents.agendas.records import Unusable
from influents.agendas.rows import UNLESS_TOLD, Record, dates_of, named
from influents.agendas.texts import one_line, plain
from influents.agendas.timings import day_or_time, zone_called

Node: TypeAlias = Mapping[str, object]

_WHAT = "events of schema.org in JSON-LD"
_NO_EVENT = (
    'No Event of schema.org in it: expected JSON-LD, in a file or in a page\'s <script type="application/ld+json">'
)
_EVENTS = {
    "Event", "BusinessEvent", "ChildrensEvent", "ComedyEvent", "ConferenceEvent", "CourseInstance", "DanceEvent",
    "DeliveryEvent", "EducationEvent", "EventSeries", "ExhibitionEvent", "Festival", "FoodEvent", "Hackathon",
    "LiteraryEvent", "MusicEvent", "PerformingArtsEvent", "PublicationEvent", "BroadcastEvent", "OnDemandEvent",
    "SaleEvent", "ScreeningEvent", "SocialEvent", "SportsEvent", "TheaterEvent", "VisualArtsEvent",
}  # fmt: skip
_ONLINE, _MIXED = "OnlineEventAttendanceMode", "MixedEventAttendanceMode"
_NOT_TAKING_PLACE = {"EventCancelled", "EventPostponed"}
_MOVED_ONLINE = "EventMovedOnline"
_DEEPEST = 20
_LONGEST_PAGE = 1 << 25


@dataclass(slots=True)
class _Document:
    """What a document names by `@id`, and the events that have to wait for something that it names later."""

    things: dict[str, Node] = field(default_factory=dict)
    waiting: list[Node] = field(default_factory=list)

    def learn(self, node: Node) -> None:
        if isinstance(name := node.get("@id"), str) and len(node) > 1 and not _is_event(node):
            self.things[name] = node

    def whole(self, value: object) -> object:
        """A thing itself, where only its name stands."""
        if isinstance(value, Mapping) and len(value) == 1 and isinstance(value.get("@id"), str):
            return self.things.get(str(value["@id"]), value)
        return value

    def must_wait(self, event: Node) -> bool:
        return any(map(self._is_unknown, _many(event.get("location"))))

    def _is_unknown(self, value: object) -> bool:
        if not isinstance(value, Mapping) or set(value) != {"@id"}:
            return False
        name = value["@id"]
        return isinstance(name, str) and name not in self.things


def records(file: BinaryIO) -> Iterator[Record | RejectedRecord]:
    """Every event of a page or a file.

    Raises:
        UnreadableAgenda: It has no event, or isn't JSON where it should be.
    """
    start = file.tell()
    page = file.read(512).decode("utf-8", "replace").lstrip("\ufeff \t\r\n").startswith("<")
    file.seek(start)
    found = False
    for each in _of_page(file) if page else _of_file(file):
        found = True
        yield each
    if not found:
        raise UnreadableAgenda(_NO_EVENT)


def _of_file(file: BinaryIO) -> Iterator[Record | RejectedRecord]:
    document = _Document()
    outer: dict[str, object] = {}
    for name, value in members(file, ("@graph",), what=_WHAT):
        if value is END:
            continue
        if name in {"", "@graph"}:
            yield from _of_value(value, document)
        else:
            outer[name] = value
    yield from _of_value(outer, document)
    yield from _late(document)


def _of_page(file: BinaryIO) -> Iterator[Record | RejectedRecord]:
    content = file.read(_LONGEST_PAGE + 1)
    if len(content) > _LONGEST_PAGE:
        raise UnreadableAgenda("A page of more than 32 MiB: save the events alone, as JSON-LD")
    scripts = _Scripts()
    scripts.feed(content.decode("utf-8-sig", "replace"))
    scripts.close()
    document = _Document()
    for number, script in enumerate(scripts.found, 1):
        try:
            value = json.loads(script.strip().removeprefix("<!--").removesuffix("-->"), strict=False)
        except (ValueError, RecursionError):
            yield RejectedRecord(f"script {number}", "unreadable", one_line(script[:80]))
            continue
        for each in _many(value):
            yield from _of_value(each, document)
    yield from _late(document)


class _Scripts(HTMLParser):
    """The texts of a page's scripts of JSON-LD."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []
        self._within = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = (dict(attrs).get("type") or "").partition(";")[0]
        self._within = tag == "script" and kind.strip().lower() == "application/ld+json"
        if self._within:
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self._within = self._within and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._within:
            self.found[-1] += data


def _of_value(value: object, document: _Document) -> Iterator[Record | RejectedRecord]:
    """The events in a value; what stands beside them is remembered by its name."""
    for node in _nodes(value, 0):
        document.learn(node)
        if not _is_event(node):
            continue
        if document.must_wait(node):
            document.waiting.append(node)
        else:
            yield _record(node, document)


def _late(document: _Document) -> Iterator[Record | RejectedRecord]:
    for node in document.waiting:
        yield _record(node, document)


def _nodes(value: object, depth: int) -> Iterator[Node]:
    if depth > _DEEPEST:
        return
    for each in _many(value):
        if isinstance(each, Mapping):
            yield each
            for inner in each.values():
                if isinstance(inner, list | Mapping):
                    yield from _nodes(inner, depth + 1)


def _is_event(node: Node) -> bool:
    # A name alone is a hint at an event that stands elsewhere; a series without a date only holds its events together.
    known = any(isinstance(each, str) and _last(each) in _EVENTS for each in _many(node.get("@type")))
    series = "EventSeries" in map(_last, map(str, _many(node.get("@type")))) and "startDate" not in node
    return known and bool(set(node) - {"@type", "@id", "name", "url"}) and not series


def _record(node: Node, document: _Document) -> Record | RejectedRecord:
    identity, title = _identity(node), _text(node.get("name"))
    name = named(identity, title) or one_line(json.dumps(node)[:80])
    try:
        return _read(node, document, identity, title, name)
    except Unusable as unusable:
        return RejectedRecord(name, unusable.reason, unusable.detail)


def _read(node: Node, document: _Document, identity: str, title: str, name: str) -> Record:
    zone = zone_called("")
    begin, end = _text(node.get("startDate")).strip(), _text(node.get("endDate")).strip()
    written = [day_or_time(begin, end, unless_told=UNLESS_TOLD)] if begin else []
    dates, rejected = dates_of(written, zone, name, only=True)
    places = [document.whole(each) for each in _many(node.get("location"))]
    status = _last(_text(node.get("eventStatus")))
    meetings = [_text(place.get("url")) for place in places if isinstance(place, Mapping) and _is_virtual(place)]
    form = EventFormat.ONLINE if status == _MOVED_ONLINE else _format(node, places)
    pages = [_text(each) for name in ("url", "@id", "sameAs") for each in _many(node.get(name))]
    return Record(
        identity=identity,
        title=title,
        time_zone=zone.key,
        dates=dates,
        rejected=rejected,
        name=name,
        descriptions=(_text(node.get("description")),),
        keywords=tuple(_keywords(node, document)),
        format=form,
        place=next((found for each in places if (found := _place(each, document)) != NOWHERE), NOWHERE),
        ways_in=(*_offers(node, document), *(each for each in meetings if each not in pages)),
        pages=(*pages, *meetings),
        images=tuple(_addresses(node.get("image"), document)),
        capacity=_capacity(node),
        cancelled=status in _NOT_TAKING_PLACE,
    )


def _identity(node: Node) -> str:
    """Its `@id`, an identifier, its address; where there is none, its title and when it begins."""
    for name in ("@id", "identifier", "url"):
        for each in _many(node.get(name)):
            value = each.get("value") if isinstance(each, Mapping) else each
            if (text := _text(value)) and not text.startswith("_:"):
                return text
    title, begin = _text(node.get("name")), _text(node.get("startDate"))
    return f"{one_line(title)}@{begin}" if title and begin else ""


def _format(node: Node, places: list[object]) -> EventFormat:
    mode = _last(_text(node.get("eventAttendanceMode")))
    virtual = [isinstance(each, Mapping) and _is_virtual(each) for each in places]
    if mode == _MIXED or (any(virtual) and not all(virtual)):
        return EventFormat.HYBRID
    return EventFormat.ONLINE if mode == _ONLINE or any(virtual) else EventFormat.IN_PERSON


def _is_virtual(place: Node) -> bool:
    return "VirtualLocation" in map(_last, map(str, _many(place.get("@type"))))


def _place(value: object, document: _Document) -> Place:
    if isinstance(value, str):
        return place_in_a_line(value)
    if not isinstance(value, Mapping) or _is_virtual(value):
        return NOWHERE
    name = _text(value.get("name"))
    address = document.whole(_first(value.get("address")))
    if not isinstance(address, Mapping):
        line = place_in_a_line(f"{name}, {_text(address)}" if name else _text(address)) if _text(address) else NOWHERE
        place = Place(
            name=name, address=line.address, postal_code=line.postal_code, city=line.city, country=line.country
        )
    else:
        country = document.whole(_first(address.get("addressCountry")))
        place = Place(
            name=name,
            address=_text(address.get("streetAddress")),
            postal_code=_text(address.get("postalCode")),
            city=_text(address.get("addressLocality")),
            region=_text(address.get("addressRegion")),
            country=_text(country.get("name") if isinstance(country, Mapping) else country),
        )
    geo = document.whole(_first(value.get("geo")))
    spot = geo if isinstance(geo, Mapping) else value
    return Place(
        name=place.name, address=place.address, postal_code=place.postal_code, city=place.city, region=place.region,
        department=place.region, country=place.country, latitude=spot.get("latitude"), longitude=spot.get("longitude"),
    )  # fmt: skip


def _keywords(node: Node, document: _Document) -> Iterator[str]:
    for name in ("keywords", "about"):
        for each in map(document.whole, _many(node.get(name))):
            text = _text(each.get("name") or each.get("termCode")) if isinstance(each, Mapping) else _text(each)
            yield from (word.strip() for word in text.split(",") if word.strip())


def _offers(node: Node, document: _Document) -> Iterator[str]:
    """What it costs, and where to register."""
    if node.get("isAccessibleForFree") in (True, "true", "True"):
        yield "Gratuit"
    for offer in map(document.whole, _many(node.get("offers"))):
        if isinstance(offer, Mapping):
            price = f"{_text(offer.get('price'))} {_text(offer.get('priceCurrency'))}".strip()
            yield " ".join(filter(None, [plain(_text(offer.get("name"))), price if _text(offer.get("price")) else ""]))
            yield _text(offer.get("url"))


def _addresses(value: object, document: _Document) -> Iterator[str]:
    for each in map(document.whole, _many(value)):
        yield _text(each.get("contentUrl") or each.get("url")) if isinstance(each, Mapping) else _text(each)


def _capacity(node: Node) -> int | None:
    written = _text(node.get("maximumAttendeeCapacity"))
    return int(written) if written.isdecimal() and 0 < len(written) < 8 and int(written) else None  # noqa: PLR2004


def _text(value: object) -> str:
    """A text, a number, or the French or first one of several that have their language beside them."""
    if isinstance(value, list):
        spoken = [each for each in value if isinstance(each, Mapping) and each.get("@language") == "fr"]
        value = next(iter(spoken or value), "")
    if isinstance(value, Mapping):
        value = value.get("@value", "")
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _first(value: object) -> object:
    return next(iter(_many(value)), None)


def _many(value: object) -> list[object]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _last(name: str) -> str:
    """The end of a name: `EventCancelled` of https://schema.org/EventCancelled."""
    return name.rpartition("/")[2].rpartition(":")[2].rpartition("#")[2]
