"""Finding events: each field of a filter, alone and together."""

from datetime import timedelta
from typing import Any

import pytest

from db.engine import Database
from domain.events import EventFormat, EventStatus
from domain.filters import EventFilter, EventOrder, OrganizerKind
from domain.ids import TerritoryCode
from domain.organizations import OrganizationKind
from domain.paging import Window
from domain.words import ThemeCode
from resolvers import events
from resolvers.context import Context
from tests.clock import START
from tests.rows import citizen_row, event_row, keep, organization_row

DAY = timedelta(days=1)
CHOIR, MARKET, DEBATE, WALK = "choeur-d-ete", "marche-solidaire", "debat-sur-le-budget", "balade"


async def found(ctx: Context, **where: Any) -> list[str]:
    """Slugs, the earliest event first; the total says as many."""
    narrowed = EventFilter(**where)
    page = await events.events(ctx, narrowed, order=EventOrder.STARTS_AT_ASC, window=Window(100))
    assert await events.event_total(ctx, narrowed) == len(page.items)
    return [placed.item.slug for placed in page.items]


@pytest.fixture
async def agenda(empty: Database) -> dict[str, Any]:
    """A choir in Nantes, a market in Angers, a debate online and a walk in Geneva; and a draft."""
    rosa, voices = citizen_row(), organization_row(kind=OrganizationKind.COMPANY)
    await keep(empty, rosa, voices)
    told: list[dict[str, Any]] = [
        {"title": "Chœur d’été", "slug": CHOIR, "themes": ["CULTURE"], "engagement": 1}
        | {"venue_city": "Nantes", "territory_code": "FR-44", "organization_id": voices.id},
        {"title": "Marché solidaire", "slug": MARKET, "themes": ["SOLIDARITY", "ECONOMY"], "engagement": 2}
        | {"venue_city": "Angers", "territory_code": "FR-49", "organization_id": voices.id}
        | {"sought_talents": ["cuisine"], "external_id": "7"},
        {"title": "Débat sur le budget", "slug": DEBATE, "themes": ["ECONOMY"], "format": EventFormat.ONLINE},
        {"title": "Balade", "slug": WALK, "themes": ["TRANSPORT"], "engagement": 5, "venue_name": "Parc"}
        | {"venue_city": "Genève", "territory_code": "CH-GE", "organization_id": voices.id},
    ]
    rows = []
    for day, facts in enumerate(told, start=1):
        starts_at = START + day * DAY
        usual = {"format": EventFormat.IN_PERSON, "starts_at": starts_at, "ends_at": starts_at + DAY}
        rows.append(event_row(rosa.id, **usual | facts))
    draft = event_row(rosa.id, status=EventStatus.DRAFT, published_at=None)
    await keep(empty, *rows, draft)
    return {"rosa": rosa.id, "voices": voices.id}


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({}, [CHOIR, MARKET, DEBATE, WALK]),
        ({"search": "choeur"}, [CHOIR]),
        ({"search": "CHŒUR"}, [CHOIR]),
        ({"search": "ete"}, [CHOIR]),
        ({"search": "d'été"}, [CHOIR]),
        ({"search": "l’été"}, [CHOIR]),
        ({"search": "marchés solidaires"}, [MARKET]),
        ({"search": "angers"}, [MARKET]),
        ({"search": "parcs"}, [WALK]),
        ({"search": "choeur OR balade"}, [CHOIR, WALK]),
        ({"search": "soirée -angers -genève -budget"}, [CHOIR]),
        ({"search": '"marché solidaire"'}, [MARKET]),
        ({"search": "  "}, [CHOIR, MARKET, DEBATE, WALK]),
        ({"search": "%"}, []),
        ({"search": "' & | ! ( ) :* <->"}, []),
        ({"search": "rien de tel"}, []),
        ({"themes": (ThemeCode.ECONOMY,)}, [MARKET, DEBATE]),
        ({"themes": (ThemeCode.CULTURE, ThemeCode.TRANSPORT)}, [CHOIR, WALK]),
        ({"themes": ()}, []),
        ({"territory": TerritoryCode("FR")}, [CHOIR, MARKET]),
        ({"territory": TerritoryCode("FR-PDL")}, [CHOIR, MARKET]),
        ({"territory": TerritoryCode("FR-49")}, [MARKET]),
        ({"territory": TerritoryCode("CH")}, [WALK]),
        ({"territory": TerritoryCode("CA-QC")}, []),
        ({"formats": (EventFormat.ONLINE,)}, [DEBATE]),
        ({"formats": ()}, []),
        ({"statuses": (EventStatus.DRAFT,)}, []),
        ({"minimum_engagement": 3}, [DEBATE, WALK]),
        ({"maximum_engagement": 2}, [CHOIR, MARKET]),
        ({"minimum_engagement": 2, "maximum_engagement": 3}, [MARKET, DEBATE]),
        ({"organizer_kind": OrganizerKind.CITIZEN}, [DEBATE]),
        ({"organizer_kind": OrganizerKind.COMPANY}, [CHOIR, MARKET, WALK]),
        ({"organizer_kind": OrganizerKind.ASSOCIATION}, []),
        ({"sought_talents": ("cuisine", "droit")}, [MARKET]),
        ({"external_ids": ("7", "8")}, [MARKET]),
        ({"themes": (ThemeCode.ECONOMY,), "territory": TerritoryCode("FR"), "search": "marche"}, [MARKET]),
    ],
)
async def test_each_field_of_a_filter_narrows_the_list_down(
    agenda: dict[str, Any], nobody: Context, where: dict[str, Any], expected: list[str]
) -> None:
    assert await found(nobody, **where) == expected


async def test_times_and_organisers_narrow_the_list_down(agenda: dict[str, Any], nobody: Context) -> None:
    assert await found(nobody, starts_after=START + 2 * DAY) == [MARKET, DEBATE, WALK]
    assert await found(nobody, starts_before=START + 2 * DAY) == [CHOIR]
    assert await found(nobody, starts_after=START + 3 * DAY, starts_before=START + 3 * DAY) == []
    assert await found(nobody, updated_since=START) == [CHOIR, MARKET, DEBATE, WALK]
    assert await found(nobody, updated_since=START + timedelta(microseconds=1)) == []
    assert await found(nobody, organizer=agenda["rosa"]) == [DEBATE]
    assert await found(nobody, organizer=agenda["voices"]) == [CHOIR, MARKET, WALK]
