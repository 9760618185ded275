"""The moderators' desk."""

from datetime import datetime
from typing import Annotated, Self

import strawberry

from domain import moderation as domain
from domain.ids import CitizenId, OrganizationId, SkillId
from domain.moderation import ReportId, SubjectKind
from resolvers import moderation as resolve
from resolvers import recognition as resolve_recognition
from schema.access import CITIZENS, MODERATORS
from schema.citizens import Citizen
from schema.errors import UserError, outcome
from schema.ids import GlobalId, Kind, key_of, read, seal
from schema.info import Info
from schema.limits.declared import PAGED
from schema.nodes import LOOKUPS, Node, found_by
from schema.organizations import Organization, OrganizationPayload
from schema.paging import After, Before, Connection, First, Last, connection, window
from schema.skills import Skill
from schema.words import ThemeCode

ORDER = "reports"
KINDS = {
    Kind.EVENT: SubjectKind.EVENT,
    Kind.CITIZEN: SubjectKind.CITIZEN,
    Kind.ORGANIZATION: SubjectKind.ORGANIZATION,
}


@strawberry.type(
    directives=MODERATORS, description="What somebody found wrong; for moderators. Who it was is shown to nobody."
)
class Report(Node):
    reason: str = strawberry.field(description="What is wrong.")
    created_at: datetime = strawberry.field(description="When it was reported.")
    resolved_at: datetime | None = strawberry.field(description="When it was answered; null before.")
    resolution: str | None = strawberry.field(description="The answer; null before.")
    record: strawberry.Private[domain.Report]

    @strawberry.field(description="What it is about: an event, a citizen or an organisation; null where it is gone.")
    async def subject(self, info: Info) -> Node | None:
        kind = next(kind for kind, subject in KINDS.items() if subject is self.record.subject_kind)
        return await LOOKUPS[kind](info, GlobalId(kind, self.record.subject_id.hex))

    @classmethod
    def of(cls, record: domain.Report) -> Self:
        return cls(
            id=seal(Kind.REPORT, record.id),
            reason=record.reason,
            created_at=record.created_at,
            resolved_at=record.resolved_at,
            resolution=record.resolution,
            record=record,
        )


@found_by(Kind.REPORT)
async def report_by_id(info: Info, id: GlobalId) -> Report | None:
    found = await resolve.report_by_id(info.context, ReportId(id.uuid))
    return Report.of(found) if found else None


@strawberry.type
class ModerationQuery:
    @strawberry.field(
        directives=MODERATORS + PAGED,
        description="What was reported; the one that waits for longest first. Moderators only.",
    )
    async def reports(
        self,
        info: Info,
        open: Annotated[bool, strawberry.argument(description="Those that wait, or those that were answered.")] = True,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Report] | None:
        asked = window(first=first, after=after, last=last, before=before, order=ORDER)
        page = await resolve.reports_page(info.context, open_=open, window=asked)
        return connection(page, Report.of, order=ORDER, total=lambda: resolve.report_total(info.context, open_=open))


@strawberry.input(description="What is wrong, and with what.")
class ReportInput:
    subject: strawberry.ID = strawberry.field(description="An event, a citizen or an organisation.")
    reason: str = strawberry.field(description="What is wrong, in 2,000 characters at most.")


@strawberry.input(description="The answer to a report.")
class ResolveReportInput:
    id: strawberry.ID = strawberry.field(description="The report.")
    resolution: str = strawberry.field(description="What was done, and why.")


@strawberry.input(description="The mark of an organisation.")
class VerifyOrganizationInput:
    id: strawberry.ID = strawberry.field(description="The organisation.")
    verified: bool = strawberry.field(description="Whether it is to have the mark.")


@strawberry.input(description="Whether somebody may act.")
class SuspendCitizenInput:
    id: strawberry.ID = strawberry.field(description="The citizen.")
    suspended: bool = strawberry.field(description="Whether they are to be kept from acting.")
    reason: str = strawberry.field(description="Why, in 500 characters at most.")


@strawberry.input(description="An expertise to recognise.")
class RecognizeSkillInput:
    organization: strawberry.ID = strawberry.field(description="The verified organisation of yours that does.")
    citizen: strawberry.ID = strawberry.field(description="Whose; not its members, present or of the last 12 months.")
    theme: ThemeCode = strawberry.field(description="In what.")
    reason: str = strawberry.field(description="Why: it is shown. 500 characters at most.")


@strawberry.input(description="A recognised skill to revoke.")
class RevokeSkillInput:
    id: strawberry.ID = strawberry.field(description="The skill.")


@strawberry.type(description="A report that was made or answered, or why it was not.")
class ReportPayload:
    report: Report | None = strawberry.field(description="The report, for moderators; else null.")
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty where it was not.")


@strawberry.type(description="A citizen about whom something was decided, or why it was not.")
class CitizenPayload:
    citizen: Citizen | None = strawberry.field(description="The citizen; null where refused.")
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty where it was not.")


@strawberry.type(description="A skill that was recognised or revoked, or why it was not.")
class SkillPayload:
    skill: Skill | None = strawberry.field(description="The skill; null where refused.")
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty where it was not.")


@strawberry.type
class ModerationMutation:
    @strawberry.mutation(
        directives=CITIZENS,
        description="Tell moderators of something. Again while it waits, it replaces what was said.",
    )
    async def report(
        self, info: Info, input: Annotated[ReportInput, strawberry.argument(description="What, and why.")]
    ) -> ReportPayload | None:
        subject = read(input.subject, *KINDS)
        change = resolve.report(info.context, KINDS[subject.kind], subject.uuid, reason=input.reason)
        made, errors = await outcome(info, change)
        viewer = info.context.viewer
        shown = made if viewer is not None and viewer.moderator else None
        return ReportPayload(report=Report.of(shown) if shown else None, errors=errors)

    @strawberry.mutation(
        directives=MODERATORS, description="Answer a report. Moderators only, and not about themselves or their own."
    )
    async def resolve_report(
        self, info: Info, input: Annotated[ResolveReportInput, strawberry.argument(description="The answer.")]
    ) -> ReportPayload | None:
        report = ReportId(key_of(input.id, Kind.REPORT))
        change = resolve.resolve_report(info.context, report, resolution=input.resolution)
        resolved, errors = await outcome(info, change)
        return ReportPayload(report=Report.of(resolved) if resolved else None, errors=errors)

    @strawberry.mutation(
        directives=MODERATORS,
        description="Give an organisation the mark, or take it. Moderators only, not their own, no political group.",
    )
    async def verify_organization(
        self, info: Info, input: Annotated[VerifyOrganizationInput, strawberry.argument(description="The mark.")]
    ) -> OrganizationPayload | None:
        organization = OrganizationId(key_of(input.id, Kind.ORGANIZATION))
        change = resolve.verify_organization(info.context, organization, verified=input.verified)
        verified, errors = await outcome(info, change)
        return OrganizationPayload(organization=Organization.of(verified) if verified else None, errors=errors)

    @strawberry.mutation(
        directives=MODERATORS,
        description="Keep somebody from acting, or let them again. Moderators only, never themselves.",
    )
    async def suspend_citizen(
        self, info: Info, input: Annotated[SuspendCitizenInput, strawberry.argument(description="Who, and why.")]
    ) -> CitizenPayload | None:
        citizen = CitizenId(key_of(input.id, Kind.CITIZEN))
        change = resolve.suspend_citizen(info.context, citizen, suspended=input.suspended, reason=input.reason)
        suspended, errors = await outcome(info, change)
        return CitizenPayload(citizen=Citizen.of(suspended) if suspended else None, errors=errors)

    @strawberry.mutation(
        directives=CITIZENS,
        description="Recognise an expertise, for a reason that is shown. Verified organisations only.",
    )
    async def recognize_skill(
        self, info: Info, input: Annotated[RecognizeSkillInput, strawberry.argument(description="Whose, and why.")]
    ) -> SkillPayload | None:
        change = resolve_recognition.recognize_skill(
            info.context,
            OrganizationId(key_of(input.organization, Kind.ORGANIZATION)),
            CitizenId(key_of(input.citizen, Kind.CITIZEN)),
            input.theme,
            reason=input.reason,
        )
        given, errors = await outcome(info, change)
        return SkillPayload(skill=Skill.of(given) if given else None, errors=errors)

    @strawberry.mutation(
        directives=MODERATORS, description="Revoke a recognised skill; what it doubled before stays. Moderators only."
    )
    async def revoke_skill(
        self, info: Info, input: Annotated[RevokeSkillInput, strawberry.argument(description="The skill.")]
    ) -> SkillPayload | None:
        change = resolve_recognition.revoke_skill(info.context, SkillId(key_of(input.id, Kind.SKILL)))
        revoked, errors = await outcome(info, change)
        return SkillPayload(skill=Skill.of(revoked) if revoked else None, errors=errors)
