"""What may change of an event when, and what a change brings about."""

from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.event_changes import (
    WEIGHTY,
    WORDS,
    AttendanceAlreadyConfirmed,
    EventChanges,
    SeatsAreTaken,
    changed_fields,
    check_changes,
    revised,
    status_on_updating,
)
from domain.event_life import EventNotInThatState
from domain.events import EventDetails, EventFormat, EventStatus, StartsInThePast, Venue, VenueMissing
from domain.fields import Required
from domain.ids import TerritoryCode
from domain.refusals import Refusals
from domain.words import ThemeCode
from tests.clock import START
from tests.samples import details, event, refused

DRAFT, SUBMITTED, PUBLISHED, REJECTED, CANCELLED, COMPLETED = EventStatus
BEFORE = START - timedelta(days=1)
EMPTY = EventChanges()
ANOTHER: dict[str, Any] = {  # Any: a value a field
    "title": "Barcamp Cartographie",
    "description": "Une autre soirée.",
    "format": EventFormat.HYBRID,
    "starts_at": START - timedelta(hours=1),
    "ends_at": START + timedelta(hours=3),
    "themes": (ThemeCode.CULTURE,),
    "engagement": 5,
    "time_zone": "Europe/Zurich",
    "how_to_take_part": "Venez avec un ordinateur.",
    "effort_minutes": 60,
    "venue": Venue(city="Rezé", postal_code="44400"),
    "territory": TerritoryCode("FR-49"),
    "website_url": "https://example.org/barcamp",
    "image_url": "https://example.org/barcamp.png",
    "capacity": 12,
    "sought_talents": ("graphisme",),
}
"""Another value for every field there is."""
ONE = st.sampled_from(sorted(ANOTHER))


def test_every_field_can_be_changed() -> None:
    assert {field.name for field in fields(EventDetails)} == ANOTHER.keys() == EventChanges.__annotations__.keys()


@given(st.sets(ONE))
def test_what_is_left_out_stays(names: set[str]) -> None:
    before = details(territory=TerritoryCode("FR-44"))
    changes = EventChanges(**{name: ANOTHER[name] for name in names})  # type: ignore[typeddict-item]

    assert changed_fields(before, revised(before, changes)) == names
    assert revised(before, changes) == revised(revised(before, changes), changes)


@pytest.mark.parametrize("name", sorted(ANOTHER))
def test_null_clears_what_may_be_missing_and_is_refused_where_it_is_needed(name: str) -> None:
    needed = {"title", "description", "format", "starts_at", "ends_at", "engagement"}
    full = replace(details(), **ANOTHER)
    changes = EventChanges(**{name: None})  # type: ignore[misc]

    if name in needed:
        with pytest.raises(Refusals) as raised:
            revised(full, changes)
        [(refusal, path)] = refused(raised.value.refusals)
        assert (refusal, path) == (Required, ({"starts_at": "startsAt", "ends_at": "endsAt"}.get(name, name),))
    else:
        cleared = revised(full, changes)
        left = {"themes": (), "sought_talents": (), "time_zone": "Europe/Paris", "territory": "FR-44"}.get(name)
        assert getattr(cleared, name) == left
        assert changed_fields(full, cleared) == {name}


def test_an_event_without_themes_or_place_is_refused_like_a_new_one() -> None:
    for changes, expected in (
        (EventChanges(themes=None), (Required, ("themes",))),
        (EventChanges(venue=None), (VenueMissing, ("venue",))),
    ):
        new = revised(details(), changes)
        assert refused(check_changes(event(), new, taken=0, confirmed=False, now=BEFORE)) == [expected]


@pytest.mark.parametrize(
    ("territory", "changes", "expected"),
    [
        ("FR-44", EventChanges(venue=Venue(city="Angers", postal_code="49000")), "FR-49"),
        ("FR-85", EventChanges(venue=Venue(city="Angers", postal_code="49000")), "FR-85"),  # somebody chose it
        ("FR-44", EventChanges(venue=None), None),
        ("FR-85", EventChanges(venue=None), "FR-85"),
        ("FR-85", EventChanges(territory=None), "FR-44"),
        (None, EventChanges(venue=Venue(city="Angers", postal_code="49000")), "FR-49"),
        ("FR-44", EventChanges(territory=TerritoryCode("FR-PDL"), venue=None), "FR-PDL"),
    ],
)
def test_a_venue_takes_its_territory_along(territory: str | None, changes: EventChanges, expected: str | None) -> None:
    before = details(territory=territory)
    if territory is None:
        before = replace(before, venue=None)
    assert revised(before, changes).territory == expected


def test_themes_are_the_same_in_any_order() -> None:
    both = details(themes=(ThemeCode.CULTURE, ThemeCode.ECONOMY))
    assert changed_fields(both, replace(both, themes=both.themes[::-1])) == frozenset()


@pytest.mark.parametrize("status", EventStatus)
@pytest.mark.parametrize("name", sorted(ANOTHER))
@pytest.mark.parametrize("by_verified", [True, False])
def test_what_a_moderator_let_through_is_submitted_anew_where_its_points_would_change(
    status: EventStatus, name: str, by_verified: bool
) -> None:
    before = event(status)
    new = replace(before.details, **{name: ANOTHER[name]})

    if status is CANCELLED:
        with pytest.raises(EventNotInThatState):
            status_on_updating(before, new, by_verified=by_verified, now=BEFORE)
        return
    anew = status is PUBLISHED and name in WEIGHTY and not by_verified
    assert status_on_updating(before, new, by_verified=by_verified, now=BEFORE) is (SUBMITTED if anew else status)


def test_what_has_begun_is_not_submitted_anew() -> None:
    before = event(PUBLISHED)
    new = replace(before.details, engagement=5)

    with pytest.raises(Refusals) as raised:
        status_on_updating(before, new, by_verified=False, now=START)
    assert refused(raised.value.refusals) == [(StartsInThePast, ("startsAt",))]
    assert status_on_updating(before, new, by_verified=True, now=START) is PUBLISHED


def test_points_rest_on_stars_times_effort_themes_and_format() -> None:
    assert {"engagement", "starts_at", "ends_at", "effort_minutes", "themes", "format"} == WEIGHTY


@pytest.mark.parametrize("name", sorted(ANOTHER))
def test_what_points_rest_on_is_fixed_once_an_attendance_was_confirmed(name: str) -> None:
    before = event(PUBLISHED)
    new = replace(before.details, **{name: ANOTHER[name]})

    found = refused(check_changes(before, new, taken=1, confirmed=True, now=BEFORE - timedelta(days=1)))

    paths = {"starts_at": "startsAt", "ends_at": "endsAt", "effort_minutes": "effortMinutes"}
    expected = [(AttendanceAlreadyConfirmed, (paths.get(name, name),))] if name in WEIGHTY else []
    assert found == expected
    assert refused(check_changes(before, new, taken=1, confirmed=False, now=BEFORE - timedelta(days=1))) == []


@pytest.mark.parametrize("name", sorted(ANOTHER))
@pytest.mark.parametrize("confirmed", [True, False])
def test_only_the_words_of_a_completed_event_change(name: str, confirmed: bool) -> None:
    before = event(COMPLETED)
    new = replace(before.details, **{name: ANOTHER[name]})

    found = refused(check_changes(before, new, taken=0, confirmed=confirmed, now=START + timedelta(days=1)))

    assert [refusal for refusal, _ in found] == ([] if name in WORDS else [EventNotInThatState])


@given(taken=st.integers(0, 50), capacity=st.integers(1, 50), before=st.none() | st.integers(1, 60))
def test_the_capacity_never_goes_below_the_seats_taken(taken: int, capacity: int, before: int | None) -> None:
    here = event(PUBLISHED, capacity=before)
    new = replace(here.details, capacity=capacity)

    found = refused(check_changes(here, new, taken=taken, confirmed=False, now=BEFORE))

    assert found == ([(SeatsAreTaken, ("capacity",))] if capacity < taken and capacity != before else [])
    assert refused(check_changes(here, replace(new, capacity=None), taken=taken, confirmed=False, now=BEFORE)) == []


@pytest.mark.parametrize("status", [DRAFT, REJECTED, SUBMITTED, PUBLISHED])
@pytest.mark.parametrize(
    ("changes", "now", "wrong"),
    [
        ({"starts_at": START - timedelta(hours=1)}, START - timedelta(hours=2), []),
        ({"starts_at": START - timedelta(hours=1)}, START - timedelta(hours=1), ["startsAt"]),
        ({"ends_at": START + timedelta(hours=2)}, START + timedelta(hours=1), []),  # under way, and ends sooner
        ({"ends_at": START + timedelta(hours=2)}, START + timedelta(hours=2), ["endsAt"]),
        ({"title": "Barcamp Cartographie"}, START + timedelta(days=1), []),
    ],
)
def test_nothing_that_was_submitted_moves_into_the_past(
    status: EventStatus, changes: dict[str, datetime], now: datetime, wrong: list[str]
) -> None:
    before = event(status)

    found = refused(
        check_changes(before, replace(before.details, **changes), taken=0, confirmed=False, now=now)  # type: ignore[arg-type]
    )

    checked = status in (SUBMITTED, PUBLISHED)
    assert found == [(StartsInThePast, (path,)) for path in (wrong if checked else [])]
