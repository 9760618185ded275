"""The moderators' desk: reports, suspensions, verification. None of it about oneself or one's own."""

from uuid import UUID

from db.queries import citizens, events, organizations, reports
from db.work import Work
from db.writes import members
from db.writes import moderation as writes
from domain import fields
from domain.citizens import Citizen, Viewer
from domain.ids import CitizenId, EventId, OrganizationId
from domain.membership import UnknownCitizen
from domain.moderation import (
    AlreadyResolved,
    OwnAffair,
    Report,
    ReportId,
    SubjectKind,
    UnknownReport,
    UnknownSubject,
    check_may_verify,
    check_report,
    check_resolution,
)
from domain.organizations import Organization, UnknownOrganization
from domain.paging import Page, Window
from domain.permissions import moderator, organizes, signed_in
from domain.refusals import refuse_if_any
from resolvers.certainty import certain
from resolvers.context import Context
from resolvers.organizations import organization


async def report(ctx: Context, kind: SubjectKind, subject: UUID, *, reason: str) -> Report:
    """Tell moderators of something one may see. Again while it waits, it replaces what was said."""
    viewer = signed_in(ctx.caller)
    refuse_if_any(check_report(reason))
    async with ctx.unit_of_work() as work:
        if kind is SubjectKind.CITIZEN:  # what is written of them goes with them, so nobody may leave in between
            await writes.keep_here(work, CitizenId(subject))
        if not await _visible(work, viewer, kind, subject):
            raise UnknownSubject("subject")
        kept = await writes.add_report(work, viewer.citizen_id, kind, subject, reason.strip(), now=ctx.now())
    return await _again(ctx, kept)


async def resolve_report(ctx: Context, id: ReportId, *, resolution: str) -> Report:
    """Answer a report that doesn't concern oneself."""
    viewer = moderator(ctx.caller)
    refuse_if_any(check_resolution(resolution))
    async with ctx.unit_of_work() as work:
        known = await writes.lock_report(work, id)
        if known is None:
            raise UnknownReport("id")
        if await _concerns(work, viewer, known):
            raise OwnAffair("id")
        if known.resolved_at is not None:
            raise AlreadyResolved("id")
        await writes.resolve(work, id, resolution.strip(), now=ctx.now())
    return await _again(ctx, id)


async def reports_page(ctx: Context, *, open_: bool, window: Window) -> Page[Report]:
    moderator(ctx.caller)
    async with ctx.reading() as session:
        return await reports.listed(session, open_=open_, window=window)


async def report_total(ctx: Context, *, open_: bool) -> int:
    moderator(ctx.caller)
    async with ctx.reading() as session:
        return await reports.total(session, open_=open_)


async def report_by_id(ctx: Context, id: ReportId) -> Report | None:
    """For moderators; None to others."""
    if ctx.viewer is None or not ctx.viewer.moderator:
        return None
    async with ctx.reading() as session:
        return await reports.by_id(session, id)


async def verify_organization(ctx: Context, id: OrganizationId, *, verified: bool) -> Organization:
    """Give or take the mark; never one's own, never to a political group."""
    viewer = moderator(ctx.caller)
    async with ctx.unit_of_work() as work:
        known = await members.lock_organization(work, id)
        if known is None:
            raise UnknownOrganization("id")
        check_may_verify(known, belongs=frozenset(viewer.organizations), verified=verified)
        if known.verified != verified:
            await members.change_organization(work, id, verified_at=ctx.now() if verified else None)
    return certain(await organization(ctx, id), "an organisation that was just changed")


async def suspend_citizen(ctx: Context, citizen: CitizenId, *, suspended: bool, reason: str) -> Citizen:
    """Keep somebody from acting, or let them again; never oneself. Their sessions end at once."""
    viewer = moderator(ctx.caller)
    refuse_if_any(fields.text(reason, "reason", minimum=3, maximum=500))
    if citizen == viewer.citizen_id:
        raise OwnAffair("id")
    async with ctx.unit_of_work() as work:
        known = (await citizens.by_id(work, viewer, [citizen])).get(citizen)
        done = await writes.suspend(
            work, citizen, reason.strip() if suspended else None, now=ctx.now() if suspended else None
        )
        if known is None or not done:
            raise UnknownCitizen("id")
    return known


async def _visible(work: Work, viewer: Viewer, kind: SubjectKind, subject: UUID) -> bool:
    match kind:
        case SubjectKind.EVENT:
            return bool(await events.by_id(work, viewer, [EventId(subject)]))
        case SubjectKind.CITIZEN:
            return bool(await citizens.by_id(work, viewer, [CitizenId(subject)]))
        case SubjectKind.ORGANIZATION:
            return bool(await organizations.by_id(work, [OrganizationId(subject)]))


async def _concerns(work: Work, viewer: Viewer, of: Report) -> bool:
    """Whether a report is of the moderator, of their organisation, or of an event of theirs."""
    match of.subject_kind:
        case SubjectKind.CITIZEN:
            return of.subject_id == viewer.citizen_id
        case SubjectKind.ORGANIZATION:
            return OrganizationId(of.subject_id) in viewer.organizations
        case SubjectKind.EVENT:
            event = (await events.by_id(work, viewer, [EventId(of.subject_id)])).get(EventId(of.subject_id))
            return event is not None and (event.proposer_id == viewer.citizen_id or organizes(viewer, event))


async def _again(ctx: Context, id: ReportId) -> Report:
    async with ctx.reading() as session:
        found = await reports.by_id(session, id)
    if found is None:
        raise UnknownReport("id")
    return found
