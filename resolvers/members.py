"""Organisations from within: who belongs to one, its tokens, what it changes of itself, what it brought about."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from secrets import token_urlsafe

from db.queries import citizens as citizen_queries
from db.queries import impact as impact_queries
from db.queries import members as queries
from db.queries import reference
from db.queries.impact import ImpactOf
from db.work import Work
from db.writes import members as writes
from db.writes.outbox import tell
from domain import membership, organizations
from domain.api_tokens import SECRET_PREFIX, ApiToken, ApiTokenId, TokenScope, UnknownToken, check_token
from domain.citizens import Citizen
from domain.ids import CitizenId, OrganizationId
from domain.impact import Impact, ImpactSums, impact
from domain.membership import AlreadyAMember, Membership, NotInvited, UnknownCitizen
from domain.notifications import NotificationKind
from domain.organizations import MemberRole, Organization, OrganizationDetails, UnknownOrganization
from domain.permissions import belongs_to, owns, signed_in
from domain.refusals import Refusal, refuse_if_any
from domain.territories import UnknownTerritory
from resolvers.certainty import certain
from resolvers.context import Context
from resolvers.organizations import organization
from resolvers.tokens import fingerprint


async def members(ctx: Context, of: OrganizationId) -> Sequence[tuple[Membership, Citizen]] | None:
    """Who is in or invited and may be seen; for its members and moderators, None to others."""
    if not belongs_to(ctx.viewer, of) and not (ctx.viewer and ctx.viewer.moderator):
        return None
    found = await ctx.loaders.members.load(of)
    citizens = await ctx.loaders.citizen.load_many([each.citizen_id for each in found])
    return [(each, citizen) for each, citizen in zip(found, citizens, strict=True) if citizen is not None]


async def tokens(ctx: Context, of: OrganizationId) -> Sequence[ApiToken] | None:
    """Its tokens; for its owners, None to others."""
    return await ctx.loaders.api_tokens.load(of) if owns(ctx.viewer, of) else None


async def memberships(ctx: Context) -> Sequence[Membership]:
    """Where the viewer belongs, or is invited."""
    viewer = signed_in(ctx.caller)
    async with ctx.reading() as session:
        return await queries.of_viewer(session, viewer)


async def organization_impact(
    ctx: Context, of: OrganizationId, *, starts_from: datetime | None, starts_before: datetime | None
) -> Impact:
    """What its completed events of a span brought about."""
    async with ctx.reading() as session:
        key = ImpactOf(of, starts_from, starts_before)
        return impact((await impact_queries.impacts(session, [key])).get(key, ImpactSums()))


async def update_organization(ctx: Context, id: OrganizationId, changes: Mapping[str, object]) -> Organization:
    """Change what is said of an organisation; another name costs it the mark, until a moderator has looked again.

    Args:
        ctx: Of the request.
        id: Which one.
        changes: Columns and their new values; what isn't there stays.
    """
    membership.member(ctx.caller, id)
    async with ctx.unit_of_work() as work:
        before = await _locked(work, id)
        name = str(changes.get("name", before.name))
        description = changes.get("description", before.description)
        details = OrganizationDetails(name=name, kind=before.kind, description=str(description or "") or None)
        wrong: list[Refusal] = list(organizations.check_details(details))
        territory = changes.get("territory_code")
        if territory and not await reference.by_code(work, [territory]):  # type: ignore[list-item]  # a code
            wrong.append(UnknownTerritory("territory"))
        refuse_if_any(wrong)
        lost = {"verified_at": None} if name != before.name else {}
        if changes:
            await writes.change_organization(work, id, **changes, **lost)
    return await _again(ctx, id)


async def invite_member(ctx: Context, id: OrganizationId, *, handle: str, role: MemberRole) -> Organization:
    """Invite a citizen that one may see; they are told, and answer."""
    viewer = membership.owner(ctx.caller, id)
    now = ctx.now()
    async with ctx.unit_of_work() as work:
        await _locked(work, id)
        invited = (await citizen_queries.by_handle(work, viewer, [handle])).get(handle)
        if invited is None:
            raise UnknownCitizen("handle")
        known = (await writes.places(work, id)).get(invited.id)
        if known is not None and known.current:
            raise AlreadyAMember("handle")
        await writes.invite(work, id, invited.id, role, now=now)
        if known is None or not known.pending:
            await tell(work, [invited.id], NotificationKind.INVITATION, now=now, organization=str(id))
    return await _again(ctx, id)


async def answer_invitation(ctx: Context, id: OrganizationId, *, accept: bool) -> Organization:
    """Accept or decline; saying yes again changes nothing."""
    viewer = signed_in(ctx.caller)
    async with ctx.unit_of_work() as work:
        await _locked(work, id)
        mine = (await writes.places(work, id)).get(viewer.citizen_id)
        if mine is None or not (mine.pending or mine.current) or (mine.current and not accept):
            raise NotInvited("organization")
        if mine.pending:
            await (writes.accept(work, mine, now=ctx.now()) if accept else writes.decline(work, mine))
    return await _again(ctx, id)


async def set_member(ctx: Context, id: OrganizationId, citizen: CitizenId, *, role: MemberRole | None) -> Organization:
    """Give a member another role, or take them out; an owner always remains."""
    viewer = signed_in(ctx.caller)
    async with ctx.unit_of_work() as work:
        await _locked(work, id)
        everybody = await writes.places(work, id)
        known = everybody.get(citizen)
        membership.check_may_change(viewer, known, role, everybody)
        if known is not None:
            if role is not None:
                await writes.change_role(work, known, role)
            elif known.current:
                await writes.leave(work, known, now=ctx.now())
            else:
                await writes.decline(work, known)
    return await _again(ctx, id)


async def create_api_token(
    ctx: Context,
    id: OrganizationId,
    *,
    name: str,
    scopes: tuple[TokenScope, ...],
    expires_at: datetime | None,
) -> tuple[ApiToken, str]:
    """A token for a system of an organisation, and its secret, which is shown this once."""
    viewer = membership.owner(ctx.caller, id)
    now = ctx.now()
    refuse_if_any(check_token(name, scopes, expires_at=expires_at, now=now))
    secret = SECRET_PREFIX + token_urlsafe(48)
    async with ctx.unit_of_work() as work:
        made = await writes.add_token(
            work,
            id,
            name=name,
            scopes=scopes,
            fingerprint=fingerprint(secret),
            expires_at=expires_at,
            created_by=viewer.citizen_id,
            now=now,
        )
        token = await queries.token(work, made)
    return certain(token, "a token that was just made"), secret


async def revoke_api_token(ctx: Context, id: ApiTokenId) -> ApiToken:
    """Stop a token from working, at once."""
    signed_in(ctx.caller)
    async with ctx.unit_of_work() as work:
        known = await queries.token(work, id)
        if known is None or not owns(ctx.viewer, known.organization_id):
            raise UnknownToken("id")
        await writes.revoke_token(work, id, now=ctx.now())
        revoked = await queries.token(work, id)
    return certain(revoked, "a token that was just revoked")


async def api_token(ctx: Context, id: ApiTokenId) -> ApiToken | None:
    """A token by its id, for the owners of its organisation."""
    if ctx.viewer is None:
        return None
    async with ctx.reading() as session:
        known = await queries.token(session, id)
    return known if known and owns(ctx.viewer, known.organization_id) else None


async def _locked(work: Work, id: OrganizationId) -> Organization:
    known = await writes.lock_organization(work, id)
    if known is None:
        raise UnknownOrganization("organization")
    return known


async def _again(ctx: Context, id: OrganizationId) -> Organization:
    return certain(await organization(ctx, id), "an organisation that was just changed")
