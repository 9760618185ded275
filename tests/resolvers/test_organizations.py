"""Organisations: made by anybody, verified by moderators."""

import pytest

from domain.fields import TooLong, TooShort
from domain.ids import OrganizationId, TerritoryCode
from domain.moderation import NeverVerified
from domain.organizations import MemberRole, OrganizationDetails, OrganizationKind
from domain.permissions import signed_in
from domain.refusals import Refusals, Unauthenticated
from domain.territories import UnknownTerritory
from resolvers import organizations
from resolvers.context import Context
from tests.clock import Clock
from tests.factories import Town
from tests.samples import refused

ASSOCIATION, POLITICAL_GROUP = OrganizationKind.ASSOCIATION, OrganizationKind.POLITICAL_GROUP


def named(name: str, *, kind: OrganizationKind = ASSOCIATION, territory: str | None = None) -> OrganizationDetails:
    return OrganizationDetails(name=name, kind=kind, territory=TerritoryCode(territory) if territory else None)


async def test_who_makes_an_organisation_owns_it_and_it_is_not_verified(town: Town, nobody: Context) -> None:
    nath = await town.citizen()

    made = await organizations.create_organization(nath, named("DemoTIC", territory="FR-44"))
    await town.look_again(nath)

    assert (made.name, made.slug, made.territory, made.verified) == ("DemoTIC", "demotic", "FR-44", False)
    assert signed_in(nath.viewer).organizations == {made.id: MemberRole.OWNER}
    assert await organizations.organization(nobody, made.id) == made
    assert await organizations.organization_by_slug(nobody, "demotic") == made


async def test_everything_wrong_is_said_at_once_and_nothing_is_kept(town: Town) -> None:
    nath = await town.citizen()
    wrong = OrganizationDetails(name=" D ", kind=ASSOCIATION, description="a" * 5_001, territory=TerritoryCode("FR-99"))

    with pytest.raises(Refusals) as refusals:
        await organizations.create_organization(nath, wrong)

    assert refused(refusals.value.refusals) == [
        (TooShort, ("name",)),
        (TooLong, ("description",)),
        (UnknownTerritory, ("territory",)),
    ]
    await town.look_again(nath)
    assert signed_in(nath.viewer).organizations == {}


async def test_nobody_makes_an_organisation_without_signing_in(nobody: Context) -> None:
    with pytest.raises(Unauthenticated):
        await organizations.create_organization(nobody, named("DemoTIC"))


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("L’Échiquier de l'Ouest", "l-echiquier-de-l-ouest"),
        ("Œuvres & Cie", "oeuvres-cie"),
        ("🎉🎉", "organisation"),
        ("--- !!! ---", "organisation"),
        ("a" * 120, "a" * 60),
        (
            "Association des riverains du quai de la Fosse et des rues qui y mènent",
            "association-des-riverains-du-quai-de-la-fosse-et-des-rues",
        ),
    ],
)
async def test_any_name_gives_a_slug(town: Town, name: str, slug: str) -> None:
    made = await organizations.create_organization(await town.citizen(), named(name))

    assert made.slug == slug


async def test_two_of_one_name_have_two_slugs(town: Town) -> None:
    nath = await town.citizen()

    slugs = [(await organizations.create_organization(nath, named("🎉🎉"))).slug for _ in range(3)]

    assert slugs == ["organisation", "organisation-2", "organisation-3"]


async def test_to_verify_twice_is_to_verify_once(town: Town, nobody: Context, clock: Clock) -> None:
    made = await town.organization(await town.citizen(), verified=False)

    first = await organizations.verify_organization(nobody, slug=made.slug)
    clock.advance(days=1)
    second = await organizations.verify_organization(nobody, slug=made.slug)

    assert first is not None
    assert first.verified
    assert first == second


async def test_a_political_group_is_never_verified(town: Town, nobody: Context) -> None:
    nath = await town.citizen()
    group = await organizations.create_organization(nath, named("Le Parti", kind=POLITICAL_GROUP))

    with pytest.raises(NeverVerified):
        await organizations.verify_organization(nobody, slug=group.slug)

    nobody.look_again()
    found = await organizations.organization(nobody, group.id)
    assert found is not None
    assert not found.verified


async def test_what_is_not_there_is_none(town: Town, nobody: Context) -> None:
    nath = await town.citizen()

    assert await organizations.organization(nobody, OrganizationId(signed_in(nath.viewer).citizen_id)) is None
    assert await organizations.organization_by_slug(nobody, "demotic") is None
    assert await organizations.verify_organization(nobody, slug="demotic") is None
