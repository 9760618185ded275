import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.events import EventDetails, EventFormat, Venue, check_details
from domain.ids import TerritoryCode
from domain.imports import ImportedEvent, RejectedRecord
from domain.words import ThemeCode
from influents.agendas.json_files import UnreadableAgenda
from influents.agendas.openagenda import events_of
from influents.agendas.records import records as records_in
from influents.agendas.rows import Unsaid

SAMPLES = Path(__file__).with_name("agenda_samples")
PARIS = Path(__file__).parents[2].parent / "shared" / "data" / "openagenda-paris.json"

CONCERT = {
    "uid": "1",
    "title": "Concert",
    "city": "Nantes",
    "timetable": "2015-02-25T14:30:00 2015-02-25T17:30:00",
}


def records(document: bytes) -> list[object]:
    return list(records_in(BytesIO(document)))


def read(sample: Path) -> tuple[dict[str, ImportedEvent], list[RejectedRecord]]:
    out = [each for record in records(sample.read_bytes()) for each in events_of(record)]
    events = {each.external_id: each for each in out if isinstance(each, ImportedEvent)}
    return events, [each for each in out if isinstance(each, RejectedRecord)]


def taken(record: object) -> list[ImportedEvent]:
    return [each for each in events_of(record) if isinstance(each, ImportedEvent)]


def reasons(record: object) -> list[str]:
    return [each.reason for each in events_of(record) if isinstance(each, RejectedRecord)]


def details(**changes: object) -> EventDetails:
    (event,) = taken(CONCERT | changes)
    return event.details


def test_each_date_of_an_older_export_is_an_event() -> None:
    events, _ = read(SAMPLES / "opendatasoft_v1.json")
    assert list(events) == [
        "1001@2014-03-29T17:30:00Z",
        "1001@2014-04-05T16:30:00Z",
        "1002@2014-06-21T20:00:00Z",
        "1005@2014-10-25",
        "1006@2014-09-01T08:00:00Z",
    ]
    assert events["1001@2014-03-29T17:30:00Z"] == ImportedEvent(
        external_id="1001@2014-03-29T17:30:00Z",
        details=EventDetails(
            title="Café d'idées : vélos & piétons",
            description="On parle de la rue.\n\nUne soirée pour dire ce qui gêne & ce qui aide.\nVenez nombreux !",
            how_to_take_part="Entrée libre",
            format=EventFormat.IN_PERSON,
            starts_at=datetime(2014, 3, 29, 17, 30, tzinfo=UTC),
            ends_at=datetime(2014, 3, 29, 19, 30, tzinfo=UTC),
            themes=(ThemeCode.TRANSPORT,),
            engagement=1,
            venue=Venue(
                city="Nantes",
                name="Maison de quartier",
                address="3 rue des Essais, 44300 Nantes, France",
                postal_code="44300",
                latitude=47.25,
                longitude=-1.52,
            ),
            territory=TerritoryCode("FR-44"),
            website_url="http://openagenda.example.org/event/cafe-d-idees",
            image_url="https://images.example.org/velo.jpg",
        ),
        themes_by=("vélos", "piéton*", "mobilité*"),
    )


def test_what_an_older_export_has_that_cannot_be_taken_is_told_with_its_reason() -> None:
    _, rejected = read(SAMPLES / "opendatasoft_v1.json")
    assert rejected == [
        RejectedRecord("1003", "no-title"),
        RejectedRecord("1004 « Concert nulle part »", "no-city"),
        RejectedRecord("1006 « Lecture »", "unreadable-date", "demain – matin"),
        RejectedRecord("1006 « Lecture »", "ends-too-soon", "endsAt, 2014-09-03T08:00:00Z"),
        RejectedRecord("1007 « Concert sans date »", "no-date"),
        RejectedRecord("1008 « Rien à signaler »", "no-theme"),
        RejectedRecord('"une ligne \\u00e9gar\\u00e9e"', "not-an-object"),
    ]


def test_a_newer_export_is_read() -> None:
    events, rejected = read(SAMPLES / "opendatasoft_v2.json")
    assert rejected == []
    assert list(events) == [
        "2001@2023-10-28T12:00:00Z",
        "2001@2023-11-04T13:00:00Z",
        "2002@2023-12-31T23:00:00Z",
        "2003@2023-12-01T09:00:00Z",
    ]
    workshop = events["2001@2023-10-28T12:00:00Z"].details
    assert workshop.description == (
        "Réparer plutôt que jeter.\n\nRéparer plutôt que jeter, c’est\u00a0:\n\n- apporter un objet cassé\n"
        "- repartir avec un objet <réparé>\n\nMoins de déchets\net plus de café."
    )
    assert workshop.how_to_take_part == "Prix libre\natelier@example.org"
    assert workshop.website_url == "https://openagenda.example.org/agenda/events/atelier-de-reparation"
    assert workshop.themes == (ThemeCode.SUSTAINABLE_DEVELOPMENT,)
    assert workshop.territory == "FR-44"
    assert (workshop.venue and workshop.venue.latitude, workshop.venue and workshop.venue.longitude) == (47.21, -1.55)


def test_an_online_event_needs_no_place_and_a_cancelled_one_says_so() -> None:
    events, _ = read(SAMPLES / "opendatasoft_v2.json")
    online = events["2002@2023-12-31T23:00:00Z"]
    assert online.cancelled
    assert online.details.format is EventFormat.ONLINE
    assert online.details.venue is None
    assert online.details.website_url == "https://visio.example.org/budget?a=1&copy=2"
    assert events["2003@2023-12-01T09:00:00Z"].cancelled
    assert not events["2001@2023-10-28T12:00:00Z"].cancelled


def test_openagendas_own_json_is_read() -> None:
    events, rejected = read(SAMPLES / "openagenda_v2.json")
    assert list(events) == ["3001@2025-10-18T18:30:00Z", "3001@2025-10-25T22:30:00Z", "3002@2025-07-02T22:00:00Z"]
    assembly = events["3001@2025-10-18T18:30:00Z"].details
    assert assembly.title == "Assemblée des voisins"
    assert assembly.description == "Élus et habitants débattent.\n\nUne **réunion publique**, ouverte à tous."
    assert assembly.format is EventFormat.HYBRID
    assert assembly.territory == "FR-69M"
    assert assembly.image_url == "https://images.example.org/main/assemblee.base.image.jpg"
    assert assembly.website_url == "https://inscription.example.org/3001"
    assert assembly.how_to_take_part == (
        "Gratuit\nhttps://inscription.example.org/3001\n0400000000\nhttps://visio.example.org/assemblee"
    )
    moved_online = events["3002@2025-07-02T22:00:00Z"].details
    assert (moved_online.format, moved_online.venue) == (EventFormat.ONLINE, None)
    assert (moved_online.territory, moved_online.time_zone) == ("CA-QC", "America/Montreal")
    assert [(each.record, each.reason) for each in rejected] == [
        ("3003 « Brouillon de concert »", "not-published"),
        ("3004 « Concert sur Mars »", "unknown-time-zone"),
        ("« Concert sans identité »", "no-id"),
    ]


@pytest.mark.parametrize(
    "shape",
    [
        lambda record: [record],
        lambda record: {"records": [{"fields": record, "recordid": "abc"}]},
        lambda record: {"records": [{"record": {"id": "abc", "fields": record}}]},
        lambda record: {"results": [record], "total_count": 1},
        lambda record: {"events": [record]},
        lambda record: {"success": True, "event": record},
    ],
)
def test_every_shape_holds_the_same_event(shape: Callable[[object], object]) -> None:
    (read_back,) = records(json.dumps(shape(CONCERT)).encode())
    assert events_of(read_back) == events_of(CONCERT)


@pytest.mark.parametrize(
    "document",
    [b"", b"\xff\xfe\x00", b"uid;title\n1;Concert", b"[1", b"3", b'"events"', b"{}", b'{"events": 3}', b"[1, 2]",
     b'[{"name": "somebody"}]', b"[" * 100_000],
)  # fmt: skip
def test_what_is_no_agenda_is_refused_in_one_line(document: bytes) -> None:
    with pytest.raises(UnreadableAgenda, match=r"^[^\n]*(expected|Expected)[^\n]*$"):
        records(document)


def test_an_agenda_may_be_empty() -> None:
    assert records(b'{"events": [], "total": 0}') == []


def test_long_texts_are_cut_between_words() -> None:
    long = details(title="Concert " * 100, description="musique " * 10_000, conditions="prix " * 2_000)
    assert long.title == "Concert " * 24 + "Concert…"
    assert len(long.title) == 200
    assert len(long.description) <= 20_000
    assert long.description.endswith("musique…")
    assert long.how_to_take_part is not None
    assert long.how_to_take_part.endswith("prix…")


def test_an_event_without_a_keyword_gets_the_theme_given_for_it_or_none() -> None:
    record = CONCERT | {"title": "Rien à signaler"}
    assert reasons(record) == ["no-theme"]
    (event,) = events_of(record, Unsaid(ThemeCode.ECONOMY))
    assert isinstance(event, ImportedEvent)
    assert event.details.themes == (ThemeCode.ECONOMY,)
    assert event.themes_by == ()


@pytest.mark.parametrize(
    ("place", "territory"),
    [
        ({}, None),
        ({"address": "12345 mots, 35000 Rennes"}, "FR-35"),
        ({"location_postalcode": 1000, "location_countrycode": "FR"}, "FR-01"),
        ({"location_postalcode": "20200"}, "FR-2B"),
        ({"location_postalcode": "44000", "location_countrycode": "DE"}, None),
        ({"department": "ille et vilaine"}, "FR-35"),
        ({"location_department": "44"}, "FR-44"),
        ({"location_department": "75"}, "FR-75C"),
        ({"department": "Réunion", "location_countrycode": "RE"}, "FR-974"),
        ({"department": "Ailleurs", "region": "Ile-de-France"}, "FR-IDF"),
        ({"department": "Jura"}, "FR-39"),
        ({"region": "Canton du Jura", "country_fr": "Suisse"}, "CH-JU"),
        ({"location_region": "VD", "location_countrycode": "CH", "location_postalcode": "1000"}, "CH-VD"),
        ({"region": "Québec", "country_fr": "Canada"}, "CA-QC"),
        ({"region": "Ontario", "country_fr": "Canada"}, None),
        ({"region": "Hainaut", "country_fr": "Belgique"}, None),
    ],
)
def test_the_territory_is_what_postal_code_department_and_region_tell(
    place: dict[str, object], territory: str | None
) -> None:
    assert details(**place).territory == territory


@pytest.mark.parametrize(
    ("position", "found"),
    [
        ({"latlon": [47.2, -1.5]}, (47.2, -1.5)),
        ({"latlon": "47.2, -1.5"}, (47.2, -1.5)),
        ({"location_coordinates": {"lat": 47.2, "lon": -1.5}}, (47.2, -1.5)),
        ({"location": {"city": "Nantes", "latitude": "47.2", "longitude": -1.5}}, (47.2, -1.5)),
        ({"latlon": [0, 0]}, (None, None)),
        ({"latlon": [47.2]}, (None, None)),
        ({"latlon": [470.2, -1.5]}, (None, None)),
        ({"latlon": ["nord", "ouest"]}, (None, None)),
    ],
)
def test_a_position_is_there_whole_or_not_at_all(position: dict[str, object], found: tuple[object, object]) -> None:
    venue = details(**position).venue
    assert venue is not None
    assert (venue.latitude, venue.longitude) == found


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "ftp://example.org", "https://", "http://[oops", "example.org"]
)
def test_what_is_no_web_address_is_left_out(link: str) -> None:
    assert details(link=link, image=link).website_url is None
    assert details(link=link, image=link).image_url is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["[", "{}", "2015-02-25"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["fr", "id", "begin", "end", "x"]), inner)
    ),
    max_leaves=8,
)
NAMES = (
    "uid title title_fr description longdescription_fr keywords tags timings timetable firstdate_begin firstdate_end "
    "lastdate_end date_start date_end timezone city location location_city location_countrycode latlon department "
    "location_postalcode attendancemode status state registration conditions image link onlineaccesslink"
)


@given(JSON)
def test_no_record_is_too_odd_to_be_told_about(record: object) -> None:
    assert all(isinstance(each, RejectedRecord) for each in events_of(record))


@given(st.dictionaries(st.sampled_from(NAMES.split()), JSON, max_size=6))
def test_what_is_taken_holds_to_the_bounds_whatever_one_field_says(changes: dict[str, object]) -> None:
    out = events_of(CONCERT | changes, Unsaid(ThemeCode.CULTURE))
    assert out
    events = [each for each in out if isinstance(each, ImportedEvent)]
    assert [refusal for event in events for refusal in check_details(event.details)] == []
    assert len({event.external_id for event in events}) == len(events)


@pytest.mark.skipif(not PARIS.exists(), reason="real events of Paris are not at hand")
def test_real_events_of_paris_are_read() -> None:
    events, rejected = read(PARIS)
    assert len(records(PARIS.read_bytes())) == 40
    assert len(events) == 66
    assert Counter(each.reason for each in rejected) == {"no-theme": 3, "no-title": 1, "ends-too-soon": 1}
    assert {event.details.territory for event in events.values()} == {"FR-75C"}
    assert not [event for event in events.values() if "&amp;" in event.details.title + event.details.description]
