"""What citizens say of themselves, as it is kept."""

from db.writes.citizens import update_profile
from domain.accounts import ProfileVisibility
from domain.citizens import Citizen, ProfileLink
from domain.ids import TerritoryCode
from domain.permissions import signed_in
from resolvers import citizens
from resolvers.context import Context
from tests.factories import Town


async def shown(ctx: Context) -> Citizen:
    found = await citizens.citizen(ctx, signed_in(ctx.viewer).citizen_id)
    assert found is not None
    return found


async def test_what_is_left_out_of_a_profile_change_stays(town: Town) -> None:
    nath = await town.citizen("nath", visibility=ProfileVisibility.PUBLIC, full_name="Nathan Berto")
    links = (ProfileLink("Carnet", "https://example.org/carnet"),)
    async with nath.unit_of_work() as work:
        await update_profile(work, signed_in(nath.viewer).citizen_id, bio="Bonjour.", links=links, talents=["droit"])

    async with nath.unit_of_work() as work:
        await update_profile(work, signed_in(nath.viewer).citizen_id, bio=None, territory=TerritoryCode("FR-85"))

    changed = await shown(nath)
    assert (changed.bio, changed.territory) == (None, "FR-85")
    assert (changed.full_name, changed.links, changed.talents) == ("Nathan Berto", links, ("droit",))


async def test_a_profile_change_is_its_owners_alone(town: Town) -> None:
    nath, other = await town.citizen(), await town.citizen()
    async with nath.unit_of_work() as work:
        await update_profile(work, signed_in(nath.viewer).citizen_id, bio="Bonjour.", avatar_url=None)
        await update_profile(work, signed_in(nath.viewer).citizen_id)

    assert (await shown(nath)).bio == "Bonjour."
    assert (await shown(other)).bio is None
