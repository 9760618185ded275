"""What is to be done about a request whose key is known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domain.repeats import KEPT, TURN, Repeat, Standing, standing

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
BEGUN = Repeat(request=b"a", turn=UUID(int=1), turn_ends=NOW + TURN, expires_at=NOW + KEPT)
ENDED = replace(BEGUN, turn_ends=NOW)


@pytest.mark.parametrize(
    ("repeat", "after", "expected"),
    [
        (BEGUN, timedelta(0), Standing.WAIT),
        (BEGUN, TURN, Standing.BEGIN),
        (replace(BEGUN, done=True), timedelta(0), Standing.WAIT),
        (replace(BEGUN, done=True), TURN, Standing.DONE),
        (replace(ENDED, done=True), timedelta(0), Standing.DONE),
        (replace(ENDED, answer=b"yes"), timedelta(0), Standing.ANSWERED),
        (replace(ENDED, answer=b"yes", done=True), TURN, Standing.ANSWERED),
        (replace(ENDED, answer=b"yes", done=True), KEPT, Standing.BEGIN),
        (replace(ENDED, done=True), KEPT, Standing.BEGIN),
    ],
)
def test_the_same_request_again(repeat: Repeat, after: timedelta, expected: Standing) -> None:
    assert standing(repeat, request=b"a", now=NOW + after) is expected


@pytest.mark.parametrize("repeat", [BEGUN, replace(ENDED, done=True), replace(ENDED, answer=b"yes")])
def test_another_request_is_never_answered_nor_begun_while_the_key_is_kept(repeat: Repeat) -> None:
    assert standing(repeat, request=b"b", now=NOW) is Standing.ANOTHER
    assert standing(repeat, request=b"b", now=NOW + KEPT) is Standing.BEGIN


def test_a_turn_that_came_to_nothing_leaves_its_key_to_anything() -> None:
    assert standing(BEGUN, request=b"b", now=NOW + TURN) is Standing.BEGIN
