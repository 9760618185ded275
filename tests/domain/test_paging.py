"""A page is changed without losing its places."""

from hypothesis import given
from hypothesis import strategies as st

from domain.paging import Page, Placed


@given(st.lists(st.integers()), st.booleans(), st.booleans())
def test_a_page_changed_item_by_item_keeps_its_places_and_its_ends(items: list[int], after: bool, before: bool) -> None:
    page = Page([Placed(item, (item, str(item))) for item in items], has_next=after, has_previous=before)

    changed = page.map(str)

    assert [placed.item for placed in changed.items] == [str(item) for item in items]
    assert [placed.place for placed in changed.items] == [placed.place for placed in page.items]
    assert (changed.has_next, changed.has_previous) == (after, before)
