"""Announcements as messages between processes."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.announcements import LONGEST, Announcement, Topic, read, written

ANNOUNCEMENTS = st.builds(Announcement, st.sampled_from(Topic), st.uuids(), st.none() | st.uuids())


@given(st.lists(ANNOUNCEMENTS, max_size=400))
def test_what_is_written_is_read_again_once_and_in_order(announcements: list[Announcement]) -> None:
    messages = list(written(announcements))

    assert [each for message in messages for each in read(message)] == list(dict.fromkeys(announcements))
    assert all(len(message.encode()) <= LONGEST for message in messages)


@given(st.text())
def test_whatever_else_comes_along_is_left_out(message: str) -> None:
    assert read(message) == []
    known = Announcement(Topic.EVENT, UUID(int=1))
    assert read(f"NEWER {known.subject.hex}\nEVENT\nEVENT 1 2 3\n{next(written([known]))}") == [known]
