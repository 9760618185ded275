"""Events that suit the viewer, the best first."""

from collections.abc import Sequence
from datetime import datetime

from db.queries.recommendations import CandidatesFor
from domain.citizens import Viewer
from domain.events import Event
from domain.paging import Page, Placed, Window, part
from domain.permissions import signed_in
from domain.policy import PARIS
from domain.recommendations import Leanings, Recommendation, ranked, recommend
from domain.words import Sentence
from resolvers.context import Context

PLACE = (int, str, str)
"""What a place in the list is made of: how well it suits, when it begins, which it is."""


async def recommendations(ctx: Context) -> Sequence[Placed[Recommendation]]:
    """All that is worth recommending to the viewer, with its reasons."""
    viewer = signed_in(ctx.caller)
    about = await leanings(ctx, viewer)
    today = ctx.now().astimezone(PARIS).date()
    found = await ctx.loaders.candidates.load(CandidatesFor(viewer.citizen_id, minute(ctx)))
    return ranked(recommend(each, about, policies=ctx.policies, today=today) for each in found)


async def recommended_events(
    ctx: Context, of: Sequence[Placed[Recommendation]], window: Window
) -> Page[tuple[Event, Sentence]]:
    """A page of them, each with why."""
    page = part(of, window, shape=PLACE)
    events = await ctx.loaders.event.load_many([placed.item.id for placed in page.items])
    shown = tuple(
        Placed((event, placed.item.reason), placed.place)
        for event, placed in zip(events, page.items, strict=True)
        if event is not None
    )
    return Page(shown, page.has_next, page.has_previous)


async def leanings(ctx: Context, viewer: Viewer) -> Leanings:
    """What recommendations to the viewer rest on."""
    profile = await ctx.loaders.citizen.load(viewer.citizen_id)
    return Leanings.of(
        talents=profile.talents if profile else (),
        contributions=await ctx.loaders.contributions.load(viewer.citizen_id),
        past=await ctx.loaders.past.load(viewer.citizen_id),
    )


def minute(ctx: Context) -> datetime:
    """The moment, to the minute: all fields of a request ask the same."""
    return ctx.now().replace(second=0, microsecond=0)
