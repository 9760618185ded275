"""Announcements as messages between processes."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.announcements import Announcement, Topic, read


@given(st.text())
def test_whatever_else_comes_along_is_left_out(message: str) -> None:
    assert read(message) == []
    known = Announcement(Topic.EVENT, UUID(int=1))
    assert read(f"NEWER {known.subject.hex}\nEVENT\nEVENT 1 2 3\nEVENT {known.subject.hex}") == [known]
