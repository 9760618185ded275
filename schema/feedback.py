"""Feedback: what those who attended thought."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Self, cast

import strawberry

from domain import feedback as domain
from domain.feedback import FeedbackId
from domain.ids import EventId
from engine import reads, relation, takes
from resolvers import citizens as resolve_citizens
from resolvers import events as resolve_events
from resolvers import feedback as resolve
from resolvers.context import Context
from schema.access import CITIZENS
from schema.errors import UserError, outcome
from schema.ids import GlobalId, Kind, key_of, seal
from schema.info import Info
from schema.limits.declared import at_most
from schema.nodes import Node, found_by

if TYPE_CHECKING:
    from schema.citizens import Citizen
    from schema.events import Event


@strawberry.type(description="What one who attended thought. Its id tells nothing of who or when.")
class Feedback(Node):
    rating: int = strawberry.field(description="1 to 5.")
    highlights: str | None = strawberry.field(description="What went well.")
    improvements: str | None = strawberry.field(description="What could be better.")
    created_on: date = strawberry.field(description="The day it was left.")
    record: strawberry.Private[domain.Feedback]

    @strawberry.field(description="The event that it is about.")
    async def event(self, info: Info) -> Annotated["Event", strawberry.lazy("schema.events")]:
        from schema.events import Event

        found = await resolve_events.event(info.context, self.record.event_id)
        if found is None:
            raise LookupError("feedback on an event that doesn't show")
        return Event.of(found)

    @strawberry.field(description="Who left it; null where it was left anonymously, to everybody.")
    async def author(self, info: Info) -> Annotated["Citizen", strawberry.lazy("schema.citizens")] | None:
        from schema.citizens import Citizen

        of = self.record.author_id
        found = await resolve_citizens.citizen(info.context, of) if of else None
        return Citizen.of(found) if found else None

    @classmethod
    def of(cls, record: domain.Feedback) -> Self:
        return cls(
            id=seal(Kind.FEEDBACK, record.id),
            rating=record.rating,
            highlights=record.highlights,
            improvements=record.improvements,
            created_on=record.created_on,
            record=record,
        )


@strawberry.type(description="How many answers gave a rating.")
class RatingCount:
    rating: int = strawberry.field(description="1 to 5.")
    count: int = strawberry.field(description="How many gave it.")


@takes("ratings")
def _counts(summary: domain.FeedbackSummary) -> list[RatingCount]:
    return [RatingCount(rating=rating, count=count) for rating, count in summary.ratings.items()]


@takes("answers")
async def _rates(summaries: Sequence[domain.FeedbackSummary], context: Context) -> list[float | None]:
    return await resolve.response_rates(context, summaries)


@reads(domain.FeedbackSummary, count="answers", ratings=_counts)
@strawberry.type(description="What all answers come to: nothing but their number under three.")
class FeedbackSummary:
    count: int = strawberry.field(description="How many answered.")
    average_rating: float | None = strawberry.field(description="1 to 5; null under three answers.")

    response_rate: float | None = relation(_rates, description="0 to 1, of who attended; null under three answers.")
    ratings: list[RatingCount] = strawberry.field(
        description="Each rating with its number; none under three answers.", directives=at_most(5)
    )

    @classmethod
    def of(cls, record: domain.FeedbackSummary) -> Self:
        """What is read like that is one, when the program runs."""
        return cast("Self", record)


@found_by(Kind.FEEDBACK)
async def feedback_by_id(info: Info, id: GlobalId) -> Feedback | None:
    found = await resolve.feedback_by_id(info.context, FeedbackId(id.uuid))
    return Feedback.of(found) if found else None


@strawberry.input(description="What one thought of an event.")
class LeaveFeedbackInput:
    event: strawberry.ID = strawberry.field(description="The event; one must have attended.")
    rating: int = strawberry.field(description="1 to 5.")
    highlights: str | None = strawberry.field(default=None, description="What went well, in 2,000 characters at most.")
    improvements: str | None = strawberry.field(
        default=None, description="What could be better, in 2,000 characters at most."
    )
    anonymous: bool = strawberry.field(
        default=False, description="Whether nobody is to know who left it: then nobody ever can, oneself included."
    )


@strawberry.type(description="Feedback that was left, or why it was not.")
class FeedbackPayload:
    feedback: Feedback | None = strawberry.field(description="The feedback; null where refused.")
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty where it was not.")


@strawberry.type
class FeedbackMutation:
    @strawberry.mutation(
        directives=CITIZENS, description="Say what one thought of an event, once, from its end until 90 days after."
    )
    async def leave_feedback(
        self, info: Info, input: Annotated[LeaveFeedbackInput, strawberry.argument(description="What one thought.")]
    ) -> FeedbackPayload | None:
        leaving = resolve.leave_feedback(
            info.context,
            EventId(key_of(input.event, Kind.EVENT)),
            rating=input.rating,
            highlights=input.highlights,
            improvements=input.improvements,
            anonymous=input.anonymous,
        )
        left, errors = await outcome(info, leaving)
        return FeedbackPayload(feedback=Feedback.of(left) if left else None, errors=errors)
