"""The next steps that matter to the viewer."""

from collections.abc import Sequence
from typing import NamedTuple

from db.queries.coaching import SituationOf
from domain.coaching import Situation, tips
from domain.events import Event
from domain.guides import Guide
from domain.permissions import signed_in
from domain.words import Sentence
from resolvers import citizens, recommendations
from resolvers.context import Context


class ToldTip(NamedTuple):
    """A tip, with its event and in a sentence that names it."""

    guide: Guide | None
    event: Event | None
    message: Sentence


async def coaching(ctx: Context) -> Sequence[ToldTip]:
    """A handful at most; none about an event that has gone from sight meanwhile."""
    given = tips(await _situation(ctx))
    events = iter(await ctx.loaders.event.load_many([tip.event_id for tip in given if tip.event_id is not None]))
    told = []
    for tip in given:
        event = next(events) if tip.event_id is not None else None
        if event is not None or tip.event_id is None:
            told.append(ToldTip(tip.guide, event, tip.told(event=event.details.title if event else None)))
    return told


async def _situation(ctx: Context) -> Situation:
    viewer = signed_in(ctx.caller)
    profile = await ctx.loaders.citizen.load(viewer.citizen_id)
    stands = await ctx.loaders.standing.load(SituationOf(viewer.citizen_id, recommendations.minute(ctx)))
    return Situation(
        influence=await citizens.citizen_influence(ctx, viewer.citizen_id),
        leanings=await recommendations.leanings(ctx, viewer),
        recommendations=[placed.item for placed in await recommendations.recommendations(ctx)],
        coming=stands.coming,
        feedback_due=stands.feedback_due,
        outcome_due=stands.outcome_due,
        attended=stands.attended,
        unlisted=stands.unlisted,
        hidden=stands.hidden,
        adult=viewer.adult,
        organizes=stands.organizes,
        email_verified=stands.email_verified,
        says_where=profile is not None and profile.territory is not None,
        says_who=profile is not None and bool(profile.bio),
    )
