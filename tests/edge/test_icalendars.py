"""Calendars of others, as iCalendar."""

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
from influents.agendas.recurrences import MOST
from influents.agendas.rows import Unsaid

SAMPLE = Path(__file__).with_name("agenda_samples") / "association.ics"
NOW = datetime(2026, 9, 1, tzinfo=UTC)
IN_NANTES = Unsaid()


def read(document: bytes, unsaid: Unsaid = IN_NANTES) -> list[ImportedEvent | RejectedRecord]:
    file = BytesIO(document)
    return list(rows(file, recognised(file), unsaid, NOW))


def calendar(*lines: str, before: str = "", uid: str = "a", end: str = "\r\n") -> bytes:
    event = ["BEGIN:VEVENT", f"UID:{uid}", "SUMMARY:Concert", "LOCATION:44000 Nantes", *lines, "END:VEVENT"]
    return end.join(["BEGIN:VCALENDAR", *filter(None, [before]), *event, "END:VCALENDAR", ""]).encode()


def only(document: bytes) -> ImportedEvent:
    (event,) = read(document)
    assert isinstance(event, ImportedEvent), event
    return event


def dates(*lines: str, before: str = "") -> dict[str, str]:
    """The dates of a series by what they are known by, as its place's clocks show them."""
    found = read(calendar(*lines, before=before))
    assert all(isinstance(each, ImportedEvent) for each in found), found
    return {
        each.external_id: f"{each.details.starts_at:%m-%d %H:%M}" for each in found if isinstance(each, ImportedEvent)
    }


def reasons(document: bytes) -> list[tuple[str, str]]:
    return [(each.reason, each.detail) for each in read(document) if isinstance(each, RejectedRecord)]


def test_an_event_is_read_with_all_that_calendars_tell() -> None:
    concert = next(each for each in read(SAMPLE.read_bytes()) if isinstance(each, ImportedEvent))
    details = concert.details
    assert (concert.external_id, details.title) == ("concert@example.org", "Concert au bord de l’Erdre, gratuit")
    assert details.description == "Une soirée de musique\nOn apporte de quoi manger; les verres sont là."
    assert (details.starts_at, details.ends_at) == (
        datetime(2026, 10, 3, 18, tzinfo=UTC),
        datetime(2026, 10, 3, 20, 30, tzinfo=UTC),
    )
    assert details.venue == Venue(
        city="Nantes", name="Salle des fêtes", address="3 rue des Essais", postal_code="44300",
        latitude=47.25, longitude=-1.52,
    )  # fmt: skip
    assert (details.themes, concert.themes_by) == ((ThemeCode.CULTURE,), ("concert*", "musique*"))
    assert details.how_to_take_part == "Prix libre"
    assert (details.website_url, details.image_url) == (
        "https://example.org/concert",
        "https://images.example.org/concert.jpg",
    )


def test_a_series_is_one_event_a_date_known_by_when_it_would_have_been() -> None:
    workshop = [
        (each.external_id, f"{each.details.starts_at:%d %H:%M}", each.cancelled)
        for each in read(SAMPLE.read_bytes())
        if isinstance(each, ImportedEvent) and each.external_id.startswith("atelier")
    ]
    assert workshop == [
        ("atelier@example.org@2026-10-05T16:00:00Z", "05 16:00", False),
        ("atelier@example.org@2026-10-19T16:00:00Z", "20 17:30", False),  # moved: it stays the same event
        ("atelier@example.org@2026-10-26T17:00:00Z", "26 17:00", True),
        ("atelier@example.org@2026-11-02T17:00:00Z", "02 17:00", False),  # winter time
        ("atelier@example.org@2026-11-10T18:00:00Z", "10 18:00", False),  # RDATE
    ]


def test_every_calendar_of_a_file_is_read_and_a_bad_event_harms_no_other() -> None:
    found = read(SAMPLE.read_bytes())
    assert [(each.record, each.reason) for each in found if isinstance(each, RejectedRecord)] == [
        ("mars@example.org « Concert sur Mars »", "unknown-time-zone"),
        ("nulle-part@example.org « Concert nulle part »", "no-city"),
    ]
    called_off = next(each for each in found if isinstance(each, ImportedEvent) and "annule@" in each.external_id)
    assert called_off.cancelled
    assert called_off.details.ends_at - called_off.details.starts_at == timedelta(hours=1)  # it says no end


@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_lines_end_in_either_way_and_a_mark_may_come_first(end: str, mark: bytes) -> None:
    document = calendar("DTSTART:20261003T200000", end=end)
    assert only(mark + document).details.starts_at == datetime(2026, 10, 3, 18, tzinfo=UTC)


def test_a_line_may_be_folded_within_a_letter() -> None:
    document = calendar("DTSTART:20261003T200000", "COMMENT:Un d\u00eener").replace(b"\xc3\xaa", b"\xc3\r\n \xaa")
    assert only(document).details.how_to_take_part == "Un dîner"


def test_what_is_no_utf_8_is_read_as_windows_wrote_it() -> None:
    document = calendar("DTSTART:20261003T200000", "COMMENT:Un d\u00eener").replace(b"\xc3\xaa", b"\xea")
    assert only(document).details.how_to_take_part == "Un dîner"


@pytest.mark.parametrize(
    ("start", "before", "instant", "zone"),
    [
        ("DTSTART:20261003T200000", "", "18:00", "Europe/Paris"),
        ("DTSTART:20261003T200000", "X-WR-TIMEZONE:America/Montreal", "00:00", "America/Montreal"),
        ("DTSTART:20261003T200000Z", "", "20:00", "Europe/Paris"),
        ("DTSTART;TZID=Europe/Paris:20261003T200000", "", "18:00", "Europe/Paris"),
        ('DTSTART;TZID="Europe/Paris":20261003T200000', "", "18:00", "Europe/Paris"),
        ("DTSTART;TZID=Romance Standard Time:20261003T200000", "", "18:00", "Europe/Paris"),
        ("DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Paris:20261003T200000", "", "18:00", "Europe/Paris"),
        ("DTSTART;TZID=/Europe/Paris:20261003T200000", "", "18:00", "Europe/Paris"),
    ],
)
def test_times_are_those_of_their_zone_whatever_it_is_called(start: str, before: str, instant: str, zone: str) -> None:
    details = only(calendar(start, before=before)).details
    assert (f"{details.starts_at:%H:%M}", details.time_zone) == (instant, zone)


def test_a_zone_that_the_calendar_describes_is_taken_at_its_word() -> None:
    zone = "\r\n".join(
        [
            "BEGIN:VTIMEZONE", "TZID:Le village", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0300",
            "TZOFFSETTO:+0300", "END:STANDARD", "END:VTIMEZONE",
        ]
    )  # fmt: skip
    details = only(calendar("DTSTART;TZID=Le village:20261003T200000", before=zone)).details
    assert (details.starts_at, details.time_zone) == (datetime(2026, 10, 3, 17, tzinfo=UTC), "Europe/Paris")


def test_days_last_from_midnight_to_midnight_and_count_an_hour() -> None:
    one = only(calendar("DTSTART;VALUE=DATE:20261024")).details
    two = only(calendar("DTSTART;VALUE=DATE:20261024", "DTEND;VALUE=DATE:20261026")).details
    assert (one.ends_at - one.starts_at, one.effort_minutes) == (timedelta(days=1), 60)
    assert two.ends_at - two.starts_at == timedelta(hours=49)  # the clocks are put back


def test_three_hours_are_three_hours_in_the_night_in_which_clocks_change() -> None:
    details = only(calendar("DTSTART;TZID=Europe/Paris:20261025T010000", "DURATION:PT3H")).details
    assert details.ends_at - details.starts_at == timedelta(hours=3)


@pytest.mark.parametrize(
    ("lines", "form"),
    [
        (["CONFERENCE;VALUE=URI:https://visio.example.org"], EventFormat.HYBRID),
        (["X-GOOGLE-CONFERENCE:https://visio.example.org"], EventFormat.HYBRID),
        ([], EventFormat.IN_PERSON),
    ],
)
def test_where_one_takes_part_from_afar_is_told(lines: list[str], form: EventFormat) -> None:
    assert only(calendar("DTSTART:20261003T200000", *lines)).details.format is form
    afar = calendar("DTSTART:20261003T200000", *lines).replace(b"LOCATION:44000 Nantes\r\n", b"")
    assert [each.details.format for each in read(afar) if isinstance(each, ImportedEvent)] == (
        [EventFormat.ONLINE] if lines else []
    )


def test_series_of_local_times_keep_their_hour_through_the_year() -> None:
    found = dates("DTSTART:20261012T190000", "RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE:20261019T190000")
    assert found == {
        "a@2026-10-12T17:00:00Z": "10-12 17:00",
        "a@2026-10-26T18:00:00Z": "10-26 18:00",
        "a@2026-11-02T18:00:00Z": "11-02 18:00",
    }


def test_series_of_days_are_known_by_their_day() -> None:
    assert list(dates("DTSTART;VALUE=DATE:20261012", "RRULE:FREQ=MONTHLY;COUNT=2")) == ["a@2026-10-12", "a@2026-11-12"]


def test_a_series_without_end_goes_a_year_back_and_a_year_ahead() -> None:
    found = list(dates("DTSTART:20200106T190000", "RRULE:FREQ=WEEKLY"))
    assert (found[0], found[-1], len(found)) == ("a@2025-09-01T17:00:00Z", "a@2027-08-30T17:00:00Z", 105)


def test_of_too_many_dates_the_first_are_taken_and_the_rest_is_told() -> None:
    found = read(calendar("DTSTART:20260106T190000", "DURATION:PT1H", "RRULE:FREQ=DAILY;BYHOUR=9,19"))
    assert len(found) == MOST + 1
    assert isinstance(found[-1], RejectedRecord)
    assert found[-1].reason == "too-many-dates"


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["DTSTART:20261003T200000", "RRULE:FREQ=SECONDLY"], "recurs-too-often"),
        (["DTSTART:00010101T200000", "RRULE:FREQ=HOURLY"], "recurs-too-often"),
        (["DTSTART:00010101T200000", "RRULE:FREQ=DAILY"], "recurs-too-often"),
        (["DTSTART:20261003T200000", "RRULE:FREQ=HOURLY;BYMONTHDAY=30;BYMONTH=2"], "recurs-too-often"),
        (["DTSTART:20261003T200000", "RRULE:FREQ=DAILY;INTERVAL=0"], "unreadable"),
        (["DTSTART:20261003T200000", "RRULE:FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=1,2,3,4,5"], "recurs-too-often"),
        (["DTSTART:20261003T200000", "RRULE:FREQ=NEVER"], "unreadable"),
        (["DTSTART:2026", "RRULE:FREQ=DAILY"], "unreadable-date"),
        (["DTSTART:20261003T200000", "DTEND:20261003T190000"], "ends-before-start"),
        (["DTSTART;TZID=Mars/Olympus:20261003T200000"], "unknown-time-zone"),
        (["RRULE:FREQ=DAILY"], "unreadable"),
        ([], "no-date"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_reason(lines: list[str], reason: str) -> None:
    assert [each for each, _ in reasons(calendar(*lines))] == [reason]


def test_of_a_rule_that_no_day_fits_the_first_date_stays() -> None:
    assert list(dates("DTSTART:20261003T200000", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30")) == [
        "a@2026-10-03T18:00:00Z"
    ]


def test_an_event_that_lost_its_end_is_no_part_of_the_next() -> None:
    document = calendar("DTSTART:20261003T200000").replace(b"END:VCALENDAR", b"") + calendar(
        "DTSTART:20261004T200000", uid="b"
    ).replace(b"BEGIN:VCALENDAR\r\n", b"")
    broken = document.replace(b"END:VEVENT", b"", 1)
    assert [each.external_id for each in read(broken) if isinstance(each, ImportedEvent)][-1] == "b"


def test_a_calendar_that_calls_off_calls_all_off() -> None:
    assert only(calendar("DTSTART:20261003T200000", before="METHOD:CANCEL")).cancelled


def test_a_file_that_breaks_off_says_so_after_what_is_good() -> None:
    file = BytesIO(calendar("DTSTART:20261003T200000").replace(b"END:VCALENDAR", b"BEGIN:VEVENT"))
    found = rows(file, AgendaFormat.ICALENDAR, Unsaid(), NOW)
    assert isinstance(next(found), ImportedEvent)
    with pytest.raises(UnreadableAgenda, match="breaks off before END:VCALENDAR: export it again"):
        next(found)
    with pytest.raises(UnreadableAgenda, match="No BEGIN:VCALENDAR"):
        list(rows(BytesIO(b"BEGIN:VCARD\nEND:VCARD"), AgendaFormat.ICALENDAR, Unsaid(), NOW))


LINES = st.sampled_from(
    ["DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "GEO", "CATEGORIES", "LOCATION"]
)
ODD = [
    *("20261003T200000", "20261003T200000Z", "20261003", "99991231T235959Z", "00010101T000000", "PT1H"),
    *("-P99999999D", "FREQ=DAILY", "FREQ=YEARLY;BYDAY=MO;COUNT=0", "47;-1.5", ";;;", "\\"),
]
VALUES = st.text(max_size=12) | st.sampled_from(ODD)


@given(st.lists(st.tuples(LINES, VALUES), max_size=5))
def test_no_event_is_too_odd_to_be_told_about(odd: list[tuple[str, str]]) -> None:
    lines = [f"{name}:{' '.join(value.split())}" for name, value in odd]
    found = read(calendar(*lines) + calendar("DTSTART:20261003T200000", uid="good"))
    assert found[-1] == only(calendar("DTSTART:20261003T200000", uid="good"))
