"""What an event is to the viewer: what they can do with it now, and what it is worth to them."""

from collections.abc import Sequence

from domain import event_actions, rewards
from domain.event_actions import Standing
from domain.event_life import EventAction
from domain.events import Event
from domain.points import Award
from domain.skills import Skill
from resolvers.context import Context


async def actions(ctx: Context, of: Event) -> Sequence[EventAction]:
    """What the viewer could do with an event now; nothing for whoever isn't signed in."""
    if ctx.viewer is None:
        return ()
    standing = Standing(
        viewer=ctx.viewer,
        event=of,
        now=ctx.now(),
        participation=await ctx.loaders.viewer_participation.load(of.id),
        own=await ctx.loaders.own_event.load(of.id),
    )
    return event_actions.available(standing)


async def reward(ctx: Context, of: Event) -> Award | None:
    """What attending would bring to the viewer, by the policy in force when it begins; None without a viewer."""
    if ctx.viewer is None:
        return None
    past = await ctx.loaders.past.load(ctx.viewer.citizen_id)
    return rewards.reward(of, past, policy=ctx.policies.in_force_at(of.details.starts_at))


async def skill(ctx: Context, of: Award) -> Skill | None:
    """The viewer's skill that an award counts, where they still hold it."""
    if ctx.viewer is None or of.skill_theme is None:
        return None
    held = await ctx.loaders.skills.load(ctx.viewer.citizen_id)
    return next((each for each in held if each.theme is of.skill_theme), None)
