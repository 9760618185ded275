"""What counts as the same answer, when servers stand side by side."""

from typing import Any

import pytest

from benchmarks.side_by_side.agreeing import Different, difference, plain, read

OURS = {
    "citizen": {
        "handle": "nath",
        "influence": {"level": 3, "rank": {"label": "Engagé"}},
        "participations": {
            "edges": [
                {
                    "cursor": "a",
                    "node": {"id": "event_" + "0" * 31 + "1", "startsAt": "2026-05-01T10:00:00.445037+02:00"},
                }
            ],
            "pageInfo": {"hasNextPage": True, "endCursor": "a"},
        },
    }
}
THEIRS = {
    "citizen": {
        "handle": "nath",
        "level": 3,
        "rank": "Engagé",
        "participations": {
            "edges": [
                {
                    "cursor": "b",
                    "node": {"id": "00000000-0000-0000-0000-000000000001", "startsAt": "2026-05-01T08:00:00.445Z"},
                }
            ],
            "pageInfo": {"hasNextPage": True, "endCursor": "b"},
        },
    }
}


def test_what_is_packed_and_named_in_another_way_is_the_same() -> None:
    assert difference(plain(OURS), plain(THEIRS)) is None


@pytest.mark.parametrize(
    ("right", "other", "told"),
    [
        ({"a": 1}, {"a": 2}, "data.a is 2 instead of 1"),
        ({"a": 1}, {"a": True}, "data.a is True instead of 1"),
        ({"a": [1]}, {"a": [1, 2]}, "data.a has 2 items instead of 1"),
        ({"a": [{"b": None}]}, {"a": [{"b": ""}]}, "data.a[0].b is '' instead of None"),
        ({"a": 1}, {}, "data has [] instead of ['a']"),
        ({"a": 3.5}, {"a": 3.52}, "data.a is 3.52 instead of 3.5"),
    ],
)
def test_the_first_difference_is_told(right: Any, other: Any, told: str) -> None:
    assert difference(right, other) == told


def test_errors_are_no_answer() -> None:
    with pytest.raises(Different, match=r"yoga-jit answers errors: .*no such field"):
        read(b'{"data": null, "errors": [{"message": "no such field"}]}', "yoga-jit")
