"""Credentials: what a citizen takes away of what they took part in, and the lists of those that hold no longer."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from db.queries import badges as queries
from domain import badges as domain
from domain.badges import Badge, BadgeTexts, CredentialName, Json, attests, minutes_of
from domain.citizens import Viewer
from domain.events import Event
from domain.participations import Participation
from resolvers import citizens, events
from resolvers.context import Context

LIST_SECONDS = 300
"""How long a status list is good for, to whoever has it."""
HIGHEST_LIST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class SignedBadge:
    """A credential: what it says, and the same as a JWT."""

    claims: Json
    token: str


@dataclass(frozen=True, slots=True)
class SignedList:
    """A status list as a JWT, as it was at a time."""

    token: str
    valid_from: datetime


async def badge(ctx: Context, of: Participation, called: CredentialName) -> Badge | None:
    """The facts of the viewer's credential; None where the participation is another's, or attendance doesn't stand.

    The first time somebody asks, a place in a status list is drawn.
    """
    viewer = ctx.viewer
    if viewer is None or viewer.citizen_id != of.citizen_id or not attests(of):
        return None
    if ctx.reads_elsewhere:
        ctx.read_here()  # whoever asks first is given a place in a status list, which is written
    entry, event = await asyncio.gather(ctx.loaders.badge_status.load(of.id), ctx.loaders.event.load(of.event_id))
    if entry is None or event is None or of.evidence is None or of.attended_at is None:
        return None  # withdrawn since the participation was read
    name, organizer = await asyncio.gather(_name(ctx, viewer, called), _organizer(ctx, event))
    details = event.details
    return Badge(
        event=event,
        status=entry,
        called=called if name else CredentialName.HANDLE,
        name=name or await _handle(ctx, viewer),
        organizer=organizer,
        minutes=minutes_of(details, ctx.policies.in_force_at(details.starts_at)),
        evidence=of.evidence,
        valid_from=of.attended_at,
    )


def signed(ctx: Context, badge: Badge, texts: BadgeTexts) -> SignedBadge:
    """A credential with its signature. The same facts and texts give the same one, as long as the key is the same."""
    issuer = ctx.services.badges
    claims = domain.credential(badge, texts, issuer.at)
    return SignedBadge(claims, issuer.signed(claims))


async def status_list(ctx: Context, number: int) -> SignedList | None:
    """A status list as it is now, said to be so since the last full five minutes; None where there is none."""
    if not 0 < number <= HIGHEST_LIST:
        return None
    async with ctx.reading() as session:
        revoked = await queries.revoked(session, number)
    if revoked is None:
        return None
    now = ctx.now()
    since = now - timedelta(seconds=now.timestamp() % LIST_SECONDS)
    issuer = ctx.services.badges
    listed = domain.status_list(number, revoked, issuer.at, valid_from=since, seconds=LIST_SECONDS)
    return SignedList(issuer.signed(listed), since)


async def _name(ctx: Context, viewer: Viewer, called: CredentialName) -> str | None:
    """Their full name, where they want to be called so and have said it."""
    return await ctx.loaders.own_name.load(viewer.citizen_id) if called is CredentialName.FULL_NAME else None


async def _handle(ctx: Context, viewer: Viewer) -> str:
    found = await citizens.citizen(ctx, viewer.citizen_id)
    if found is None:
        raise LookupError("a viewer who doesn't see their own profile")
    return found.handle


async def _organizer(ctx: Context, event: Event) -> str | None:
    found = await events.organizer(ctx, event)
    return found.name if found else None
