"""Events: found, proposed, submitted, completed."""

from collections.abc import Callable, Sequence
from typing import TypeVar, cast
from uuid import UUID

from db.narrowing import Shown
from db.paging import Ownership
from db.queries import citizens, event_search, organizations, reference, standings
from db.queries import events as queries
from db.queries.event_filter import BY_ORGANIZER, BY_TERRITORY, BY_THEME
from db.queries.event_search import EventsOf
from db.rows import attributes
from db.work import Work
from db.writes import event_life as life
from db.writes import events as writes
from db.writes.outbox import tell
from domain import check_in_codes, event_actions, event_life
from domain.charter import check_accepted
from domain.citizens import Citizen
from domain.event_actions import Standing
from domain.events import (
    Event,
    EventCounts,
    EventDetails,
    EventStatus,
    TooYoungToPropose,
    UnknownEvent,
    check_dates_ahead,
    check_details,
    located,
)
from domain.filters import EventFilter, EventOrder
from domain.ids import CitizenId, EventId, OrganizationId, TerritoryCode
from domain.notifications import NotificationKind
from domain.organizations import NotAMember, Organization, UnknownOrganization
from domain.paging import Page, Window
from domain.participations import Participation
from domain.permissions import belongs_to, moderator, organizes, person, signed_in
from domain.permissions import organizer as organizer_of
from domain.refusals import Refusal, refuse_if_any
from domain.territories import UnknownTerritory
from domain.words import ThemeCode, tidy
from resolvers import event_endings
from resolvers.certainty import certain
from resolvers.context import Context, Soon
from resolvers.slugs import slug_of

K = TypeVar("K", bound=UUID | str)


async def event(ctx: Context, id: EventId) -> Event | None:
    return await ctx.loaders.event.load(id)


async def many(ctx: Context, ids: Sequence[EventId | None], shown: Shown = None) -> list[Event | None]:
    """Events in the order of their ids; None for those that the caller may not see."""
    found = await queries.by_id(ctx.reader, ctx.caller, list({each for each in ids if each}), shown)
    return [found.get(each) if each else None for each in ids]


async def event_by_slug(ctx: Context, slug: str, shown: Shown = None) -> Event | None:
    return await ctx.loaders.event_by_slug(slug, shown)


def read_along(participations: Sequence[Participation]) -> list[Event | None] | None:
    """What each is a participation in, where that was read together with all of them."""
    found = attributes(participations, "event")
    return None if None in found else found


async def many_by_slug(ctx: Context, slugs: Sequence[str], shown: Shown = None) -> list[Event | None]:
    found = await queries.by_slug(ctx.reader, ctx.caller, slugs, shown)
    return [found.get(each) for each in slugs]


async def events(ctx: Context, where: EventFilter, *, order: EventOrder, window: Window) -> Page[Event]:
    often = await event_search.often_listed(ctx.reader, ctx.caller, where, order=order, window=window)
    if often is not None:
        return often
    async with ctx.reading() as session:
        return await event_search.listed(session, ctx.caller, where, order=order, window=window)


async def event_total(ctx: Context, where: EventFilter) -> int:
    if (often := await event_search.often_total(ctx.reader, ctx.caller, where)) is not None:
        return often
    async with ctx.reading() as session:
        return await event_search.total(session, ctx.caller, where)


async def organized_events(
    ctx: Context, organizers: Sequence[CitizenId | OrganizationId], where: EventFilter, window: Window
) -> list[Page[Event]]:
    """Of each organiser, the latest first."""
    return await _of_owners(ctx, BY_ORGANIZER, organizers, where, window)


async def organized_event_total(ctx: Context, organizer: CitizenId | OrganizationId, where: EventFilter) -> int:
    return await ctx.loaders.organized_event_total.load(EventsOf(organizer, where))


async def theme_events(
    ctx: Context, themes: Sequence[ThemeCode], where: EventFilter, window: Window
) -> list[Page[Event]]:
    return await _of_owners(ctx, BY_THEME, [theme.value for theme in themes], where, window)


async def theme_event_total(ctx: Context, theme: ThemeCode, where: EventFilter) -> int:
    return await ctx.loaders.theme_event_total.load(EventsOf(theme.value, where))


async def territory_events(
    ctx: Context, codes: Sequence[TerritoryCode], where: EventFilter, window: Window
) -> list[Page[Event]]:
    """Of each territory, what it contains included."""
    return await _of_owners(ctx, BY_TERRITORY, codes, where, window)


async def _of_owners(
    ctx: Context, owned: Ownership[K], owners: Sequence[K], where: EventFilter, window: Window
) -> list[Page[Event]]:
    found = await event_search.often_of_owners(ctx.reader, ctx.caller, owners, where, window, owned=owned)
    if found is None:
        async with ctx.reading() as session:
            found = await event_search.of_owners(session, ctx.caller, owners, where, window, owned=owned)
    return [found[owner] for owner in owners]


async def territory_event_total(ctx: Context, code: TerritoryCode, where: EventFilter) -> int:
    return await ctx.loaders.territory_event_total.load(EventsOf(code, where))


async def counts(ctx: Context, of: EventId) -> EventCounts:
    """How many take part."""
    [found] = await ctx.loaders.event_counts.of([of])
    return found


async def counts_of_each(ctx: Context, of: Sequence[Event]) -> list[EventCounts]:
    """The same of each; by one question, however many fields ask it."""
    return await ctx.loaders.event_counts.of(attributes(of, "id"))


async def organizer(ctx: Context, of: Event) -> Citizen | Organization | None:
    """The organisation, or the citizen who proposed it for themselves; None where that person is hidden or gone."""
    if of.organization_id is not None:
        return await ctx.loaders.organization.load(of.organization_id)
    return await ctx.loaders.citizen.load(of.proposer_id) if of.proposer_id else None


def organizer_at_hand(ctx: Context) -> Callable[[Event], Organization | None]:
    """The same, where it is an organisation that is known."""
    known = ctx.services.known.organizations_at_hand()
    return lambda event: known(event.organization_id)


def organizers(ctx: Context, of: Sequence[Event]) -> Soon[Citizen | Organization | None]:
    """The same for many."""
    ids = attributes(of, "organization_id")
    if None not in ids:
        known = ctx.services.known.already(ids)
        if known is not None:
            return known
    return _organizers(ctx, of, ids)


async def _organizers(
    ctx: Context, of: Sequence[Event], ids: Sequence[OrganizationId | None]
) -> list[Citizen | Organization | None]:
    theirs = await ctx.services.known.organizations(ctx.lasting, [each for each in ids if each])
    people = {each.proposer_id for each, organization in zip(of, ids, strict=True) if organization is None} - {None}
    shown = (
        await citizens.by_id(ctx.reader, person(ctx.caller), cast("list[CitizenId]", list(people))) if people else {}
    )
    return [
        theirs.get(organization) if organization else shown.get(each.proposer_id) if each.proposer_id else None
        for each, organization in zip(of, ids, strict=True)
    ]


def points(ctx: Context, of: Sequence[Event]) -> list[int]:
    """What taking part in each is worth before any factor, by the policy in force when it begins."""
    kept = attributes(of, "kept_worth")
    if None not in kept:
        return kept
    return [each.details.worth(ctx.policies) if worth is None else worth for each, worth in zip(of, kept, strict=True)]


async def check_in_code(ctx: Context, of: Event) -> str | None:
    """The code that is valid now, for its organisers while it is shown; None for everybody else."""
    if not organizes(ctx.viewer, of) or not check_in_codes.shown(of, now=ctx.now()):
        return None
    secret = await ctx.loaders.check_in_secret.load(of.id)
    return None if secret is None else check_in_codes.code_at(secret, ctx.now())


async def propose_event(
    ctx: Context, details: EventDetails, *, organization_id: OrganizationId | None, submit: bool
) -> Event:
    """Write an event down as a draft, or submit it at once: a verified organisation's is published."""
    viewer = signed_in(ctx.caller)
    check_accepted(viewer)
    now = ctx.now()
    details = located(details)
    wrong: list[Refusal] = list(check_details(details))
    if submit:
        wrong.extend(check_dates_ahead(details, now=now))
    async with ctx.unit_of_work() as work:
        if details.territory and not await reference.by_code(work, [details.territory]):
            wrong.append(UnknownTerritory("territory"))
        organization = await _organization(work, organization_id)
        if organization_id is None and not viewer.adult:
            wrong.append(TooYoungToPropose("organization"))
        elif organization_id and organization is None:
            wrong.append(UnknownOrganization("organization"))
        elif organization_id and not belongs_to(viewer, organization_id):
            wrong.append(NotAMember("organization"))
        refuse_if_any(wrong)
        verified = organization is not None and organization.verified
        status = EventStatus.DRAFT
        new = writes.NewEvent(
            details=details,
            worth=details.worth(ctx.policies),
            slug=slug_of(details.title, otherwise="evenement"),
            status=event_life.status_on_submitting(status, by_verified=verified) if submit else status,
            proposer_id=viewer.citizen_id,
            organization_id=organization_id,
            by_verified=verified,
        )
        added = await writes.add_event(work, new, now=now)
    return await _again(ctx, added)


async def submit_event(ctx: Context, id: EventId) -> Event:
    """Submit a draft, or what was rejected and mended."""
    viewer = signed_in(ctx.caller)
    async with ctx.unit_of_work() as work:
        found = await writes.lock_event(work, id, viewer)
        if found is None:
            raise UnknownEvent("id")
        event_actions.may_submit(Standing(viewer=viewer, event=found, now=ctx.now()))
        owner = await _organization(work, found.organization_id)
        verified = owner is not None and owner.verified
        status = event_life.status_on_submitting(found.status, by_verified=verified)
        await writes.change_status(work, id, status, by_verified=verified, now=ctx.now())
    return await _again(ctx, id)


async def review_event(
    ctx: Context, id: EventId, *, decision: event_life.ReviewDecision, reason: str | None = None
) -> Event:
    """Publish what was submitted, or reject it with a reason: for a moderator whom it doesn't concern."""
    viewer = moderator(ctx.caller)
    refuse_if_any(event_life.check_review(decision, reason))
    async with ctx.unit_of_work() as work:
        found = await writes.lock_event(work, id, viewer)
        if found is None:
            raise UnknownEvent("id")
        own = await standings.own(work, viewer, [id])
        event_actions.may_review(Standing(viewer=viewer, event=found, now=ctx.now(), own=id in own))
        status = event_life.status_on_reviewing(found.status, decision)
        owner = await _organization(work, found.organization_id)
        await writes.change_status(
            work,
            id,
            status,
            by_verified=owner is not None and owner.verified,
            rejection_reason=tidy(reason) if status is EventStatus.REJECTED else None,
            now=ctx.now(),
        )
        proposer = await life.with_an_account(work, found.proposer_id)
        kind = NotificationKind.EVENT_REVIEWED
        await tell(work, proposer, kind, event_id=id, now=ctx.now(), decision=decision.value)
    return await _again(ctx, id)


async def complete_event(ctx: Context, id: EventId) -> Event:
    """Close an event after its end: who was registered and didn't come is a no-show. Twice is as good as once."""
    viewer = signed_in(ctx.caller)
    async with ctx.unit_of_work() as work:
        found = await writes.lock_event(work, id, viewer)
        if found is None:
            raise UnknownEvent("id")
        organizer_of(viewer, found)
        if found.status is not EventStatus.COMPLETED:
            event_actions.may_complete(Standing(viewer=viewer, event=found, now=ctx.now()))
            await event_endings.complete(ctx, work, found, now=ctx.now())
    return await _again(ctx, id)


async def _organization(work: Work, id: OrganizationId | None) -> Organization | None:
    return (await organizations.by_id(work, [id])).get(id) if id else None


async def _again(ctx: Context, id: EventId) -> Event:
    return certain(await event(ctx, id), "an event that its organiser has just changed")
