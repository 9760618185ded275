"""Special skills: they double points on their theme."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self, cast

import strawberry

from domain import skills as domain
from domain.ids import SkillId
from domain.skills import SkillSource
from engine import Each, reads, relation
from resolvers import citizens as resolve
from resolvers import organizations as resolve_organizations
from resolvers.context import Context
from schema.enums import described
from schema.ids import GlobalId, Kind, sealed
from schema.info import Info
from schema.nodes import Node, found_by
from schema.themes import Theme

if TYPE_CHECKING:
    from schema.organizations import Organization

described(
    SkillSource,
    description="How a skill was gained.",
    REPEATED_CONTRIBUTION="By confirmed participations on its theme, from different organisers.",
    RECOGNITION="A verified organisation recognised it, for a reason that is shown.",
)


@reads(domain.Skill, domain.SkillOnTheme, id=sealed(Kind.SKILL))
@strawberry.type(description="A special skill that a citizen holds: it doubles what events on its theme bring.")
class Skill(Node):
    theme: Theme = strawberry.field(description="The theme that it counts on.")
    source: SkillSource = strawberry.field(description="How it was gained.")
    acquired_at: datetime = strawberry.field(
        description="Since when it is held: it counts for what begins later. The first of its month, for others, where "
        "what completed it is not listed."
    )
    reason: str | None = strawberry.field(description="Why it was recognised; null where it was not.")

    @relation(description="The organisation that recognised it; null where none did.")
    @staticmethod
    async def recognized_by(
        skills: Sequence[domain.Skill], context: Context
    ) -> Each[Annotated["Organization", strawberry.lazy("schema.organizations")] | None]:
        from schema.organizations import Organization

        found = await resolve_organizations.many(context, [skill.recognized_by for skill in skills])
        return [Organization.of(each) if each else None for each in found]

    @classmethod
    def of(cls, record: domain.Skill) -> Self:
        """What is read like that is one, when the program runs."""
        return cast("Self", record)


@found_by(Kind.SKILL)
async def skill_by_id(info: Info, id: GlobalId) -> Skill | None:
    found = await resolve.skill(info.context, SkillId(id.uuid))
    return Skill.of(found) if found else None
