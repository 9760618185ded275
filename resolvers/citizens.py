"""Citizens: their profile, their influence and what it is made of."""

from collections.abc import Sequence

from db.narrowing import Shown
from db.queries import citizen_search
from db.queries import citizens as queries
from db.queries import ledger as ledger_queries
from db.queries.citizens import ThemeSums
from db.rows import attributes, columns
from domain.citizens import Citizen, ThemeActivity
from domain.filters import CitizenFilter, CitizenOrder
from domain.ids import CitizenId, LedgerEntryId, SkillId
from domain.influence import Influence, Totals, influence
from domain.influence import influences as influences_of
from domain.ledger import LedgerEntry
from domain.paging import Page, Window
from domain.participations import Participation
from domain.permissions import person
from domain.policy import Policy
from domain.skills import Skill, SkillOnTheme, progress
from domain.words import ThemeCode
from resolvers.context import Context, Soon


async def citizen(ctx: Context, id: CitizenId) -> Citizen | None:
    return await ctx.loaders.citizen.load(id)


async def many(ctx: Context, ids: Sequence[CitizenId | None], shown: Shown = None) -> list[Citizen | None]:
    """Citizens in the order of their ids; None for whoever is hidden or gone."""
    found = await queries.by_id(ctx.reader, person(ctx.caller), list({each for each in ids if each}), shown)
    return [found.get(each) if each else None for each in ids]


async def citizen_by_handle(ctx: Context, handle: str, shown: Shown = None) -> Citizen | None:
    return await ctx.loaders.citizen_by_handle(handle, shown)


def of_participations(ctx: Context, participations: Sequence[Participation]) -> Soon[Citizen | None]:
    """Who takes part in each; None for whoever is hidden or gone. Asked for where they weren't read together."""
    found = attributes(participations, "citizen")
    return many(ctx, [each.citizen_id for each in participations]) if None in found else found


async def many_by_handle(ctx: Context, handles: Sequence[str], shown: Shown = None) -> list[Citizen | None]:
    found = await queries.by_handle(ctx.reader, person(ctx.caller), handles, shown)
    return list(map(found.get, handles))


async def citizens(ctx: Context, where: CitizenFilter, *, order: CitizenOrder, window: Window) -> Page[Citizen]:
    policy, asker = ctx.policies.in_force_at(ctx.now()), ctx.caller
    often = await citizen_search.often_listed(ctx.reader, asker, where, order=order, window=window, policy=policy)
    if often is not None:
        return often
    async with ctx.reading() as session:
        return await citizen_search.listed(session, asker, where, order=order, window=window, policy=policy)


async def citizen_total(ctx: Context, where: CitizenFilter, *, order: CitizenOrder) -> int:
    policy, asker = ctx.policies.in_force_at(ctx.now()), ctx.caller
    often = await citizen_search.often_total(ctx.reader, asker, where, order=order, policy=policy)
    if often is not None:
        return often
    async with ctx.reading() as session:
        return await citizen_search.total(session, asker, where, order=order, policy=policy)


async def citizen_influence(ctx: Context, of: CitizenId) -> Influence:
    """By the policy in force now."""
    return influence(await ctx.loaders.totals.load(of), policy=ctx.policies.in_force_at(ctx.now()))


async def skills(ctx: Context, of: CitizenId) -> Sequence[Skill]:
    """Held now, the oldest first."""
    return await ctx.loaders.skills.load(of)


def influences(ctx: Context, of: Sequence[Citizen]) -> Soon[Influence]:
    """The same for many. Their sums are asked for where they weren't read with them."""
    policy = ctx.policies.in_force_at(ctx.now())
    sums = columns(of, "points", "earned_points")
    return _influences(ctx, of, policy) if sums is None else influences_of(*sums, policy=policy)


async def _influences(ctx: Context, of: Sequence[Citizen], policy: Policy) -> list[Influence]:
    found = await queries.totals(ctx.reader, [each.id for each in of])
    return [influence(found.get(each.id, Totals()), policy=policy) for each in of]


def skills_by_theme(of: Sequence[Citizen]) -> list[Sequence[SkillOnTheme]] | None:
    """The same where nothing but their themes is looked at, and these were read with all of them."""
    skills = attributes(of, "skills_by_theme")
    return None if None in skills else skills


async def skills_of_each(ctx: Context, of: Sequence[Citizen]) -> Sequence[Sequence[Skill]]:
    """Held now, the oldest first."""
    held = await queries.skills(ctx.reader, person(ctx.caller), [each.id for each in of])
    return [held.get(each.id, ()) for each in of]


async def held(ctx: Context, of: Sequence[tuple[CitizenId, ThemeCode]]) -> list[Skill | None]:
    """The skill that somebody holds now on a theme; None where they hold none."""
    found = await queries.skills(ctx.reader, person(ctx.caller), list({citizen for citizen, _ in of}))
    skills = {(citizen, each.theme): each for citizen, theirs in found.items() for each in theirs}
    return [skills.get(each) for each in of]


async def skill(ctx: Context, id: SkillId) -> Skill | None:
    return await ctx.loaders.skill.load(id)


async def theme_activities(ctx: Context, of: Sequence[CitizenId]) -> list[list[ThemeActivity]]:
    """What each has done on each theme, the strongest first."""
    policy = ctx.policies.in_force_at(ctx.now())
    found = await queries.theme_sums(ctx.reader, person(ctx.caller), of)
    return [[_activity(sums, policy) for sums in found.get(each, ())] for each in of]


def _activity(sums: ThemeSums, policy: Policy) -> ThemeActivity:
    missing = progress(sums.contributions, sums.organizers, policy=policy)
    return ThemeActivity(
        sums.theme, sums.participations, sums.points, missing.contributions_missing, missing.organizers_missing
    )


async def ledgers(ctx: Context, of: Sequence[CitizenId], window: Window) -> list[Page[LedgerEntry]]:
    """Of each, the newest entry first."""
    found = await ledger_queries.of_citizens(ctx.reader, person(ctx.caller), [(each, window) for each in of])
    return [found[each, window] for each in of]


async def ledger_total(ctx: Context, of: CitizenId) -> int:
    return await ctx.loaders.ledger_total.load(of)


async def ledger_entries(
    ctx: Context, ids: Sequence[LedgerEntryId | None], shown: Shown = None
) -> list[LedgerEntry | None]:
    """Entries in the order of their ids; None for those that the caller may not see."""
    asked = list({each for each in ids if each})
    found = await ledger_queries.by_id(ctx.reader, person(ctx.caller), asked, shown) if asked else {}
    return [found.get(each) if each else None for each in ids]


async def ledger_entry(ctx: Context, id: LedgerEntryId) -> LedgerEntry | None:
    return await ctx.loaders.ledger_entry.load(id)
