"""What an event is to whoever looks at it: what they can do with it, what it is worth to them, what came of it."""

from datetime import datetime
from typing import Self

import strawberry

from domain import events as domain
from domain.event_life import EventAction
from domain.points import Award
from domain.rewards import explain
from resolvers import event_viewing as resolve
from schema.enums import described
from schema.info import Info
from schema.scalars import URL
from schema.skills import Skill
from schema.wording import speak
from schema.words import InLocale

described(
    EventAction,
    description="What people do with an event.",
    UPDATE="`updateEvent`: its organisers, until it is cancelled; once it is completed, its words alone.",
    SUBMIT="`submitEvent`: its organisers, what they drafted or mended.",
    REVIEW="`reviewEvent`: moderators whom it does not concern, while it waits.",
    CANCEL="`cancelEvent`: its organisers, until the end.",
    COMPLETE="`completeEvent`: its organisers, after the end.",
    ANNUL="`annulEvent`: moderators whom it does not concern, once it is completed.",
    PUBLISH_OUTCOME="`publishOutcome`: its organisers, after the end.",
    CONFIRM_ATTENDANCE="`confirmAttendance`: its organisers, from half an hour before the start until 30 days after.",
    REGISTER="`register`: until the end.",
    CANCEL_REGISTRATION="`cancelRegistration`: whoever has a seat or waits for one.",
    CHECK_IN="`checkIn`: whoever has a seat, from half an hour before the start until two hours after the end.",
    LEAVE_FEEDBACK="`leaveFeedback`: whoever attended, once, from the end until 90 days after.",
)


@strawberry.type(description="What came of an event, as its organisers tell it.")
class Outcome:
    summary: str = strawberry.field(description="What came of it.")
    decisions: list[str] = strawberry.field(description="What was decided.")
    document_url: URL | None = strawberry.field(description="Where more is to be read: minutes, a report.")
    published_at: datetime = strawberry.field(description="When it was told first; it may have been put right since.")

    @classmethod
    def of(cls, record: domain.Outcome) -> Self:
        return cls(
            summary=record.summary,
            decisions=list(record.decisions),
            document_url=URL(record.document_url) if record.document_url else None,
            published_at=record.published_at,
        )


@strawberry.type(description="What attending an event is worth to the viewer now.")
class Reward:
    points: int = strawberry.field(description="What it would bring, everything counted.")
    multiplier: float = strawberry.field(description="All factors together: a skill, repetition, two places at once.")
    record: strawberry.Private[Award]

    @strawberry.field(description="The skill of yours that doubles it; null where none does.")
    async def skill(self, info: Info) -> Skill | None:
        found = await resolve.skill(info.context, self.record)
        return Skill.of(found) if found else None

    @strawberry.field(description="What is counted and why, in a sentence.")
    def explanation(self, info: Info, locale: InLocale = None) -> str:
        return speak(info, explain(self.record, policies=info.context.policies), locale)

    @classmethod
    def of(cls, record: Award) -> Self:
        return cls(points=record.points, multiplier=float(record.multiplier), record=record)
