"""Memberships as if accepted, and left, at some time: for the rules that look back."""

from datetime import datetime

from db import models
from domain.ids import OrganizationId
from domain.organizations import MemberRole
from resolvers.context import Context
from tests.ledgers import me


async def belongs(who: Context, to: OrganizationId | None, *, since: datetime, until: datetime | None = None) -> None:
    """`who` is a manager of an organisation from then on, until they left it."""
    assert to is not None
    async with who.unit_of_work() as work:
        work.add(
            models.OrganizationMember(
                organization_id=to,
                citizen_id=me(who),
                role=MemberRole.MANAGER,
                invited_at=since,
                accepted_at=since,
                left_at=until,
            )
        )
