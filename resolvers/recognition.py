"""Recognising expertise, and revoking what was recognised."""

from db.queries import accounts, citizens, members
from db.writes import members as writes
from db.writes.ledger import holdings, lock_totals
from db.writes.outbox import tell
from domain import recognition
from domain.ids import CitizenId, OrganizationId, SkillId
from domain.membership import UnknownCitizen, member
from domain.notifications import NotificationKind
from domain.organizations import UnknownOrganization
from domain.permissions import moderator
from domain.recognition import EarnedSkill, SkillHeldAlready, UnknownSkill, check_recognition
from domain.refusals import refuse_if_any
from domain.skills import Skill, SkillSource
from domain.words import ThemeCode
from resolvers.certainty import certain
from resolvers.context import Context


async def recognize_skill(
    ctx: Context, organization_id: OrganizationId, citizen: CitizenId, theme: ThemeCode, *, reason: str
) -> Skill:
    """Give a skill for a reason that is shown; a verified organisation's members may, and not to their own."""
    viewer = member(ctx.caller, organization_id)
    now = ctx.now()
    async with ctx.unit_of_work() as work:
        organization = await writes.lock_organization(work, organization_id)
        if organization is None:
            raise UnknownOrganization("organization")
        if citizen not in await citizens.by_id(work, viewer, [citizen]):
            raise UnknownCitizen("citizen")
        await lock_totals(work, citizen)  # what a skill doubles is decided under the same lock
        held = {holding.theme for holding in await holdings(work, citizen) if holding.lost_at is None}
        account = await accounts.account_of(work, viewer.citizen_id)
        refuse_if_any(
            check_recognition(
                organization,
                reason=reason,
                email_verified=account is not None and account.email_verified,
                membership=await members.place(work, organization_id, citizen),
                recognized_lately=await members.recognized_since(work, organization_id, now - recognition.WINDOW),
                held=theme in held,
                now=now,
            )
        )
        given = await writes.recognize(work, citizen, theme, by=organization_id, reason=reason.strip(), now=now)
        if given is None:
            raise SkillHeldAlready("theme")
        await tell(work, [citizen], NotificationKind.SKILL_GAINED, now=now, theme=theme.value)
    return certain(await ctx.loaders.skill.load(given), "a skill that was just given")


async def revoke_skill(ctx: Context, id: SkillId) -> Skill:
    """End a recognised skill. Moderators only, and not their own; what it doubled before stays."""
    viewer = moderator(ctx.caller)
    async with ctx.unit_of_work() as work:
        known = (await citizens.skills_by_id(work, viewer, [id])).get(id)
        if known is None or known.citizen_id == viewer.citizen_id:
            raise UnknownSkill("id")
        if known.source is not SkillSource.RECOGNITION:
            raise EarnedSkill("id")
        await lock_totals(work, known.citizen_id)
        await writes.revoke_skill(work, known.citizen_id, id, now=ctx.now())
    return known
