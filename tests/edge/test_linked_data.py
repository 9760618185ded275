"""Events that pages describe in schema.org's words."""

import json
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.events import EventFormat, Venue
from domain.imports import ImportedEvent, RejectedRecord
from domain.words import ThemeCode
from influents.agendas.formats import AgendaFormat, recognised, rows
from influents.agendas.json_files import UnreadableAgenda
from influents.agendas.rows import Unsaid

SAMPLE = Path(__file__).with_name("agenda_samples") / "page.html"
NOW = datetime(2026, 9, 1, tzinfo=UTC)
CONCERT = {
    "@context": "https://schema.org",
    "@type": "Event",
    "@id": "https://example.org/concert",
    "name": "Concert",
    "startDate": "2026-10-03T20:00:00+02:00",
    "endDate": "2026-10-03T22:00:00+02:00",
    "location": {"@type": "Place", "address": {"addressLocality": "Nantes", "postalCode": "44000"}},
}


def read(document: bytes) -> list[ImportedEvent | RejectedRecord]:
    file = BytesIO(document)
    assert recognised(file) is AgendaFormat.SCHEMA_ORG
    return list(rows(file, AgendaFormat.SCHEMA_ORG, Unsaid(), NOW))


def events(value: object) -> list[ImportedEvent]:
    return [each for each in read(json.dumps(value).encode()) if isinstance(each, ImportedEvent)]


def only(**changes: Any) -> ImportedEvent:  # Any: whatever JSON holds
    (event,) = events(CONCERT | changes)
    return event


def test_the_events_of_a_page_are_read_with_what_stands_elsewhere_on_it() -> None:
    found = {each.external_id: each for each in read(SAMPLE.read_bytes()) if isinstance(each, ImportedEvent)}
    assert list(found) == ["debat", "Collecte alimentaire@2026-10-08", "https://example.org/concert#event"]
    concert = found["https://example.org/concert#event"].details
    assert (concert.title, concert.description) == (
        "Concert & bal",
        "Une soirée de musique.\n\nPour tout le quartier.",
    )
    assert concert.starts_at == datetime(2026, 10, 3, 18, tzinfo=UTC)
    assert concert.venue == Venue(
        city="Nantes", name="Salle des fêtes", address="3 rue des Essais", postal_code="44300",
        latitude=47.25, longitude=-1.52,
    )  # fmt: skip
    assert (concert.themes, concert.territory) == ((ThemeCode.CULTURE,), "FR-44")
    assert concert.how_to_take_part == "5 EUR\nhttps://example.org/billets"
    assert (concert.website_url, concert.image_url, concert.capacity) == (
        "https://example.org/concert",
        "https://images.example.org/concert.jpg",
        120,
    )
    assert found["Collecte alimentaire@2026-10-08"].cancelled
    assert (found["debat"].details.format, found["debat"].details.website_url) == (
        EventFormat.ONLINE,
        "https://visio.example.org/debat",
    )


def test_what_a_page_has_that_cannot_be_taken_is_told_with_its_reason() -> None:
    assert [each for each in read(SAMPLE.read_bytes()) if isinstance(each, RejectedRecord)] == [
        RejectedRecord("#sans-date « Concert sans date »", "no-date"),
        RejectedRecord("script 3", "unreadable", '{"@type": "Event", "name":'),
    ]


@pytest.mark.parametrize(
    "document",
    [
        CONCERT,
        [CONCERT],
        {"@context": "https://schema.org", "@graph": [CONCERT]},
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": CONCERT}]},
        {"@type": "WebPage", "mainEntity": CONCERT},
        {"@type": "EventSeries", "name": "Les concerts", "subEvent": [CONCERT]},
        CONCERT | {"@type": ["Thing", "https://schema.org/MusicEvent"]},
        CONCERT | {"@type": "schema:Festival"},
    ],
)  # fmt: skip
def test_an_event_is_found_wherever_it_lies(document: object) -> None:
    assert [each.details.title for each in events(document)] == ["Concert"]


def test_an_event_that_is_only_named_is_no_event() -> None:
    person = {"@type": "Person", "name": "Ada", "performerIn": {"@type": "Event", "name": "Concert"}}
    assert events([CONCERT, person]) == events(CONCERT)


@pytest.mark.parametrize(
    ("changes", "identity"),
    [
        ({}, "https://example.org/concert"),
        ({"@id": "_:b0", "identifier": "c1"}, "c1"),
        ({"@id": None, "identifier": {"@type": "PropertyValue", "value": "c1"}}, "c1"),
        ({"@id": None, "url": "https://example.org/c"}, "https://example.org/c"),
        ({"@id": None}, "Concert@2026-10-03T20:00:00+02:00"),
    ],
)
def test_an_event_is_known_by_what_the_page_calls_it(changes: dict[str, object], identity: str) -> None:
    assert only(**changes).external_id == identity


@pytest.mark.parametrize(
    ("begin", "end", "lasts", "minutes"),
    [
        ("2026-10-03T20:00", None, timedelta(hours=1), None),
        ("2026-10-03T20:00:00.000Z", "2026-10-03T22:00:00Z", timedelta(hours=2), None),
        ("2026-10-03", None, timedelta(days=1), 60),
        ("2026-10-24", "2026-10-25", timedelta(hours=49), 60),
    ],
)
def test_times_days_and_what_says_no_end_are_read(begin: str, end: str | None, lasts: timedelta, minutes: int) -> None:
    details = only(startDate=begin, endDate=end).details
    assert (details.ends_at - details.starts_at, details.effort_minutes) == (lasts, minutes)


VISIO = {"@type": "VirtualLocation", "url": "https://visio.example.org"}


@pytest.mark.parametrize(
    ("changes", "form"),
    [
        ({}, EventFormat.IN_PERSON),
        ({"location": VISIO}, EventFormat.ONLINE),
        ({"location": [CONCERT["location"], VISIO]}, EventFormat.HYBRID),
        ({"eventAttendanceMode": "https://schema.org/MixedEventAttendanceMode"}, EventFormat.HYBRID),
        ({"eventAttendanceMode": "OnlineEventAttendanceMode", "location": None}, EventFormat.ONLINE),
        ({"eventStatus": "http://schema.org/EventMovedOnline"}, EventFormat.ONLINE),
    ],
)
def test_where_people_meet_is_told(changes: dict[str, object], form: EventFormat) -> None:
    assert only(**changes).details.format is form


@pytest.mark.parametrize("status", ["EventCancelled", "https://schema.org/EventPostponed"])
def test_what_does_not_take_place_is_cancelled(status: str) -> None:
    assert only(eventStatus=status).cancelled
    assert not only(eventStatus="https://schema.org/EventScheduled").cancelled


@pytest.mark.parametrize(
    ("location", "venue"),
    [
        ("Mairie, 2 rue Haute, 44000 Nantes",
         Venue(city="Nantes", name="Mairie", address="2 rue Haute", postal_code="44000")),
        ({"name": "Mairie", "address": "2 rue Haute, 44000 Nantes, France"},
         Venue(city="Nantes", name="Mairie", address="2 rue Haute", postal_code="44000")),
        ({"name": "Mairie", "address": {"addressLocality": "Nantes", "addressCountry": {"name": "France"}},
          "latitude": "47.2", "longitude": "-1.5"}, Venue(city="Nantes", name="Mairie", latitude=47.2, longitude=-1.5)),
    ],
)  # fmt: skip
def test_a_place_may_be_a_line_an_address_or_a_spot(location: object, venue: Venue) -> None:
    assert only(location=location).details.venue == venue


def test_keywords_may_be_words_or_terms() -> None:
    terms = [{"@type": "DefinedTerm", "name": "Transports"}, "Économie"]
    named = only(keywords=terms)
    assert (named.details.themes, named.themes_by) == (
        (ThemeCode.TRANSPORT, ThemeCode.ECONOMY),
        ("Transports", "Économie"),
    )


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (b"<html><p>Rien.</p></html>", "No Event of schema.org in it"),
        (b'{"@context": "https://schema.org", "@type": "Person"}', "No Event of schema.org in it"),
        (b'{"@context": "https://schema.org", ', "export it again|Not a JSON file"),
    ],
)
def test_what_has_no_event_is_told_in_a_line(document: bytes, told: str) -> None:
    with pytest.raises(UnreadableAgenda, match=told):
        read(document)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.sampled_from(["2026-10-03", "https://a.org"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["@id", "@type", "@value", "name", "url", "address"]), inner)
    ),
    max_leaves=8,
)
NAMES = [
    *("@id", "@type", "name", "description", "startDate", "endDate", "location", "eventStatus", "eventAttendanceMode"),
    *("image", "keywords", "about", "offers", "identifier", "url", "maximumAttendeeCapacity", "isAccessibleForFree"),
    "subEvent",
]


@example({"location": {"@id": []}})
@given(st.dictionaries(st.sampled_from(NAMES), JSON, max_size=4))
def test_no_event_is_too_odd_to_be_told_about(changes: dict[str, object]) -> None:
    good = CONCERT | {"@id": "good"}
    assert "good" in [each.external_id for each in events([CONCERT | changes, good])]
