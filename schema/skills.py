"""Special skills: they double points on their theme."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from domain import skills as domain
from domain.ids import SkillId
from domain.skills import SkillSource
from resolvers import citizens as resolve
from resolvers import organizations as resolve_organizations
from schema.enums import described
from schema.ids import GlobalId, Kind, seal
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


@strawberry.type(description="A special skill that a citizen holds: it doubles what events on its theme bring.")
class Skill(Node):
    theme: Theme = strawberry.field(description="The theme that it counts on.")
    source: SkillSource = strawberry.field(description="How it was gained.")
    acquired_at: datetime = strawberry.field(
        description="Since when it is held: it counts for what begins later. The first of its month, for others, where "
        "what completed it is not listed."
    )
    reason: str | None = strawberry.field(description="Why it was recognised; null where it was not.")
    record: strawberry.Private[domain.Skill]

    @strawberry.field(description="The organisation that recognised it; null where none did.")
    async def recognized_by(
        self, info: Info
    ) -> Annotated["Organization", strawberry.lazy("schema.organizations")] | None:
        from schema.organizations import Organization

        by = self.record.recognized_by
        found = await resolve_organizations.organization(info.context, by) if by else None
        return Organization.of(found) if found else None

    @classmethod
    def of(cls, record: domain.Skill) -> Self:
        return cls(
            id=seal(Kind.SKILL, record.id),
            theme=Theme.of(record.theme),
            source=record.source,
            acquired_at=record.acquired_at,
            reason=record.reason,
            record=record,
        )


@found_by(Kind.SKILL)
async def skill_by_id(info: Info, id: GlobalId) -> Skill | None:
    found = await resolve.skill(info.context, SkillId(id.uuid))
    return Skill.of(found) if found else None
