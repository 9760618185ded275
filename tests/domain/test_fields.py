"""Bounds of texts, numbers and lists."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import fields
from domain.fields import OutOfRange, Repeated, Required, TooLong, TooMany, TooShort
from domain.refusals import Refusal, RefusalCode
from tests.samples import refused


def one(refusals: Iterable[Refusal]) -> Refusal:
    (only,) = refusals
    return only


@pytest.mark.parametrize(
    ("value", "refusal"),
    [
        (None, Required),
        ("", Required),
        (" \n\t\u00a0", Required),
        ("ab", TooShort),
        ("  ab  ", TooShort),
        ("abc", None),
        ("é" * 10, None),
        ("  " + "a" * 10 + "  ", None),
        ("a" * 11, TooLong),
    ],
)
def test_a_text_is_as_long_as_what_is_left_without_spaces_around(
    value: str | None, refusal: type[Refusal] | None
) -> None:
    expected = [] if refusal is None else [(refusal, ("a", "b"))]

    assert refused(fields.text(value, "a", "b", minimum=3, maximum=10)) == expected


@given(st.none() | st.text(max_size=30), st.integers(0, 10), st.integers(10, 20))
def test_a_text_is_refused_for_one_reason_at_most(value: str | None, minimum: int, maximum: int) -> None:
    found = refused(fields.text(value, "a", minimum=minimum, maximum=maximum))

    assert len(found) <= 1
    assert (not found) == (minimum <= len((value or "").strip()) <= maximum)


def test_where_no_text_is_needed_none_is_fine() -> None:
    assert refused(fields.text(None, "a", maximum=10)) == refused(fields.text("", "a", maximum=10)) == []


@pytest.mark.parametrize("value", [0, 6, -1, 0.999, 5.001, float("nan"), float("inf"), float("-inf")])
def test_a_number_outside_the_bounds_is_refused_and_the_bounds_are_told(value: float) -> None:
    refusal = one(fields.number(value, "stars", minimum=1, maximum=5))

    assert (type(refusal), refusal.path) == (OutOfRange, ("stars",))
    assert refusal.parameters == {"minimum": 1, "maximum": 5}


@pytest.mark.parametrize("value", [None, 1, 5, 1.0, 4.99])
def test_a_number_within_the_bounds_or_none_is_fine(value: float | None) -> None:
    assert refused(fields.number(value, "stars", minimum=1, maximum=5)) == []


@pytest.mark.parametrize(
    ("values", "refusal"),
    [((), Required), (("a",), None), (("a", "b"), None), (("a", "a"), Repeated), (("a", "b", "c"), TooMany)],
)
def test_a_list_is_neither_too_short_nor_too_long_nor_says_anything_twice(
    values: tuple[str, ...], refusal: type[Refusal] | None
) -> None:
    expected = [] if refusal is None else [(refusal, ("themes",))]

    assert refused(fields.items(values, "themes", minimum=1, maximum=2)) == expected


def test_a_refusal_seen_from_an_outer_input_keeps_its_path_and_parameters() -> None:
    refusal = one(fields.text("ab", "name", minimum=3, maximum=10)).within("organization")

    assert (type(refusal), refusal.path, refusal.parameters) == (TooShort, ("organization", "name"), {"minimum": 3})
    assert (refusal.code, refusal.sentence) == (RefusalCode.TOO_SHORT, "refusal-too-short")
