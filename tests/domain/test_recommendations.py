"""What suits whom: each ground counts, and the order is a matter of the day."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.ids import EventId
from domain.paging import Page, Window, part
from domain.recommendations import Candidate, Leanings, Recommendation, ranked, recommend
from domain.skills import Contribution
from tests.samples import POLICIES
from tests.suitable import NOW, ORGANIZERS, candidates, contributions, culture, pasts

PLACE = (int, str, str)
leanings = st.builds(
    lambda talents, done, past: Leanings.of(talents=talents, contributions=done, past=past),
    st.sampled_from([(), ("couture",), ("CONTE", "jardinage")]),
    contributions,
    pasts(),
)


def suits(candidate: Candidate, of: Leanings, *, days: int = 0) -> Recommendation:
    return recommend(candidate, of, policies=POLICIES, today=(NOW + timedelta(days=days)).date())


@given(candidates(), leanings)
def test_being_near_having_seats_and_seeking_a_talent_never_make_an_event_suit_less(
    candidate: Candidate, of: Leanings
) -> None:
    plain = replace(candidate, home=False, full=True, online=False, sought_talents=())
    offered = replace(plain, sought_talents=tuple(of.offered.values()))

    assert suits(replace(plain, home=True), of).score > suits(plain, of).score
    assert suits(replace(plain, full=False), of).score > suits(plain, of).score
    assert suits(offered, of).score - suits(plain, of).score >= 40 * bool(of.offered)


@given(candidates(), leanings)
def test_a_talent_that_is_sought_is_the_reason_whatever_else_speaks_for_it(candidate: Candidate, of: Leanings) -> None:
    told = suits(replace(candidate, sought_talents=("Couture",)), of).reason
    assert (told.key == "recommended-for-talent") == ("couture" in of.offered)


@given(candidates(), leanings, st.integers(1, 40))
def test_what_is_sooner_suits_no_less(candidate: Candidate, of: Leanings, days: int) -> None:
    assert suits(candidate, of, days=days).score >= suits(candidate, of).score


def test_a_skill_is_nearest_by_an_organiser_who_is_new() -> None:
    candidate = culture(organizer=ORGANIZERS[1])
    of = Leanings.of(contributions=[Contribution(candidate.event.themes, ORGANIZERS[0])] * 3)

    assert suits(candidate, of).reason.key == "recommended-for-new-organizer"
    assert suits(replace(candidate, organizer=ORGANIZERS[0]), of).reason.key == "recommended-towards-skill"


@given(st.lists(candidates(), max_size=12, unique_by=lambda each: each.event.id), st.integers(1, 5), st.booleans())
def test_pages_of_a_ranked_list_show_each_once_in_its_order(found: list[Candidate], size: int, backward: bool) -> None:
    whole = ranked(suits(each, Leanings.of()) for each in found)
    assert [placed.place for placed in whole] == sorted(placed.place for placed in whole)

    seen: list[EventId] = []
    page: Page[Recommendation] = Page(has_next=True, has_previous=True)
    edge = None
    while page.has_previous if backward else page.has_next:
        window = Window(size, before=edge, backward=True) if backward else Window(size, after=edge)
        page = part(whole, window, shape=PLACE)
        ids = [placed.item.id for placed in page.items]
        seen = [*ids, *seen] if backward else [*seen, *ids]
        if page.items:
            edge = page.items[0 if backward else -1].place

    assert seen == [placed.item.id for placed in whole]
