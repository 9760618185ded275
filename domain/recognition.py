"""Recognising somebody's expertise: a skill without five participations (product.md, section 3)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from domain import fields
from domain.membership import Membership
from domain.organizations import Organization
from domain.refusals import Refusal, RefusalCode

WINDOW = timedelta(days=90)
MOST_IN_WINDOW = 20


class NotVerified(Refusal):
    """Only verified organisations recognise expertise."""

    code = RefusalCode.NOT_ALLOWED


class OwnMember(Refusal):
    """Not for those who belong to the organisation, or did in the last twelve months."""

    code = RefusalCode.NOT_ALLOWED


class TooManyRecognized(Refusal):
    """So many in ninety days, and no more."""

    code = RefusalCode.OUT_OF_RANGE


class SkillHeldAlready(Refusal):
    """They hold that skill."""

    code = RefusalCode.ALREADY_DONE


class EmailNotVerified(Refusal):
    """Who recognises others has shown that their own address is theirs."""

    code = RefusalCode.EMAIL_NOT_VERIFIED


class UnknownSkill(Refusal):
    """No such skill, or one that nobody holds any more."""

    code = RefusalCode.NOT_FOUND


class EarnedSkill(Refusal):
    """What somebody gained by taking part can't be revoked."""

    code = RefusalCode.NOT_ALLOWED


def check_recognition(
    organization: Organization,
    *,
    reason: str,
    email_verified: bool,
    membership: Membership | None,
    recognized_lately: int,
    held: bool,
    now: datetime,
) -> Iterator[Refusal]:
    """What speaks against recognising a skill.

    Args:
        organization: Who recognises.
        reason: Why; it is shown.
        email_verified: Whether the member who does it has a verified address.
        membership: The place that the citizen has, or had, in the organisation.
        recognized_lately: How many skills it has recognised in the last 90 days.
        held: Whether the citizen holds the skill.
        now: The time of the call.
    """
    yield from fields.text(reason, "reason", minimum=3, maximum=500)
    if not organization.verified:
        yield NotVerified("organization")
    if not email_verified:
        yield EmailNotVerified()
    if membership is not None and membership.close_at(now):
        yield OwnMember("citizen")
    if recognized_lately >= MOST_IN_WINDOW:
        yield TooManyRecognized("organization", maximum=MOST_IN_WINDOW)
    if held:
        yield SkillHeldAlready("theme")
