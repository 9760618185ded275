"""Local actors: they find who is becoming active, and who was found can see by whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from db.queries import events, organizations, reference
from db.queries import local_actors as queries
from db.writes import local_actors as writes
from db.writes.members import lock_organization
from db.writes.outbox import tell
from domain.api_tokens import Partner
from domain.citizens import Viewer
from domain.events import UnknownEvent
from domain.ids import CitizenId, EventId, OrganizationId, TerritoryCode
from domain.local_actors import (
    FOUND_KEPT,
    WINDOW,
    Emerging,
    EventInvitation,
    Found,
    NoSuchInvitation,
    Search,
    UnknownWatch,
    Watch,
    WatchId,
    check_invitation,
    check_watch,
    lookers,
    window_since,
)
from domain.membership import member
from domain.notifications import NotificationKind
from domain.organizations import Organization, UnknownOrganization
from domain.paging import Page, Window
from domain.permissions import belongs_to, signed_in, somebody
from domain.policy import PARIS
from domain.refusals import Refusal, refuse_if_any
from domain.territories import UnknownTerritory
from domain.words import ThemeCode
from resolvers.certainty import certain
from resolvers.context import Context, Services

AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Looking:
    """A search by those who may, and whether it is answered from what was counted of a whole country."""

    search: Search
    by: Sequence[OrganizationId]
    counted: bool


async def looking(
    ctx: Context,
    *,
    territory: TerritoryCode,
    theme: ThemeCode | None,
    since: datetime | None,
    organization: OrganizationId | None,
) -> Looking:
    """Who looks for whom: in the name of the organisation that is named, else of all of theirs that may.

    Raises:
        Unauthenticated, Forbidden: nobody asks, or nobody who may look.
        UnknownTerritory: there is no such territory.
        BadWindow: `since` lies ahead, or more than a year ago.
    """
    now = ctx.now()
    theirs = _organizations_of(somebody(ctx.caller))
    async with ctx.reading() as session:
        known = await organizations.by_id(session, theirs if organization is None else [organization])
        by = lookers(ctx.caller, known.values())
        if not await reference.by_code(session, [territory]):
            raise UnknownTerritory("territory")
        counted = since is None and await queries.is_country(session, territory)
    search = Search(territory=territory, theme=theme, since=window_since(since, now=now), now=now)
    return Looking(search, by, counted)


def _organizations_of(caller: Viewer | Partner) -> list[OrganizationId]:
    return list(caller.organizations) if isinstance(caller, Viewer) else [caller.organization_id]


async def emerging(ctx: Context, looked: Looking, window: Window) -> Page[Emerging]:
    """One page; whoever is on it will see who looked, and on which day."""
    async with ctx.reading() as session:
        page = await queries.emerging(session, looked.search, window, counted=looked.counted)
    shown = [placed.item.citizen.id for placed in page.items]
    async with ctx.unit_of_work() as work:
        await writes.remember_found(work, looked.by, shown, on=looked.search.now.astimezone(PARIS).date())
    return page


async def emerging_total(ctx: Context, looked: Looking) -> int:
    async with ctx.reading() as session:
        return await queries.emerging_total(session, looked.search, counted=looked.counted)


async def found_by(ctx: Context, window: Window) -> Page[Found]:
    """Who found the viewer within a year, the last day first."""
    viewer = signed_in(ctx.caller)
    async with ctx.reading() as session:
        return await queries.found_by(session, viewer.citizen_id, (ctx.now() - FOUND_KEPT).date(), window)


async def found_by_total(ctx: Context) -> int:
    viewer = signed_in(ctx.caller)
    async with ctx.reading() as session:
        return await queries.found_by_total(session, viewer.citizen_id, (ctx.now() - FOUND_KEPT).date())


async def invite_to_event(
    ctx: Context, organization_id: OrganizationId, citizen_id: CitizenId, event_id: EventId
) -> None:
    """Invite somebody whom the organisation has found to an event of its own: once, whoever does it."""
    viewer = member(ctx.caller, organization_id)
    now = ctx.now()
    async with ctx.unit_of_work() as work:
        organization = await lock_organization(work, organization_id)
        if organization is None:
            raise UnknownOrganization("organization")
        event = (await events.by_id(work, viewer, [event_id])).get(event_id)
        if event is None:
            raise UnknownEvent("event")
        since = (now - FOUND_KEPT).date()
        found = await queries.has_found(work, organization_id, citizen_id, since)
        invited = bool(await queries.invitations(work, citizen_id, [event_id]))
        refuse_if_any(check_invitation(organization, event, found=found, invited=invited, now=now))
        if await writes.invite(work, organization_id, citizen_id, event_id, now=now):
            kind = NotificationKind.INVITATION
            await tell(work, [citizen_id], kind, event_id=event_id, now=now, organization=str(organization_id))


async def event_invitations(ctx: Context) -> Sequence[EventInvitation]:
    """What the viewer is invited to and hasn't refused, the latest first."""
    viewer = signed_in(ctx.caller)
    async with ctx.reading() as session:
        return await queries.invitations(session, viewer.citizen_id)


async def refuse_invitation(ctx: Context, event_id: EventId) -> None:
    """Refuse an invitation to an event; nobody can invite to it again."""
    viewer = signed_in(ctx.caller)
    async with ctx.unit_of_work() as work:
        if not await writes.refuse_invitation(work, viewer.citizen_id, event_id, now=ctx.now()):
            raise NoSuchInvitation("event")


async def watches(ctx: Context, organization_id: OrganizationId) -> Sequence[Watch] | None:
    """What an organisation watches, for its members; None for others."""
    if not belongs_to(ctx.caller, organization_id):
        return None
    return await ctx.loaders.watches.load(organization_id)


async def create_watch(
    ctx: Context, organization_id: OrganizationId, *, territory: TerritoryCode, theme: ThemeCode | None, points: int
) -> Watch:
    """Watch a place from now on; who is past the mark already is nobody new."""
    member(ctx.caller, organization_id)
    now = ctx.now()
    async with ctx.unit_of_work() as work:
        organization = await lock_organization(work, organization_id)
        if organization is None:
            raise UnknownOrganization("organization")
        existing = (await queries.watches(work, [organization_id])).get(organization_id, ())
        wrong: list[Refusal] = list(check_watch(organization, points=points, existing=len(existing)))
        if not await reference.by_code(work, [territory]):
            wrong.append(UnknownTerritory("territory"))
        refuse_if_any(wrong)
        added = await writes.add_watch(work, organization_id, place=territory, theme=theme, points=points, now=now)
        search = Search(territory=territory, theme=theme, since=now - WINDOW, now=now)
        counted = await queries.is_country(work, territory)
        past = await queries.past_mark(work, search, points, counted=counted)
        await writes.cross(work, added, (citizen for citizen, _ in past), now=now)
    async with ctx.reading() as session:
        return certain(await queries.watch_by_id(session, added), "a watch that was just made")


async def delete_watch(ctx: Context, id: WatchId) -> OrganizationId:
    """Watch no longer; whose watch it was."""
    async with ctx.unit_of_work() as work:
        known = await queries.watch_by_id(work, id)
        if known is None or not belongs_to(signed_in(ctx.caller), known.organization_id):
            raise UnknownWatch("id")
        await writes.remove_watch(work, id)
    return known.organization_id


async def look_for_all(services: Services) -> int:
    """Tell the members of organisations of those who have newly crossed their marks; how many watches had news."""
    last: WatchId | None = None
    news = 0
    while True:
        async with services.database.reading() as session:
            some = await queries.watches_after(session, last, limit=AT_ONCE)
            owners = await organizations.by_id(session, [each.organization_id for each in some])
        for each in some:
            news += await _look(services, each, owners[each.organization_id])
        if len(some) < AT_ONCE:
            return news
        last = some[-1].id


async def _look(services: Services, watch: Watch, organization: Organization) -> bool:
    now = services.clock()
    if list(check_watch(organization, points=watch.points, existing=0)):
        return False  # it has lost its mark: it sees nobody
    search = Search(territory=watch.territory, theme=watch.theme, since=now - WINDOW, now=now)
    async with services.database.unit_of_work() as work:
        counted = await queries.is_country(work, watch.territory)
        past = await queries.past_mark(work, search, watch.points, counted=counted)
        crossed = await writes.cross(work, watch.id, (citizen for citizen, _ in past), now=now)
        if crossed:
            told = await writes.members(work, watch.organization_id)
            await tell(work, told, NotificationKind.WATCH, now=now, organization=str(watch.organization_id))
    return bool(crossed)
