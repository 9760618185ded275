"""What a profile may hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.citizens import ProfileLink
from domain.fields import Repeated, Required, TooLong, TooMany
from domain.profiles import AddressNotSecure, ProfileChanges, check_profile, folded, one_line
from domain.refusals import Refusal

LINK = ProfileLink("Carnet", "https://example.org/carnet")


def links(number: int) -> list[ProfileLink]:
    return [ProfileLink(f"Lien {n}", f"https://example.org/{n}") for n in range(number)]


@pytest.mark.parametrize(
    ("changes", "refusal", "path"),
    [
        (ProfileChanges(full_name="n" * 121), TooLong, ("fullName",)),
        (ProfileChanges(bio="b" * 2_001), TooLong, ("bio",)),
        (ProfileChanges(avatar_url="http://example.org/moi.png"), AddressNotSecure, ("avatarUrl",)),
        (ProfileChanges(links=links(6)), TooMany, ("links",)),
        (ProfileChanges(links=[LINK, LINK]), Repeated, ("links",)),
        (ProfileChanges(links=[ProfileLink(" ", LINK.url)]), Required, ("links", "0", "label")),
        (ProfileChanges(links=[*links(1), ProfileLink("l" * 61, LINK.url)]), TooLong, ("links", "1", "label")),
        (ProfileChanges(talents=[str(n) for n in range(11)]), TooMany, ("talents",)),
        (ProfileChanges(talents=["Comptabilité", "comptabilite"]), Repeated, ("talents",)),
        (ProfileChanges(talents=["droit", ""]), Required, ("talents", "1")),
        (ProfileChanges(talents=["t" * 61]), TooLong, ("talents", "0")),
    ],
)
def test_what_is_out_of_bounds_is_refused_at_its_field(
    changes: ProfileChanges, refusal: type[Refusal], path: tuple[str, ...]
) -> None:
    assert [(type(each), each.path) for each in check_profile(changes)] == [(refusal, path)]


def test_what_is_within_bounds_or_left_out_or_cleared_is_fine() -> None:
    full = ProfileChanges(
        full_name="n" * 120,
        bio="b" * 2_000,
        avatar_url="https://example.org/moi.png",
        links=links(5),
        talents=[f"{n}" * 60 for n in range(10)],
    )
    cleared = ProfileChanges(full_name=None, bio=None, avatar_url=None, territory=None, links=[], talents=[])

    for changes in (full, cleared, ProfileChanges()):
        assert list(check_profile(changes)) == []


@given(st.text(max_size=40))
def test_folding_is_done_once_and_ignores_case_and_spaces(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert folded(f"  {text}  ") == folded(text)
    assert folded(one_line(text)) == folded(text)


def test_accents_and_ligatures_are_ignored() -> None:
    assert folded("  Œuvres   Sociales, à Noël ") == "oeuvres sociales, a noel"
