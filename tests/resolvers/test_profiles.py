"""Profiles and settings: changed by their owner, shown as they choose."""

from collections.abc import Mapping
from typing import Any

import pytest
import sqlalchemy as sa

from db.tables import account as account_table
from domain.accounts import ProfileVisibility, TooYoungToBeFound, TooYoungToBePublic
from domain.charter import CHARTER_VERSION
from domain.citizens import Citizen, ProfileLink
from domain.ids import TerritoryCode
from domain.permissions import signed_in
from domain.profiles import ProfileChanges, SettingsChanges
from domain.refusals import Refusals, Unauthenticated
from domain.territories import UnknownTerritory
from domain.words import Locale
from resolvers import accounts, citizens, profiles
from resolvers.context import Context
from tests.clock import Clock
from tests.factories import Town

PUBLIC, PSEUDONYMOUS, HIDDEN = ProfileVisibility.PUBLIC, ProfileVisibility.PSEUDONYMOUS, ProfileVisibility.HIDDEN


async def shown(to: Context, of: Context) -> Citizen | None:
    to.look_again()
    return await citizens.citizen(to, signed_in(of.viewer).citizen_id)


async def consent(ctx: Context) -> Mapping[str, Any]:
    """What is kept of the choice to be PUBLIC."""
    kept = sa.select(account_table.c.public_since, account_table.c.public_charter_version)
    async with ctx.reading() as session:
        found = await session.execute(kept.where(account_table.c.citizen_id == signed_in(ctx.viewer).citizen_id))
        return dict(found.one()._mapping)


async def test_a_profile_is_changed_field_by_field_and_cleared(town: Town, nobody: Context) -> None:
    nath = await town.citizen("nath", visibility=PUBLIC, full_name="Nathan Berto")
    link = ProfileLink("Carnet", "https://example.org/carnet")

    await profiles.update_profile(nath, bio="Bonjour.", links=[link], talents=["droit"])
    await profiles.update_profile(nath, territory=TerritoryCode("FR-85"), avatar_url="https://example.org/moi.png")

    changed = await shown(nobody, nath)
    assert changed is not None
    assert (changed.name, changed.bio, changed.links) == ("nath (Nathan Berto)", "Bonjour.", (link,))
    assert (changed.talents, changed.territory) == (("droit",), "FR-85")
    await profiles.update_profile(nath, full_name=None, bio=None, territory=None, links=[], talents=[])
    cleared = await shown(nobody, nath)
    assert cleared is not None
    assert (cleared.name, cleared.bio, cleared.territory, cleared.links, cleared.talents) == (
        "nath",
        None,
        None,
        (),
        (),
    )


async def test_everything_that_is_wrong_is_told_at_once_and_nothing_is_changed(town: Town) -> None:
    nath = await town.citizen("nath")

    with pytest.raises(Refusals) as refused:
        await profiles.update_profile(nath, bio="b" * 2_001, territory=TerritoryCode("FR-99"), talents=["droit"])

    assert [refusal.path for refusal in refused.value.refusals] == [("bio",), ("territory",)]
    assert isinstance(refused.value.refusals[1], UnknownTerritory)
    kept = await shown(nath, nath)
    assert kept is not None
    assert kept.talents == ()


async def test_going_public_is_kept_with_its_time_and_charter_for_as_long_as_it_lasts(
    town: Town, nobody: Context, clock: Clock
) -> None:
    nath = await town.citizen("nath", full_name="Nathan Berto")
    assert await consent(nath) == {"public_since": None, "public_charter_version": None}

    chosen = {"public_since": clock.advance(days=1), "public_charter_version": CHARTER_VERSION}
    await profiles.update_settings(nath, visibility=PUBLIC)
    assert await consent(nath) == chosen
    clock.advance(days=1)
    await profiles.update_settings(nath, visibility=PUBLIC, locale=Locale.EN)
    assert await consent(nath) == chosen
    found = await shown(nobody, nath)
    assert found is not None
    assert found.name == "nath (Nathan Berto)"

    await profiles.update_settings(nath, visibility=PSEUDONYMOUS)
    assert await consent(nath) == {"public_since": None, "public_charter_version": None}
    found = await shown(nobody, nath)
    assert found is not None
    assert found.name == "nath"


async def test_signing_up_as_public_is_such_a_choice_too(town: Town, clock: Clock) -> None:
    nath = await town.citizen("nath", visibility=PUBLIC)

    assert await consent(nath) == {"public_since": clock.now, "public_charter_version": CHARTER_VERSION}


async def test_what_is_left_out_of_the_settings_stays(town: Town) -> None:
    nath = await town.citizen("nath")

    await profiles.update_settings(nath, discoverable=True, email_notifications=False)
    await profiles.update_settings(nath, visibility=HIDDEN)
    await profiles.update_settings(nath, locale=Locale.EN)
    await profiles.update_settings(nath)

    now = await accounts.account(nath)
    assert (now.discoverable, now.email_notifications, now.visibility, now.locale) == (True, False, HIDDEN, Locale.EN)
    assert nath.locale is Locale.EN


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        (SettingsChanges(visibility=PUBLIC), TooYoungToBePublic),
        (SettingsChanges(discoverable=True), TooYoungToBeFound),
    ],
)
async def test_who_does_not_say_they_are_18_is_neither_public_nor_found(
    town: Town, changes: SettingsChanges, refusal: type[Exception]
) -> None:
    young = await town.citizen("nath", adult=False)
    before = await accounts.account(young)

    with pytest.raises(Refusals) as refused:
        await profiles.update_settings(young, **changes)

    assert [type(each) for each in refused.value.refusals] == [refusal]
    assert await accounts.account(young) == before


async def test_nobody_has_a_profile_to_change(nobody: Context) -> None:
    for change in (profiles.update_profile(nobody, **ProfileChanges()), profiles.update_settings(nobody)):
        with pytest.raises(Unauthenticated):
            await change
