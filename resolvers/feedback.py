"""Feedback: left once by those who attended, read by those who organise, summed up for all."""

from collections.abc import Callable, Sequence

from db.queries import members
from db.queries.ratings import NO_ANSWERS, ratings
from db.rows import attributes
from db.writes import events as event_writes
from db.writes import feedback as writes
from db.writes import participations
from db.writes.outbox import tell
from domain.events import Event, EventCounts, UnknownEvent
from domain.feedback import (
    FEWEST,
    Feedback,
    FeedbackGiven,
    FeedbackId,
    FeedbackSummary,
    check_feedback,
    check_may_leave_feedback,
    response_rate,
    summary,
)
from domain.ids import EventId
from domain.notifications import NotificationKind
from domain.paging import Page, Window
from domain.permissions import reads_feedback, signed_in
from domain.policy import PARIS
from domain.refusals import refuse_if_any
from domain.words import tidy
from resolvers.context import Context, Soon


def summary_at_hand(_: Context) -> Callable[[Event], FeedbackSummary | None]:
    """What all answers come to, where they were read with the event."""
    return lambda event: None if event.feedback is None else summary(event.id, event.feedback)


def summaries(ctx: Context, of: Sequence[Event]) -> Soon[FeedbackSummary]:
    """What all answers come to, for everybody. They are asked for where they weren't read with the events."""
    read = attributes(of, "feedback")
    return _summaries(ctx, of) if None in read else list(map(summary, attributes(of, "id"), read))


async def _summaries(ctx: Context, of: Sequence[Event]) -> list[FeedbackSummary]:
    found = await ratings(ctx.reader, [each.id for each in of])
    return [summary(each.id, found.get(each.id, NO_ANSWERS)) for each in of]


async def response_rates(ctx: Context, of: Sequence[FeedbackSummary]) -> list[float | None]:
    """How many of those who attended answered; they are counted where there are answers enough."""
    told = [each.event_id for each in of if each.answers >= FEWEST]
    counts = dict(zip(told, await ctx.loaders.event_counts.of(told), strict=True))
    return [response_rate(each, attended=counts.get(each.event_id, EventCounts()).attended) for each in of]


async def feedback_page(ctx: Context, of: Event, window: Window) -> Page[Feedback] | None:
    """The answers, for organisers, their tokens and moderators; None to others."""
    return await ctx.loaders.feedback.load((of.id, window)) if reads_feedback(ctx.caller, of) else None


async def feedback_total(ctx: Context, of: EventId) -> int:
    return await ctx.loaders.feedback_total.load(of)


async def feedback_by_id(ctx: Context, id: FeedbackId) -> Feedback | None:
    return await ctx.loaders.feedback_by_id.load(id)


async def own_feedback(ctx: Context, of: EventId) -> Feedback | None:
    """What the viewer said of an event by name."""
    return await ctx.loaders.own_feedback.load(of)


async def leave_feedback(
    ctx: Context, event_id: EventId, *, rating: int, highlights: str | None, improvements: str | None, anonymous: bool
) -> Feedback:
    """Answer, once. Anonymously, nothing that is kept says who."""
    viewer = signed_in(ctx.caller)
    refuse_if_any(check_feedback(rating, highlights=highlights, improvements=improvements))
    now = ctx.now()
    async with ctx.unit_of_work() as work:
        event = await event_writes.lock_event(work, event_id, viewer, shared=True)
        if event is None:
            raise UnknownEvent("event")
        attended = await participations.find(work, viewer.citizen_id, event_id)
        check_may_leave_feedback(event, attended, now=now)
        if attended is None or not await writes.mark_answered(work, attended):
            raise FeedbackGiven("event")
        day = now.astimezone(PARIS).date()
        highlights, improvements = tidy(highlights), tidy(improvements)
        author = None if anonymous else viewer.citizen_id
        if event.organization_id is not None:
            places = (await members.of_organizations(work, [event.organization_id])).get(event.organization_id, ())
            organizers = [each.citizen_id for each in places if each.current]
        else:
            organizers = [event.proposer_id] if event.proposer_id else []
        if not anonymous:  # when an anonymous answer came would tell who it was from
            await tell(work, organizers, NotificationKind.FEEDBACK_RECEIVED, event_id=event_id, now=now)
        left = await writes.add_feedback(  # at the end: who answers about the same event waits for the commit
            work, event_id, author=author, rating=rating, highlights=highlights, improvements=improvements, on=day
        )
    return Feedback(
        id=left,
        event_id=event_id,
        author_id=author,
        rating=rating,
        highlights=highlights,
        improvements=improvements,
        created_on=day,
    )
