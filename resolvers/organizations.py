"""Organisations: found, made, verified."""

from collections.abc import Sequence

from db.queries import organization_search, reference
from db.queries import organizations as queries
from db.writes import organizations as writes
from domain.filters import OrganizationFilter
from domain.ids import OrganizationId
from domain.moderation import check_may_verify
from domain.organizations import Organization, OrganizationDetails, check_details
from domain.paging import Page, Window
from domain.permissions import signed_in
from domain.refusals import Refusal, refuse_if_any
from domain.territories import UnknownTerritory
from resolvers.certainty import certain
from resolvers.context import Context
from resolvers.slugs import slug_of


async def organization(ctx: Context, id: OrganizationId) -> Organization | None:
    return await ctx.loaders.organization.load(id)


async def many(ctx: Context, ids: Sequence[OrganizationId | None]) -> list[Organization | None]:
    """Organisations in the order of their ids."""
    found = await ctx.services.known.organizations(ctx.lasting, [each for each in ids if each])
    return [found.get(each) if each else None for each in ids]


async def organization_by_slug(ctx: Context, slug: str) -> Organization | None:
    return await ctx.loaders.organization_by_slug.load(slug)


async def many_by_slug(ctx: Context, slugs: Sequence[str]) -> list[Organization | None]:
    found = await queries.by_slug(ctx.reader, slugs)
    return [found.get(each) for each in slugs]


async def organizations(ctx: Context, where: OrganizationFilter, window: Window) -> Page[Organization]:
    """In the order of their names."""
    if (often := await organization_search.often_listed(ctx.reader, where, window)) is not None:
        return often
    async with ctx.reading() as session:
        return await organization_search.listed(session, where, window)


async def organization_total(ctx: Context, where: OrganizationFilter) -> int:
    if (often := await organization_search.often_total(ctx.reader, where)) is not None:
        return often
    async with ctx.reading() as session:
        return await organization_search.total(session, where)


async def create_organization(ctx: Context, details: OrganizationDetails) -> Organization:
    """Make an organisation; the viewer is its first owner. It isn't verified: a moderator does that."""
    viewer = signed_in(ctx.caller)
    wrong: list[Refusal] = list(check_details(details))
    async with ctx.unit_of_work() as work:
        if details.territory and not await reference.by_code(work, [details.territory]):
            wrong.append(UnknownTerritory("territory"))
        refuse_if_any(wrong)
        slug = slug_of(details.name, otherwise="organisation")
        made = await writes.add_organization(work, details, slug=slug, owner=viewer.citizen_id, now=ctx.now())
    return certain(await organization(ctx, made), "an organisation that was just made")


async def verify_organization(ctx: Context, *, slug: str) -> Organization | None:
    """Give an organisation the mark; None where there is none of that slug. For the command line.

    Raises:
        NeverVerified: it is a political group.
    """
    async with ctx.unit_of_work() as work:
        known = (await queries.by_slug(work, [slug])).get(slug)
        if known is not None:
            check_may_verify(known, belongs=frozenset(), verified=True)
            await writes.verify(work, slug, now=ctx.now())
    return await organization_by_slug(ctx, slug)
