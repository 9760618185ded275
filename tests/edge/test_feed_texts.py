"""What people write comes out of a calendar as it went in, whatever it is."""

from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from domain.words import Locale
from influents.feeds.calendars import Entry, calendar
from influents.feeds.listing import Listed
from influents.feeds.texts import clean
from tests.calendars import components, read_by_vobject
from tests.samples import event

WRITTEN = st.text(st.characters(codec="utf-8"), min_size=1, max_size=300)


def said(text: str) -> bytes:
    """A calendar of an event with that title."""
    shown = event()
    shown = replace(shown, details=replace(shown.details, title=text, description=text))
    entries = [Entry.of(Listed(shown))]
    return calendar(entries, name=text, locale=Locale.FR, address="https://influents.test")


@given(WRITTEN)
@example(r"C:\New\names; « a, b » \n \N \, \;")
@example("a\r\nb\rc\nd\x0be\u2028f\x85g")
@example("👩‍🌾" * 40)
@example("BEGIN:VEVENT\r\nEND:VCALENDAR")
def test_two_libraries_read_the_text_that_was_written_without_controls(text: str) -> None:
    written = said(text)
    (by_vobject,) = read_by_vobject(written).vevent_list
    (by_icalendar,) = components(written, "VEVENT")
    for read in (by_vobject.summary.value, str(by_icalendar["SUMMARY"]), str(by_icalendar["DESCRIPTION"])):
        assert read == clean(text)


PLAIN = said("Barcamp").split(b"\r\n")


@given(WRITTEN)
def test_no_text_begins_a_line_of_its_own(text: str) -> None:
    lines = said(text).split(b"\r\n")
    begun = [line for line in lines if line.startswith((b"BEGIN:", b"END:"))]
    assert begun == [line for line in PLAIN if line.startswith((b"BEGIN:", b"END:"))]
    assert all(len(line) <= 75 for line in lines)
    assert not any(ord(each) < 32 and each != "\t" for line in lines for each in line.decode())
