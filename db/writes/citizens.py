"""What citizens say of themselves."""

from collections.abc import Sequence
from typing import Any, TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import citizen
from domain.citizens import ProfileLink
from domain.ids import CitizenId, TerritoryCode


class ProfileChanges(TypedDict, total=False):
    """What of a profile is to change; what is left out stays."""

    full_name: str | None
    bio: str | None
    avatar_url: str | None
    territory: TerritoryCode | None
    links: Sequence[ProfileLink]
    talents: Sequence[str]


async def update_profile(work: AsyncSession, citizen_id: CitizenId, **changes: Unpack[ProfileChanges]) -> None:
    """Change what is given of a citizen's profile."""
    values: dict[str, Any] = dict(changes)  # Any: a value a column
    if "territory" in changes:
        values["territory_code"] = values.pop("territory")
    if "links" in changes:
        values["links"] = [{"label": link.label, "url": link.url} for link in changes["links"]]
    if "talents" in changes:
        values["talents"] = list(changes["talents"])
    if values:
        await work.execute(sa.update(citizen).where(citizen.c.id == citizen_id).values(**values))
