"""What citizens say of themselves."""

from datetime import datetime
from typing import Any, Unpack

import sqlalchemy as sa

from db.tables import account, citizen
from db.work import Work
from domain.accounts import ProfileVisibility
from domain.ids import CitizenId
from domain.profiles import ProfileChanges, SettingsChanges


async def update_profile(work: Work, citizen_id: CitizenId, **changes: Unpack[ProfileChanges]) -> None:
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


async def update_settings(
    work: Work, citizen_id: CitizenId, *, now: datetime, **changes: Unpack[SettingsChanges]
) -> None:
    """Change what is given of a citizen's settings.

    Going PUBLIC is kept with the time and the charter that it was chosen under, for as long as it lasts.
    """
    shown = {key: value for key, value in changes.items() if key in ("visibility", "discoverable")}
    if shown:
        await work.execute(sa.update(citizen).where(citizen.c.id == citizen_id).values(**shown))
    chosen = {key: value for key, value in changes.items() if key in ("email_notifications", "locale")}
    if "visibility" in changes:
        public = changes["visibility"] is ProfileVisibility.PUBLIC
        first = account.c.public_since.is_(None)
        charter = sa.case((first, account.c.accepted_charter_version), else_=account.c.public_charter_version)
        chosen["public_since"] = sa.func.coalesce(account.c.public_since, now) if public else None
        chosen["public_charter_version"] = charter if public else None
    if chosen:
        await work.execute(sa.update(account).where(account.c.citizen_id == citizen_id).values(**chosen))
