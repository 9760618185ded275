from datetime import UTC, datetime

from domain.imports import ImportedEvent, RejectedRecord
from influents.agendas.openagenda import events_of

CONCERT = {
    "uid": "1",
    "title": "Concert",
    "city": "Nantes",
    "timetable": "2015-02-25T14:30:00 2015-02-25T17:30:00",
}


def taken(record: object) -> list[ImportedEvent]:
    return [each for each in events_of(record) if isinstance(each, ImportedEvent)]


def reasons(record: object) -> list[str]:
    return [each.reason for each in events_of(record) if isinstance(each, RejectedRecord)]


def hours(*timings: str, **changes: object) -> list[tuple[str, str]]:
    """Begin and end in UTC of a record with these timings, written `begin end`."""
    events = taken(CONCERT | {"timetable": ";".join(timings)} | changes)
    return [(f"{each.details.starts_at:%d %H:%M}", f"{each.details.ends_at:%d %H:%M}") for each in events]


def test_a_time_without_a_zone_is_that_of_paris_in_winter_and_in_summer() -> None:
    assert hours("2015-01-10T20:00 2015-01-10T22:00") == [("10 19:00", "10 21:00")]
    assert hours("2015-07-10T20:00 2015-07-10T22:00") == [("10 18:00", "10 20:00")]
    assert hours("2015-07-10T20:00 2015-07-10T22:00", timezone="America/Toronto") == [("11 00:00", "11 02:00")]


def test_an_hour_that_comes_twice_is_the_first_and_one_that_never_comes_is_read_on_the_clock_before() -> None:
    assert hours("2025-10-26T02:30 2025-10-26T04:00") == [("26 00:30", "26 03:00")]
    assert hours("2025-03-30T02:30 2025-03-30T04:00") == [("30 01:30", "30 02:00")]


def test_an_end_before_the_start_is_the_next_day() -> None:
    assert hours("2012-06-02T23:00 2012-06-02T04:30") == [("02 21:00", "03 02:30")]
    assert hours("2012-04-11T19:00 2012-04-11T00:00") == [("11 17:00", "11 22:00")]
    # The night in which the clock is put forward lasts an hour less.
    assert hours("2025-03-29T22:00 2025-03-29T05:00") == [("29 21:00", "30 03:00")]


def test_an_end_days_before_the_start_is_no_date() -> None:
    assert reasons(CONCERT | {"timetable": "2012-06-12T23:00 2012-06-02T04:30"}) == ["ends-before-start"]


def test_the_second_of_two_hours_with_one_name_is_not_taken_for_the_day_after() -> None:
    timings = [{"begin": "2025-10-26T02:45:00+02:00", "end": "2025-10-26T02:15:00+01:00"}]
    (event,) = taken(CONCERT | {"timings": timings})
    assert (event.details.ends_at - event.details.starts_at).total_seconds() == 30 * 60


def test_days_without_a_time_last_from_midnight_to_midnight_and_count_an_hour() -> None:
    (event,) = taken(
        {"uid": "1", "title": "Concert", "city": "Nantes", "date_start": "2014-10-25", "date_end": "2014-10-26"}
    )
    fair = event.details
    assert event.external_id == "1@2014-10-25"
    assert fair.starts_at == datetime(2014, 10, 24, 22, tzinfo=UTC)
    assert fair.ends_at == datetime(2014, 10, 26, 23, tzinfo=UTC)
    assert fair.effort_minutes == 60
    assert [each.details.effort_minutes for each in taken(CONCERT)] == [None]


def test_first_and_last_date_are_two_events_where_both_are_known() -> None:
    record = {"uid": "1", "title": "Concert", "city": "Nantes", "firstdate_begin": "2023-05-01T18:00:00+00:00"}
    record |= {"firstdate_end": "2023-05-01T20:00:00+00:00", "lastdate_end": "2023-05-03T20:00:00+00:00"}
    assert [each.external_id for each in taken(record)] == ["1@2023-05-01T18:00:00Z"]
    record |= {"lastdate_begin": "2023-05-03T18:00:00+00:00"}
    assert [each.external_id for each in taken(record)] == ["1@2023-05-01T18:00:00Z", "1@2023-05-03T18:00:00Z"]


def test_a_date_keeps_its_identity_when_others_are_added_and_in_every_notation() -> None:
    one = taken(CONCERT)
    more = taken(CONCERT | {"timetable": f"2015-01-01T10:00 2015-01-01T11:00;{CONCERT['timetable']}"})
    other = CONCERT | {"timings": [{"begin": "2015-02-25T13:30:00Z", "end": "2015-02-25T16:30:00.000Z"}]}
    assert one == more[1:] == taken(other) == taken(CONCERT)


def test_a_date_that_stands_there_twice_is_one_event() -> None:
    twice = f"{CONCERT['timetable']};{CONCERT['timetable']}"
    assert taken(CONCERT | {"timetable": twice}) == taken(CONCERT)
    assert reasons(CONCERT | {"timetable": twice}) == []
    assert reasons(CONCERT | {"timetable": f"{CONCERT['timetable']};2015-02-25T14:30 2015-02-25T18:00"}) == [
        "repeated-date"
    ]


def test_as_many_dates_as_openagenda_allows_are_taken_and_no_more() -> None:
    def of(number: int) -> dict[str, object]:
        day = "2015-02-25T{0:02}:{1:02}:{2:02}"
        begins = [day.format(n // 3600 % 20, n // 60 % 60, n % 60) for n in range(number)]
        return CONCERT | {"timings": [{"begin": begin, "end": "2015-02-25T23:00:00"} for begin in begins]}

    assert len(taken(of(800))) == 800
    assert events_of(of(10_000)) == [RejectedRecord("1 « Concert »", "too-many-dates", "10000")]
