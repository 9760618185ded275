"""Citizens: their profile, their influence and what it is made of."""

from collections.abc import Sequence

from db.queries import citizen_search
from domain.citizens import Citizen, ThemeActivity
from domain.filters import CitizenFilter, CitizenOrder
from domain.ids import CitizenId, LedgerEntryId, SkillId
from domain.influence import Influence, influence
from domain.ledger import LedgerEntry
from domain.paging import Page, Window
from domain.skills import Skill, progress
from resolvers.context import Context


async def citizen(ctx: Context, id: CitizenId) -> Citizen | None:
    return await ctx.loaders.citizen.load(id)


async def citizen_by_handle(ctx: Context, handle: str) -> Citizen | None:
    return await ctx.loaders.citizen_by_handle.load(handle)


async def citizens(ctx: Context, where: CitizenFilter, *, order: CitizenOrder, window: Window) -> Page[Citizen]:
    policy = ctx.policies.in_force_at(ctx.now())
    async with ctx.reading() as session:
        return await citizen_search.listed(session, ctx.caller, where, order=order, window=window, policy=policy)


async def citizen_total(ctx: Context, where: CitizenFilter, *, order: CitizenOrder) -> int:
    policy = ctx.policies.in_force_at(ctx.now())
    async with ctx.reading() as session:
        return await citizen_search.total(session, ctx.caller, where, order=order, policy=policy)


async def citizen_influence(ctx: Context, of: CitizenId) -> Influence:
    """By the policy in force now."""
    return influence(await ctx.loaders.totals.load(of), policy=ctx.policies.in_force_at(ctx.now()))


async def skills(ctx: Context, of: CitizenId) -> Sequence[Skill]:
    """Held now, the oldest first."""
    return await ctx.loaders.skills.load(of)


async def skill(ctx: Context, id: SkillId) -> Skill | None:
    return await ctx.loaders.skill.load(id)


async def theme_activities(ctx: Context, of: CitizenId) -> Sequence[ThemeActivity]:
    """What a citizen has done on each theme, the strongest first."""
    policy = ctx.policies.in_force_at(ctx.now())
    activities = []
    for sums in await ctx.loaders.theme_sums.load(of):
        missing = progress(sums.contributions, sums.organizers, policy=policy)
        activities.append(
            ThemeActivity(
                sums.theme,
                sums.participations,
                sums.points,
                missing.contributions_missing,
                missing.organizers_missing,
            )
        )
    return activities


async def ledger(ctx: Context, of: CitizenId, window: Window) -> Page[LedgerEntry]:
    """The newest entry first."""
    return await ctx.loaders.ledger.load((of, window))


async def ledger_total(ctx: Context, of: CitizenId) -> int:
    return await ctx.loaders.ledger_total.load(of)


async def ledger_entry(ctx: Context, id: LedgerEntryId) -> LedgerEntry | None:
    return await ctx.loaders.ledger_entry.load(id)
