"""Finding citizens and organisations: by what shows of them, and by what they do where they agree to be found."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from db import models
from db.engine import Database
from domain.accounts import ProfileVisibility
from domain.filters import CitizenFilter, CitizenOrder, OrganizationFilter
from domain.ids import TerritoryCode
from domain.organizations import OrganizationKind
from domain.paging import Window
from domain.skills import SkillSource
from domain.words import ThemeCode
from resolvers import citizens, organizations, profiles
from resolvers.context import Context
from tests.clock import START
from tests.factories import Town
from tests.rows import citizen_row, keep, organization_row

PUBLIC, HIDDEN = ProfileVisibility.PUBLIC, ProfileVisibility.HIDDEN


async def found(ctx: Context, order: CitizenOrder = CitizenOrder.HANDLE_ASC, **where: Any) -> list[str]:
    """Handles; paged two by two, forth and back; the total says as many."""
    narrowed = CitizenFilter(**where)
    seen: list[str] = []
    window: Window | None = Window(2)
    while window:
        page = await citizens.citizens(ctx, narrowed, order=order, window=window)
        seen += [placed.item.handle for placed in page.items]
        window = Window(2, after=page.items[-1].place) if page.has_next else None
    back = await citizens.citizens(ctx, narrowed, order=order, window=Window(100, backward=True))
    assert [placed.item.handle for placed in back.items] == seen
    assert await citizens.citizen_total(ctx, narrowed, order=order) == len(seen)
    return seen


@pytest.fixture
async def people(empty: Database) -> dict[str, UUID]:
    """Each with what tells them apart: the first three agree to be found, the last hides."""
    told: list[dict[str, Any]] = [
        {"handle": "ada", "full_name": "Adélaïde Bœuf", "visibility": PUBLIC, "discoverable": True}
        | {"territory_code": "FR-44", "talents": ["Comptabilité", "droit"], "member_since": date(2026, 1, 3)},
        {"handle": "basile", "full_name": "Basile Secret", "discoverable": True, "territory_code": "FR-49"}
        | {"talents": ["design"], "bio": "Je réparais des vélos.", "member_since": date(2026, 1, 2)},
        {"handle": "camille-d", "discoverable": True, "territory_code": "CH-GE", "member_since": date(2026, 1, 5)},
        {"handle": "dora", "territory_code": "FR-44", "talents": ["droit"], "member_since": date(2026, 1, 4)},
        {"handle": "emile", "visibility": HIDDEN, "discoverable": True, "territory_code": "FR-44"}
        | {"full_name": "Émile Caché", "talents": ["droit"], "member_since": date(2026, 1, 1)},
    ]
    rows = [citizen_row(**each) for each in told]
    await keep(empty, *rows)
    ids = {row.handle: row.id for row in rows}
    earned = {"ada": 450, "basile": 90, "camille-d": 0, "dora": 900, "emile": 5_000}
    await keep(
        empty,
        *(models.CitizenTotal(citizen_id=ids[who], points=10_000, earned_points=n) for who, n in earned.items()),
    )
    held: dict[str, Any] = {
        "theme": ThemeCode.CULTURE,
        "source": SkillSource.REPEATED_CONTRIBUTION,
        "acquired_at": START,
    }
    lost = held | {"theme": ThemeCode.ECONOMY, "lost_at": START}
    await keep(
        empty,
        *(models.SkillHolding(citizen_id=ids[who], **held) for who in ("ada", "dora", "emile")),
        models.SkillHolding(citizen_id=ids["basile"], **lost),
    )
    return ids


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({}, ["ada", "basile", "camille-d", "dora"]),
        ({"search": "ada"}, ["ada"]),
        ({"search": "ADELAIDE"}, ["ada"]),
        ({"search": "boeuf"}, ["ada"]),
        ({"search": "bœuf adélaïde"}, ["ada"]),
        ({"search": "adelaid"}, ["ada"]),
        ({"search": "camille"}, ["camille-d"]),
        ({"search": "camillle"}, ["camille-d"]),
        ({"search": "répare"}, ["basile"]),
        # a name that is withheld is withheld from searches, exact or near
        ({"search": "secret"}, []),
        ({"search": "secrett"}, []),
        # who hides isn't there
        ({"search": "emile"}, []),
        ({"search": "caché"}, []),
        # all else finds those alone who agree to be found
        ({"territory": TerritoryCode("FR-44")}, ["ada"]),
        ({"territory": TerritoryCode("FR-PDL")}, ["ada", "basile"]),
        ({"territory": TerritoryCode("CH")}, ["camille-d"]),
        ({"skill": ThemeCode.CULTURE}, ["ada"]),
        ({"skill": ThemeCode.ECONOMY}, []),
        ({"talents": ("DROIT",)}, ["ada"]),
        ({"talents": ("comptabilite", "Design ")}, ["ada", "basile"]),
        ({"talents": ()}, []),
        ({"minimum_level": 1}, ["ada", "basile", "camille-d"]),
        ({"minimum_level": 2}, ["ada"]),
        ({"minimum_level": 3, "maximum_level": 3}, ["ada"]),
        ({"maximum_level": 2}, ["basile", "camille-d"]),
        ({"maximum_level": 0}, []),
        ({"minimum_level": 21}, []),
        ({"search": "ada", "talents": ("droit",), "minimum_level": 2}, ["ada"]),
        ({"search": "dora", "talents": ("droit",)}, []),
        ({"territory": TerritoryCode("FR"), "talents": ("droit", "design"), "maximum_level": 2}, ["basile"]),
        ({"territory": TerritoryCode("FR-44"), "skill": ThemeCode.CULTURE, "minimum_level": 2}, ["ada"]),
        ({"territory": TerritoryCode("FR-49"), "skill": ThemeCode.CULTURE}, []),
    ],
)
async def test_a_filter_finds_who_shows_and_agrees(
    people: dict[str, UUID], nobody: Context, where: dict[str, Any], expected: list[str]
) -> None:
    assert await found(nobody, **where) == expected


async def test_orders_go_by_the_day_and_by_what_was_earned_without_self_assessments(
    people: dict[str, UUID], nobody: Context
) -> None:
    assert await found(nobody, CitizenOrder.MEMBER_SINCE_DESC) == ["camille-d", "dora", "ada", "basile"]
    assert await found(nobody, CitizenOrder.EARNED_POINTS_DESC) == ["ada", "basile", "camille-d"]


async def test_a_name_is_found_as_long_as_it_shows(town: Town, nobody: Context) -> None:
    nath = await town.citizen("nath", full_name="Nathan Berto", visibility=PUBLIC)
    assert await found(nobody, search="berto") == ["nath"]

    await profiles.update_settings(nath, visibility=ProfileVisibility.PSEUDONYMOUS)

    assert await found(nobody, search="berto") == []
    assert await found(nobody, search="brto") == []
    assert await found(nobody, search="nath") == ["nath"]


async def test_who_has_just_come_is_on_the_board_with_nothing(town: Town, nobody: Context) -> None:
    newcomer = await town.citizen("newcomer")
    await profiles.update_settings(newcomer, discoverable=True)

    assert await found(nobody, CitizenOrder.EARNED_POINTS_DESC) == ["newcomer"]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({}, ["Ateliers du vélo", "École du don", "Mairie de Rezé"]),
        ({"search": "ecole"}, ["École du don"]),
        ({"search": "mairies"}, ["Mairie de Rezé"]),
        ({"search": "réparer"}, ["Ateliers du vélo"]),
        ({"search": "mairei"}, ["Mairie de Rezé"]),
        ({"search": "velo"}, ["Ateliers du vélo"]),
        ({"search": "préfecture"}, []),
        ({"kind": OrganizationKind.ASSOCIATION}, ["Ateliers du vélo", "École du don"]),
        ({"territory": TerritoryCode("FR")}, ["Mairie de Rezé"]),
        ({"verified": True}, ["Mairie de Rezé"]),
        ({"verified": False}, ["Ateliers du vélo", "École du don"]),
        ({"verified": False, "search": "école"}, ["École du don"]),
        (
            {"territory": TerritoryCode("FR"), "kind": OrganizationKind.PUBLIC_INSTITUTION, "verified": True},
            ["Mairie de Rezé"],
        ),
        ({"territory": TerritoryCode("FR"), "kind": OrganizationKind.ASSOCIATION}, []),
    ],
)
async def test_organisations_are_found_in_the_order_of_their_names(
    empty: Database, nobody: Context, where: dict[str, Any], expected: list[str]
) -> None:
    in_reze: dict[str, Any] = {"territory_code": "FR-44", "verified_at": START}
    await keep(
        empty,
        organization_row(name="École du don"),
        organization_row(name="Mairie de Rezé", kind=OrganizationKind.PUBLIC_INSTITUTION, **in_reze),
        organization_row(name="Ateliers du vélo", description="Réparer ensemble."),
    )
    narrowed = OrganizationFilter(**where)

    seen: list[str] = []
    window: Window | None = Window(1)
    while window:
        page = await organizations.organizations(nobody, narrowed, window)
        seen += [placed.item.name for placed in page.items]
        window = Window(1, after=page.items[-1].place) if page.has_next else None

    assert seen == expected
    assert await organizations.organization_total(nobody, narrowed) == len(expected)
