"""A list that is all there is shown page by page, either way, and none of it twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.paging import BadPlace, Place, Placed, Window, part

SHAPE = (int,)


def placed(many: int) -> list[Placed[str]]:
    return [Placed(str(number), (number,)) for number in range(many)]


@given(st.integers(0, 12), st.integers(1, 5), st.booleans())
def test_page_by_page_all_of_a_list_is_seen_once_and_in_its_order(many: int, limit: int, backward: bool) -> None:
    whole, seen, place = placed(many), list[Placed[str]](), None
    for _ in range(many + 1):
        window = Window(limit, before=place, backward=True) if backward else Window(limit, after=place)
        page = part(whole, window, shape=SHAPE)
        assert (page.has_previous if not backward else page.has_next) == (place is not None)
        seen = [*page.items, *seen] if backward else [*seen, *page.items]
        if not (page.has_previous if backward else page.has_next):
            break
        place = page.items[0 if backward else -1].place

    assert seen == whole


@pytest.mark.parametrize("place", [(), ("1",), (1.0,), (1, 2)])
@pytest.mark.parametrize("end", ["after", "before"])
def test_a_place_of_another_list_is_refused(end: str, place: Place) -> None:
    with pytest.raises(BadPlace):
        part(placed(3), Window(2, **{end: place}), shape=SHAPE)  # type: ignore[arg-type]  # one of its ends
