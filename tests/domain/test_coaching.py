"""Next steps: few, true by the same functions that give points, and never about what is reached or can't be joined."""

from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.coaching import MOST_TIPS, RULES, Errand, Situation, Tip, tips
from domain.ids import EventId
from domain.influence import Totals, influence
from domain.points import participation_award
from domain.policy import LEVELS
from domain.recommendations import Leanings, ranked, recommend
from domain.skills import Contribution, skills_earned
from domain.words import ThemeCode
from tests.samples import POLICIES, POLICY
from tests.suitable import NOW, ORGANIZERS, candidates, contributions, culture, pasts


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    leanings = Leanings.of(
        talents=draw(st.sampled_from([(), ("couture",)])), contributions=draw(contributions), past=draw(pasts())
    )
    found = draw(st.lists(candidates(), max_size=8, unique_by=lambda each: each.event.id))
    recommended = ranked(recommend(each, leanings, policies=POLICIES, today=NOW.date()) for each in found)
    errand = st.none() | st.builds(Errand, st.uuids().map(EventId), st.just(NOW), st.integers(0, 3), st.integers(0, 3))
    return Situation(
        influence=influence(Totals(draw(st.integers(-500, 50_000))), policy=POLICY),
        leanings=leanings,
        recommendations=[placed.item for placed in recommended],
        coming=draw(errand),
        feedback_due=draw(errand),
        outcome_due=draw(errand),
        attended=draw(st.integers(0, 12)),
        unlisted=draw(st.integers(0, 2)),
        **{name: draw(st.booleans()) for name in ("hidden", "adult", "organizes", "says_where", "says_who")},
    )


def every(of: Situation) -> list[Tip]:
    """What all rules would say, however many are told."""
    return [tip for rule in RULES if (tip := rule(of, ()))]


@given(situations())
def test_there_are_five_tips_at_most_and_none_twice(of: Situation) -> None:
    given_ = tips(of)
    assert len(given_) <= MOST_TIPS
    assert len({tip.key for tip in given_}) == len(given_)


@given(situations())
def test_an_invitation_is_to_something_that_can_be_joined_and_brings_what_it_says(of: Situation) -> None:
    errands = {each.event_id for each in (of.coming, of.feedback_due, of.outcome_due) if each}
    open_to_them = {each.id: each.candidate.event for each in of.recommendations}
    for tip in every(of):
        if "points" not in tip.parameters:
            assert tip.event_id is None or tip.event_id in errands
            continue
        assert tip.event_id is not None
        past = of.leanings.past
        award = participation_award(
            open_to_them[tip.event_id], holdings=past.holdings, earlier=list(past.awards.values()), policy=POLICY
        )
        assert award.points == tip.parameters["points"]
        assert award.points > 0


@given(situations())
def test_the_level_that_is_named_is_the_next_and_the_event_brings_it_where_it_says_so(of: Situation) -> None:
    for tip in every(of):
        if tip.key != "level":
            continue
        level, points = tip.parameters["level"], tip.parameters["points"]
        assert isinstance(level, int)
        assert isinstance(points, int)
        assert level == of.influence.level + 1 <= LEVELS
        assert POLICY.level_at(of.influence.points + (tip.parameters["missing"] or 0)) == level  # type: ignore[operator]
        reaches = POLICY.level_at(of.influence.points + points) >= level
        assert reaches == (tip.parameters["brings"] == "all")
        assert (tip.parameters["rank"] == "same") == (POLICY.rank_of(level) is of.influence.rank)


@given(situations())
def test_a_first_event_leads_to_the_level_that_it_says(of: Situation) -> None:
    for tip in every(of):
        if tip.key == "first" and tip.event_id is not None:
            reached = POLICY.level_at(of.influence.points + int(str(tip.parameters["points"])))
            assert tip.parameters["level"] == reached
            assert (tip.parameters["brings"] == "level") == (reached > of.influence.level)


@given(situations())
def test_a_skill_that_is_named_is_not_held_and_as_many_more_events_bring_it(of: Situation) -> None:
    for tip in every(of):
        if tip.key != "skill":
            continue
        theme, many = ThemeCode(str(tip.parameters["skill"])), tip.parameters["many"]
        assert isinstance(many, int)
        assert theme not in of.leanings.held
        counts, met = of.leanings.counts[theme], of.leanings.organizers[theme]
        done = [Contribution((theme,), organizer) for organizer in met]
        done += [Contribution((theme,), next(iter(met)))] * (counts - len(met))
        new = [Contribution((theme,), UUID(int=99)) for _ in range(many)]
        assert theme in skills_earned([*done, *new], policy=POLICY)
        assert theme not in skills_earned([*done, *new[1:]], policy=POLICY)


@given(situations())
def test_nothing_is_told_of_what_is_done_already(of: Situation) -> None:
    told = {tip.key for tip in every(of)}
    assert not (of.influence.level == LEVELS and "level" in told)
    assert not (of.attended and "first" in told)
    assert not ((of.organizes or not of.adult) and "organize" in told)
    assert not (of.says_where and "say-where" in told)
    assert not (of.leanings.offered and "offer-talents" in told)
    assert not (of.hidden and told & {"say-who", "unlisted"})


def test_somebody_new_without_anything_to_join_is_told_where_to_look() -> None:
    nobody = Situation(influence=influence(Totals(), policy=POLICY), leanings=Leanings.of())
    assert [(tip.key, tip.event_id) for tip in tips(nobody)] == [("first", None)]


def test_a_skill_that_another_organiser_completes_names_only_an_event_of_another() -> None:
    """Five times with the same one: a sixth time there brings nothing nearer."""
    leanings = Leanings.of(contributions=[Contribution((ThemeCode.CULTURE,), ORGANIZERS[0])] * 5)

    found = [
        recommend(culture(number, organizer=organizer), leanings, policies=POLICIES, today=NOW.date())
        for number, organizer in enumerate((ORGANIZERS[0], ORGANIZERS[1]), start=1)
    ]
    of = Situation(
        influence=influence(Totals(36_100), policy=POLICY), leanings=leanings, recommendations=found, attended=5
    )
    skill = next(tip for tip in tips(of) if tip.key == "skill")

    assert skill.event_id == found[1].id
    assert (skill.parameters["many"], skill.parameters["organizers"]) == (1, 1)
    assert skill.parameters["skillFactor"] == Decimal(2)
    assert found[1].score > found[0].score
