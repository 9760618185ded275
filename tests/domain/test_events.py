"""What may be said of an event, and of an organisation."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.events import (
    EndsTooSoon,
    EventCounts,
    EventDetails,
    EventFormat,
    HalfAPosition,
    StartsInThePast,
    UnknownTimeZone,
    Venue,
    VenueMissing,
    check_dates_ahead,
    check_details,
    located,
)
from domain.fields import OutOfRange, Repeated, Required, TooLong, TooMany, TooShort
from domain.ids import TerritoryCode
from domain.organizations import OrganizationDetails, OrganizationKind
from domain.organizations import check_details as check_organization
from domain.refusals import Refusal
from domain.words import ThemeCode
from tests.clock import START
from tests.samples import DEMOTIC, DETAILS, SOMEBODY, details, event, refused

MINUTE = timedelta(minutes=1)
NANTES = Venue(city="Nantes")
FOUR = (ThemeCode.CULTURE, ThemeCode.ECONOMY, ThemeCode.SOLIDARITY, ThemeCode.TRANSPORT)


def test_the_reference_event_can_be_proposed() -> None:
    assert refused(check_details(DETAILS)) == []


@pytest.mark.parametrize(
    ("changes", "refusal", "path"),
    [
        ({"title": ""}, Required, "title"),
        ({"title": " ab "}, TooShort, "title"),
        ({"title": "a" * 201}, TooLong, "title"),
        ({"description": " "}, Required, "description"),
        ({"description": "a" * 20_001}, TooLong, "description"),
        ({"how_to_take_part": "a" * 5_001}, TooLong, "howToTakePart"),
        ({"themes": ()}, Required, "themes"),
        ({"themes": FOUR}, TooMany, "themes"),
        ({"themes": (ThemeCode.CULTURE, ThemeCode.CULTURE)}, Repeated, "themes"),
        ({"engagement": 0}, OutOfRange, "engagement"),
        ({"engagement": 6}, OutOfRange, "engagement"),
        ({"effort_minutes": 0}, OutOfRange, "effortMinutes"),
        ({"capacity": 0}, OutOfRange, "capacity"),
        ({"capacity": 1_000_001}, OutOfRange, "capacity"),
        ({"sought_talents": tuple(str(number) for number in range(11))}, TooMany, "soughtTalents"),
        ({"sought_talents": ("droit", "droit")}, Repeated, "soughtTalents"),
        ({"sought_talents": ("droit", " ")}, Required, "soughtTalents.1"),
        ({"sought_talents": ("a" * 61,)}, TooLong, "soughtTalents.0"),
        ({"ends_at": START}, EndsTooSoon, "endsAt"),
        ({"ends_at": START - MINUTE}, EndsTooSoon, "endsAt"),
        ({"ends_at": START + timedelta(seconds=59)}, EndsTooSoon, "endsAt"),
        ({"time_zone": "Europe/Nantes"}, UnknownTimeZone, "timeZone"),
        ({"time_zone": "../../etc/passwd"}, UnknownTimeZone, "timeZone"),
        ({"time_zone": ""}, UnknownTimeZone, "timeZone"),
        ({"venue": None}, VenueMissing, "venue"),
        ({"venue": None, "format": EventFormat.HYBRID}, VenueMissing, "venue"),
        ({"venue": Venue(city=" ")}, Required, "venue.city"),
        ({"venue": Venue(city="a" * 121)}, TooLong, "venue.city"),
        ({"venue": Venue(city="Nantes", name="a" * 201)}, TooLong, "venue.name"),
        ({"venue": Venue(city="Nantes", address="a" * 301)}, TooLong, "venue.address"),
        ({"venue": Venue(city="Nantes", postal_code="4" * 21)}, TooLong, "venue.postalCode"),
        ({"venue": Venue(city="Nantes", latitude=47.2)}, HalfAPosition, "venue.longitude"),
        ({"venue": Venue(city="Nantes", longitude=-1.5)}, HalfAPosition, "venue.latitude"),
        ({"venue": Venue(city="Nantes", latitude=90.1, longitude=0)}, OutOfRange, "venue.latitude"),
        ({"venue": Venue(city="Nantes", latitude=float("nan"), longitude=0)}, OutOfRange, "venue.latitude"),
        ({"venue": Venue(city="Nantes", latitude=0, longitude=-180.1)}, OutOfRange, "venue.longitude"),
    ],
)
def test_what_is_wrong_is_refused_at_its_field(changes: dict[str, Any], refusal: type[Refusal], path: str) -> None:
    assert refused(check_details(details(**changes))) == [(refusal, tuple(path.split(".")))]


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Été"},
        {"themes": FOUR[:3]},
        {"ends_at": START + MINUTE},
        {"venue": None, "format": EventFormat.ONLINE},
        {"venue": NANTES, "format": EventFormat.ONLINE},
        {"venue": Venue(city="Nantes", latitude=-90, longitude=180)},
        {"time_zone": "America/Montreal", "engagement": 5, "capacity": 1},
        {"starts_at": START - timedelta(days=5_000)},
        {"starts_at": datetime(2026, 10, 25, 2, 50, tzinfo=ZoneInfo("Europe/Paris")),
         "ends_at": datetime(2026, 10, 25, 2, 10, tzinfo=ZoneInfo("Europe/Paris"), fold=1)},
    ],
)  # fmt: skip
def test_what_can_be_is_not_refused(changes: dict[str, Any]) -> None:
    assert refused(check_details(details(**changes))) == []


def test_an_event_that_the_clock_alone_makes_last_is_refused() -> None:
    # In Paris, the night of 29 March 2026 goes from 1:59:59 to 3:00:00 in a second.
    paris = ZoneInfo("Europe/Paris")
    second = details(
        starts_at=datetime(2026, 3, 29, 1, 59, 59, tzinfo=paris), ends_at=datetime(2026, 3, 29, 3, tzinfo=paris)
    )

    assert refused(check_details(second)) == [(EndsTooSoon, ("endsAt",))]


def test_everything_wrong_is_said_at_once() -> None:
    wrong = details(title="", themes=(), engagement=9, ends_at=START, venue=Venue(city="", latitude=1))

    assert [path[-1] for _, path in refused(check_details(wrong))] == [
        "title",
        "themes",
        "engagement",
        "endsAt",
        "city",
        "longitude",
    ]


def test_what_is_submitted_lies_ahead() -> None:
    assert refused(check_dates_ahead(DETAILS, now=START - timedelta(microseconds=1))) == []
    assert refused(check_dates_ahead(DETAILS, now=START)) == [(StartsInThePast, ("startsAt",))]


@pytest.mark.parametrize(
    ("given", "territory"),
    [
        (details(), "FR-44"),
        (details(territory=TerritoryCode("FR-85")), "FR-85"),
        (details(venue=NANTES), None),
        (details(venue=Venue(city="Genève", postal_code="1201")), None),
        (details(venue=None, format=EventFormat.ONLINE), None),
    ],
)
def test_a_territory_follows_from_the_postal_code_unless_it_is_given(
    given: EventDetails, territory: str | None
) -> None:
    assert located(given).territory == territory


def test_repeats_count_for_whoever_proposed_unless_the_organisation_is_verified() -> None:
    assert event().counted_organizer == SOMEBODY
    assert event(organization=DEMOTIC).counted_organizer == SOMEBODY
    assert event(organization=DEMOTIC, by_verified=True).counted_organizer is None
    assert event(organization=DEMOTIC, by_verified=True).scored().counted_organizer is None


def test_points_are_made_of_the_facts_of_an_event() -> None:
    kept = event(effort_minutes=60)
    facts = kept.scored()

    assert (facts.id, facts.span, facts.themes) == (kept.id, kept.details.span, kept.details.themes)
    assert (facts.effort_minutes, facts.engagement) == (60, 3)
    assert facts.span.starts_at.tzinfo is UTC


@pytest.mark.parametrize(
    ("capacity", "remaining"), [(None, None), (10, 5), (5, 0), (3, 0)]
)  # fewer seats than people: an organiser confirmed who had waited in line
def test_seats_that_are_left_are_never_negative(capacity: int | None, remaining: int | None) -> None:
    assert EventCounts(registered=2, attended=3, waitlisted=4).remaining(capacity) == remaining


@pytest.mark.parametrize(
    ("name", "description", "expected"),
    [
        ("DemoTIC", None, []),
        (" ", None, [(Required, ("name",))]),
        ("D", None, [(TooShort, ("name",))]),
        ("D" * 121, "a" * 5_001, [(TooLong, ("name",)), (TooLong, ("description",))]),
    ],
)
def test_an_organisation_has_a_name(
    name: str, description: str | None, expected: list[tuple[type[Refusal], tuple[str, ...]]]
) -> None:
    given = OrganizationDetails(name=name, kind=OrganizationKind.ASSOCIATION, description=description)

    assert refused(check_organization(given)) == expected
