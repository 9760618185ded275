"""Time zones in calendars say what the database of time zones says, wherever and whenever."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influents.feeds.time_zones import time_zone
from tests.calendars import read_by_vobject

ZONES = (
    "Europe/Paris",
    "Europe/Zurich",
    "America/Toronto",
    "America/Martinique",
    "America/Cayenne",
    "America/Miquelon",
    "Indian/Reunion",
    "Indian/Mayotte",
    "Pacific/Noumea",
    "Pacific/Tahiti",
    "Pacific/Wallis",
    "Africa/Casablanca",
    "Europe/Dublin",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/Caracas",
)
HOUR = timedelta(hours=1)
FIRST, LAST = datetime(1990, 1, 1), datetime(2037, 12, 31)  # noqa: DTZ001 - hypothesis adds the zone


def offset_read(written: icalendar.Timezone, zone: str, local: datetime) -> timedelta:
    """What a reader that knows nothing but the calendar takes the clocks to be ahead by."""
    calendar, event = icalendar.Calendar(), icalendar.Event()
    event.add("DTSTART", local, parameters={"TZID": zone})
    calendar.add_component(written)
    calendar.add_component(event)
    offset: timedelta = read_by_vobject(calendar.to_ical()).vevent.dtstart.value.utcoffset()
    return offset


def observances(zone: str) -> list[Any]:  # Any: properties are of many types, by their names
    return list(time_zone(zone, 2026, 2027).subcomponents)


@given(
    zone=st.sampled_from(ZONES),
    moment=st.datetimes(FIRST, LAST, timezones=st.just(UTC)),
    years=st.integers(0, 3),
)
def test_a_reader_that_knows_no_zones_tells_the_same_offset(zone: str, moment: datetime, years: int) -> None:
    local = moment.replace(second=0, microsecond=0).astimezone(ZoneInfo(zone))
    before, after = ((local + by).replace(tzinfo=None) for by in (-3 * HOUR, 3 * HOUR))
    around = {ZoneInfo(zone).utcoffset(each) for each in (before, after)}
    if len(around) > 1:
        return  # around a change readers differ on the hours that come twice: `test_event_calendars` looks there
    written = time_zone(zone, local.year - years, local.year + years)
    assert offset_read(written, zone, local.replace(tzinfo=None)) == local.utcoffset()


@pytest.mark.parametrize("zone", ["Indian/Reunion", "America/Martinique", "Pacific/Noumea"])
def test_a_zone_without_changes_is_one_offset(zone: str) -> None:
    (only,) = observances(zone)
    assert only.name == "STANDARD"
    assert "RRULE" not in only
    assert only["TZOFFSETTO"].td == datetime(2026, 1, 1, tzinfo=ZoneInfo(zone)).utcoffset()


def test_changes_that_follow_no_rule_are_written_one_by_one() -> None:
    kinds = observances("Africa/Casablanca")
    assert all("RRULE" not in each and "RDATE" not in each for each in kinds)
    assert [each["DTSTART"].dt.year for each in kinds] == [2025, 2026, 2027, 2028] * 2
