"""Coaching: what to do next."""

from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from domain.words import Sentence
from resolvers.coaching import ToldTip
from schema.guides import Guide
from schema.info import Info
from schema.wording import speak
from schema.words import InLocale

if TYPE_CHECKING:
    from schema.events import Event


@strawberry.type(description="A next step for the viewer, and why.")
class CoachingTip:
    guide: Guide | None = strawberry.field(description="What to read about it; null where there is nothing to add.")
    event: Annotated["Event", strawberry.lazy("schema.events")] | None = strawberry.field(
        description="The event that it is about: one to join, one that is coming up, or one that waits for something."
    )
    sentence: strawberry.Private[Sentence]

    @strawberry.field(description="What to do and why, in a sentence or two.")
    def message(self, info: Info, locale: InLocale = None) -> str:
        return speak(info, self.sentence, locale)

    @classmethod
    def of(cls, record: ToldTip) -> Self:
        from schema.events import Event

        return cls(
            guide=Guide.of(record.guide) if record.guide else None,
            event=Event.of(record.event) if record.event else None,
            sentence=record.message,
        )
