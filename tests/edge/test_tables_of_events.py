"""Events in tables, as spreadsheets write them."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.events import EventFormat, Venue
from domain.imports import ImportedEvent, RejectedRecord
from domain.words import ThemeCode
from influents.agendas.formats import AgendaFormat, recognised, rows
from influents.agendas.json_files import UnreadableAgenda
from influents.agendas.places import place_in_a_line
from influents.agendas.rows import Unsaid
from influents.agendas.tables import COLUMNS, columns_of
from influents.agendas.texts import folded

SAMPLE = Path(__file__).with_name("agenda_samples") / "table.csv"
NOW = datetime(2026, 9, 1, tzinfo=UTC)


NOTHING_TOLD = Unsaid()


def read(document: bytes, unsaid: Unsaid = NOTHING_TOLD) -> list[ImportedEvent | RejectedRecord]:
    file = BytesIO(document)
    assert recognised(file) is AgendaFormat.CSV
    return list(rows(file, AgendaFormat.CSV, unsaid, NOW))


def only(header: str, row: str) -> ImportedEvent:
    (event,) = read(f"{header}\n{row}\n".encode())
    assert isinstance(event, ImportedEvent), event
    return event


def test_a_table_in_french_is_read_with_all_its_columns() -> None:
    first = read(SAMPLE.read_bytes())[0]
    assert isinstance(first, ImportedEvent)
    details = first.details
    assert (first.external_id, details.title) == ("1", "Concert au bord de l’Erdre")
    assert details.description == "Une soirée de musique ;\npour tout le quartier."
    assert (details.starts_at, details.ends_at) == (
        datetime(2026, 10, 3, 18, tzinfo=UTC),
        datetime(2026, 10, 3, 20, 30, tzinfo=UTC),
    )
    assert details.venue == Venue(
        city="Nantes", name="Salle des fêtes", address="3 rue des Essais", postal_code="44300",
        latitude=47.25, longitude=-1.52,
    )  # fmt: skip
    assert (details.themes, details.how_to_take_part, details.capacity) == ((ThemeCode.CULTURE,), "Prix libre", 120)
    assert (details.website_url, details.image_url) == (
        "https://example.org/concert",
        "https://images.example.org/concert.jpg",
    )


def test_what_cannot_be_taken_is_told_at_its_row() -> None:
    found = read(SAMPLE.read_bytes())
    assert [(each.record, each.reason) for each in found if isinstance(each, RejectedRecord)] == [
        ("row 5: 4 « Concert un treizième mois »", "unreadable-date"),
        ("row 7: 5 « Rencontre »", "no-theme"),
    ]
    taken = {each.external_id: each for each in found if isinstance(each, ImportedEvent)}
    assert list(taken) == ["1", "2", "3", "6"]
    assert taken["2"].details.format is EventFormat.ONLINE
    assert taken["3"].cancelled
    assert taken["3"].details.ends_at - taken["3"].details.starts_at == timedelta(days=2)
    assert taken["6"].details.themes == (ThemeCode.SUSTAINABLE_DEVELOPMENT,)


def test_a_table_in_english_is_read() -> None:
    event = only(
        "id,title,start date,start time,end time,venue,street address,zip code,city,time zone,tags,status",
        'a,Concert,2026-10-03,8:00,9:30,Hall,"1, High Street",1000,Lausanne,Europe/Zurich,music,cancelled',
    )
    assert (event.external_id, event.cancelled) == ("a", True)
    assert f"{event.details.starts_at:%H:%M} {event.details.ends_at:%H:%M}" == "06:00 07:30"
    assert event.details.venue == Venue(city="Lausanne", name="Hall", address="1, High Street", postal_code="1000")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_however_it_was_saved_it_says_the_same(encoding: str, separator: str, end: str) -> None:
    lines = [["Évènement", "Date", "Ville"], ["Fête de la forêt…", "03/10/2026", "Orléans"]]
    document = end.join(separator.join(cells) for cells in lines).encode(encoding)
    (event,) = read(document)
    assert isinstance(event, ImportedEvent), event
    assert event.details.title == "Fête de la forêt…"
    assert event.details.venue == Venue(city="Orléans")


@pytest.mark.parametrize(
    ("begin", "time", "instant"),
    [
        ("2026-10-03T20:00:00+02:00", "", "03 18:00"),
        ("2026-10-03 20:00", "", "03 18:00"),
        ("2026-10-03T20:00Z", "", "03 20:00"),
        ("03/10/2026 20:00", "", "03 18:00"),
        ("3/10/2026", "20h", "03 18:00"),
        ("03.10.2026", "20 h 30", "03 18:30"),
        ("03/10/2026 à 20h30", "", "03 18:30"),
        ("03/10/2026", "20:30:15", "03 18:30"),
        ("03/10/2026", "", "02 22:00"),
    ],
)
def test_dates_are_read_as_people_write_them_day_before_month(begin: str, time: str, instant: str) -> None:
    event = only("titre;date;heure;ville", f"Concert;{begin};{time};Nantes")
    assert f"{event.details.starts_at:%d %H:%M}" == instant


@pytest.mark.parametrize("begin", ["10/13/2026", "31/02/2026", "demain", "2026", "03/10/26"])
def test_a_date_that_is_none_is_refused_and_not_turned_round(begin: str) -> None:
    (rejected,) = read(f"titre;date;ville\nConcert;{begin};Nantes".encode())
    assert isinstance(rejected, RejectedRecord)
    assert rejected.reason == "unreadable-date"


def test_an_end_after_midnight_is_the_next_day() -> None:
    details = only("titre;date;heure;heure de fin;ville", "Concert;03/10/2026;20h;1h;Nantes").details
    assert details.ends_at - details.starts_at == timedelta(hours=5)


def test_without_an_id_it_is_known_by_its_title_and_its_beginning() -> None:
    assert only("titre;date;heure;ville", "Concert;03/10/2026;20h;Nantes").external_id == "Concert@2026-10-03T20:00:00"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Concert;;Nantes;;", "no-date"),
        (";03/10/2026;Nantes;;", "no-title"),
        ("Concert;03/10/2026;;;", "no-city"),
        ("Concert;03/10/2026;Nantes;beaucoup;", "unreadable"),
        ("Concert;03/10/2026;Nantes;;dans un rêve", "unreadable"),
        ("Concert;03/10/2026", "no-city"),
    ],
)
def test_a_bad_row_is_told_and_harms_no_other(row: str, reason: str) -> None:
    bad, good = read(f"titre;date;ville;places;format\n{row}\nConcert;03/10/2026;Nantes;12;\n".encode())
    assert isinstance(bad, RejectedRecord)
    assert bad.reason == reason
    assert isinstance(good, ImportedEvent)


@pytest.mark.parametrize("document", [b"a;b\n1;2", b"titre;ville\nConcert;Nantes", b'titre;date\n"Concert;03/10/2026'])
def test_what_is_no_table_of_events_is_told_in_a_line(document: bytes) -> None:
    with pytest.raises(
        UnreadableAgenda, match=r"^(No header with a title and a date|It isn't a table to its end)[^\n]*$"
    ):
        read(document)


def test_no_name_of_a_column_means_two() -> None:
    names = [name for each in COLUMNS.values() for name in each]
    assert len(set(names)) == len(names)
    assert [folded(name) for name in names] == names
    for column, each in COLUMNS.items():
        assert [columns_of([name.upper()]) for name in each] == [{column: 0}] * len(each)


@pytest.mark.parametrize(
    ("line", "name", "address", "postal_code", "city"),
    [
        ("Cantine, 20 rue de la Paix, 44000 Nantes, France", "Cantine", "20 rue de la Paix", "44000", "Nantes"),
        ("20 rue de la Paix, 44000 Nantes", "", "20 rue de la Paix", "44000", "Nantes"),
        ("44000 Nantes", "", "", "44000", "Nantes"),
        ("Cantine 44000 Nantes", "Cantine", "", "44000", "Nantes"),
        ("Salle 12, F-75011 Paris", "Salle 12", "", "75011", "Paris"),
        ("Mairie, 3 rue Haute, 44300 Nantes, France, 44300 Nantes",
         "Mairie", "3 rue Haute, 44300 Nantes, France", "44300", "Nantes"),
        ("Cantine, Nantes, France", "Cantine", "", "", "Nantes"),
        ("Gare, 1003 Lausanne, Suisse", "Gare", "", "1003", "Lausanne"),
        ("Trois Baudets, 64 boulevard de Clichy, Paris", "Trois Baudets", "64 boulevard de Clichy", "", "Paris"),
        ("Salle des fêtes", "Salle des fêtes", "", "", ""),
        ("Salle 2026, Nantes", "Salle 2026", "Nantes", "", ""),
        ("", "", "", "", ""),
    ],
)  # fmt: skip
def test_a_place_in_a_line_is_taken_apart(line: str, name: str, address: str, postal_code: str, city: str) -> None:
    place = place_in_a_line(line)
    assert (place.name, place.address, place.postal_code, place.city) == (name, address, postal_code, city)


def test_a_place_without_a_town_is_in_the_one_that_is_told() -> None:
    document = "titre;date;lieu;latitude;longitude\nConcert;03/10/2026;Salle des fêtes;47,2;-1,5".encode()
    (event,) = read(document, Unsaid(place=place_in_a_line("44000 Nantes")))
    assert isinstance(event, ImportedEvent)
    assert event.details.venue == Venue(
        city="Nantes", name="Salle des fêtes", postal_code="44000", latitude=47.2, longitude=-1.5
    )
    assert event.details.territory == "FR-44"


@given(st.text(max_size=200))
def test_no_table_is_too_odd_to_be_told_about(odd: str) -> None:
    document = f"titre;date;ville\nConcert;03/10/2026;Nantes\n{odd}".encode("utf-8", "replace")
    try:
        found = read(document)
    except UnreadableAgenda:
        return
    assert isinstance(found[0], ImportedEvent)
