import time
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain import fields
from domain.accounts import (
    MAXIMUM_PASSWORD,
    RESERVED_HANDLES,
    CharterNotAccepted,
    HandleReserved,
    InvalidEmail,
    InvalidHandle,
    PasswordTooObvious,
    ProfileVisibility,
    SignUp,
    TooYoungToBeFound,
    TooYoungToBePublic,
    TooYoungToSignUp,
    check_email,
    check_handle,
    check_password,
    check_sign_up,
    kept_password,
    normalized_email,
)
from domain.refusals import Refusal, RefusalCode

NATH = SignUp(
    email="nath@example.org",
    password="un cheval sur le toit",
    handle="nath-berto",
    full_name="Nathan Berto",
    charter_version="2026-1",
    at_least_fifteen=True,
    at_least_eighteen=True,
)


def refused(refusals: Iterable[Refusal]) -> list[tuple[type[Refusal], tuple[str, ...]]]:
    return [(type(refusal), refusal.path) for refusal in refusals]


def test_an_adult_who_accepts_the_charter_signs_up() -> None:
    assert refused(check_sign_up(NATH, charter_version="2026-1")) == []


def test_everything_wrong_is_said_at_once_each_at_its_field() -> None:
    nobody = SignUp(
        email="nath",
        password="court",
        handle="Nath!",
        full_name="N" * 121,
        visibility=ProfileVisibility.PUBLIC,
        discoverable=True,
        charter_version="2025-1",
        at_least_fifteen=False,
    )

    assert refused(check_sign_up(nobody, charter_version="2026-1")) == [
        (InvalidEmail, ("email",)),
        (fields.TooShort, ("password",)),
        (InvalidHandle, ("handle",)),
        (fields.TooLong, ("fullName",)),
        (TooYoungToSignUp, ("atLeastFifteen",)),
        (TooYoungToBePublic, ("visibility",)),
        (TooYoungToBeFound, ("discoverable",)),
        (CharterNotAccepted, ("charterVersion",)),
    ]


def test_under_fifteen_nobody_signs_up() -> None:
    (refusal,) = check_sign_up(replace(NATH, at_least_fifteen=False), charter_version="2026-1")

    assert (refusal.code, refusal.path) == (RefusalCode.TOO_YOUNG, ("atLeastFifteen",))


@given(st.sampled_from(ProfileVisibility), st.booleans())
def test_who_does_not_say_they_are_18_is_never_public_nor_discoverable(
    visibility: ProfileVisibility, discoverable: bool
) -> None:
    minor = replace(NATH, at_least_eighteen=False, visibility=visibility, discoverable=discoverable)
    refusals = list(check_sign_up(minor, charter_version="2026-1"))

    expected = [("visibility",)] * (visibility is ProfileVisibility.PUBLIC) + [("discoverable",)] * discoverable
    assert [refusal.path for refusal in refusals] == expected
    assert {refusal.code for refusal in refusals} <= {RefusalCode.TOO_YOUNG}


@given(st.sampled_from(ProfileVisibility), st.booleans())
def test_an_adult_shows_what_they_choose(visibility: ProfileVisibility, discoverable: bool) -> None:
    adult = replace(NATH, visibility=visibility, discoverable=discoverable)

    assert refused(check_sign_up(adult, charter_version="2026-1")) == []


def test_an_old_charter_is_refused_and_the_one_in_force_is_named() -> None:
    (refusal,) = check_sign_up(NATH, charter_version="2026-2")

    assert refusal.code is RefusalCode.CHARTER_NOT_ACCEPTED
    assert refusal.parameters == {"version": "2026-2"}


def test_a_sign_up_tells_neither_password_nor_person_in_its_repr() -> None:
    for told in (NATH.password, NATH.email, "Nathan Berto"):
        assert told not in repr(NATH)


@pytest.mark.parametrize(
    ("email", "expected"),
    [
        ("a@b", None),
        ("n" * 242 + "@example.org", None),
        ("n" * 243 + "@example.org", fields.TooLong),
        ("  ", fields.Required),
        ("nath", InvalidEmail),
        ("@example.org", InvalidEmail),
        ("nath@", InvalidEmail),
        ("nath@home@example.org", InvalidEmail),
        ("nath berto@example.org", InvalidEmail),
        ("nath@example.org\nBcc: all@example.org", InvalidEmail),
    ],
)
def test_an_address_is_somebody_at_some_place_in_254_characters(email: str, expected: type[Refusal] | None) -> None:
    assert refused(check_email(email)) == ([(expected, ("email",))] if expected else [])


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("", fields.TooShort),
        ("abcdefghijk", fields.TooShort),
        ("abcdefghijkl", None),
        ("un cheval sur le toit", None),
        ("é" * 6 + "cheval", None),
        ("e\u0301" * 6, fields.TooShort),
        ("ab" * 128, None),
        ("ab" * 128 + "c", fields.TooLong),
        ("aaaaaaaaaaaa", PasswordTooObvious),
        ("e\u0301" * 12, PasswordTooObvious),
        ("Nath@Example.org", PasswordTooObvious),
        ("nathan-berto", PasswordTooObvious),
    ],
)
def test_a_password_has_12_to_256_characters_and_is_not_obvious(password: str, expected: type[Refusal] | None) -> None:
    found = check_password(password, "password", unlike=("nath@example.org", "nathan-berto"))

    assert refused(found) == ([(expected, ("password",))] if expected else [])


def test_the_path_of_a_password_is_its_callers() -> None:
    assert refused(check_password("court", "new", "password")) == [(fields.TooShort, ("new", "password"))]


@given(st.text(max_size=MAXIMUM_PASSWORD))
@example("\U0001f436" * MAXIMUM_PASSWORD)
def test_a_password_that_is_taken_is_at_most_1024_bytes(password: str) -> None:
    if not list(check_password(password, "password")):
        assert len(password.encode("utf-8", "surrogatepass")) <= 1024


def test_a_password_is_the_same_however_its_accents_were_typed() -> None:
    assert kept_password("e\u0301te\u0301 a\u0300 la plage") == kept_password("été à la plage")


@pytest.mark.parametrize("handle", ["abc", "nath-berto", "nath_berto_44", "a1b", "a" * 30])
def test_handles_are_letters_digits_and_single_separators(handle: str) -> None:
    assert refused(check_handle(handle)) == []


@pytest.mark.parametrize(
    ("handle", "expected"),
    [
        ("", fields.TooShort),
        ("ab", fields.TooShort),
        ("a" * 31, fields.TooLong),
        ("1nath", InvalidHandle),
        ("-nath", InvalidHandle),
        ("nath-", InvalidHandle),
        ("nath--berto", InvalidHandle),
        ("nath-_berto", InvalidHandle),
        ("Nath", InvalidHandle),
        ("nathé", InvalidHandle),
        ("nath berto", InvalidHandle),
        ("nath\n", InvalidHandle),
        ("n\u0430th", InvalidHandle),
        ("nath٣", InvalidHandle),
        ("admin", HandleReserved),
        ("influents", HandleReserved),
        ("influ-ents", HandleReserved),
        ("graph_ql", HandleReserved),
        ("m-e", HandleReserved),
    ],
)
def test_other_handles_are_refused(handle: str, expected: type[Refusal]) -> None:
    assert refused(check_handle(handle)) == [(expected, ("handle",))]


@given(st.sampled_from(sorted(RESERVED_HANDLES)), st.data())
def test_no_reserved_word_is_a_handle_however_it_is_cut(word: str, data: st.DataObject) -> None:
    cut = data.draw(st.integers(1, len(word) - 1))
    separator = data.draw(st.sampled_from(["", "-", "_"]))

    assert list(check_handle(word[:cut] + separator + word[cut:]))


@given(st.text())
@example("nath\u0000")
def test_a_handle_that_is_taken_reads_the_same_everywhere(handle: str) -> None:
    if not list(check_handle(handle)):
        assert handle.isascii()
        assert handle == handle.lower()
        assert handle.replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (" Nath@Example.ORG ", "nath@example.org"),
        ("ｎath@example.org", "nath@example.org"),
        ("nath@Bücher.example", "nath@xn--bcher-kva.example"),
        ("nath@xn--bcher-kva.example", "nath@xn--bcher-kva.example"),
        ("he\u0301le\u0300ne@example.org", "hélène@example.org"),
        ("n.a.t.h+lists@example.org", "n.a.t.h+lists@example.org"),
    ],
)
def test_one_mailbox_is_one_address_however_it_is_written(written: str, kept: str) -> None:
    assert normalized_email(written) == kept


def test_two_domains_stay_two_even_where_they_look_alike() -> None:
    assert normalized_email("nath@straße.example") != normalized_email("nath@strasse.example")


@given(st.text())
@example("\ufeff@İ.Σ")
@example("a@ \u00a0ß.ss ")
def test_normalizing_an_address_again_changes_nothing(email: str) -> None:
    once = normalized_email(email)

    assert len(once) > 254 or normalized_email(once) == once


@given(st.emails())
def test_capitals_and_spaces_around_never_make_another_address(email: str) -> None:
    assert normalized_email(f"  {email.upper()} ") == normalized_email(email)


def test_text_made_to_be_slow_to_normalize_is_not_normalized() -> None:
    slow = "a" + "\u0316\u0301" * 60_000
    began = time.perf_counter()
    assert normalized_email(slow) == slow
    assert refused(check_password(slow, "password")) == [(fields.TooLong, ("password",))]
    assert time.perf_counter() - began < 1  # normalized, it would take about 20 seconds
