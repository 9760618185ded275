"""What citizens say of themselves, and what of it shows."""

from typing import Unpack

from db.queries import accounts as queries
from db.queries import reference
from db.writes import citizens as writes
from domain.accounts import check_exposure
from domain.permissions import signed_in
from domain.profiles import ProfileChanges, SettingsChanges, check_profile
from domain.refusals import Refusal, Unauthenticated, refuse_if_any
from domain.territories import UnknownTerritory
from resolvers.accounts import same_viewer_again
from resolvers.context import Context


async def update_profile(ctx: Context, **changes: Unpack[ProfileChanges]) -> None:
    """Change what is given of the viewer's profile."""
    viewer = signed_in(ctx.caller)
    wrong: list[Refusal] = list(check_profile(changes))
    async with ctx.unit_of_work() as work:
        territory = changes.get("territory")
        if territory and not await reference.by_code(work, [territory]):
            wrong.append(UnknownTerritory("territory"))
        refuse_if_any(wrong)
        await writes.update_profile(work, viewer.citizen_id, **changes)
    await same_viewer_again(ctx)


async def update_settings(ctx: Context, **changes: Unpack[SettingsChanges]) -> None:
    """Change what is given of the viewer's settings. Only adults are shown by name, or found."""
    viewer = signed_in(ctx.caller)
    async with ctx.unit_of_work() as work:
        before = await queries.account_of(work, viewer.citizen_id)
        if before is None:
            raise Unauthenticated
        refuse_if_any(
            check_exposure(
                visibility=changes.get("visibility", before.visibility),
                discoverable=changes.get("discoverable", before.discoverable),
                at_least_eighteen=viewer.adult,
            )
        )
        await writes.update_settings(work, viewer.citizen_id, now=ctx.now(), **changes)
    await same_viewer_again(ctx)
