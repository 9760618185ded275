"""Who belongs to an organisation, and what may change of that (product.md, section 6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.citizens import Viewer
from domain.ids import CitizenId, OrganizationId
from domain.organizations import MemberRole
from domain.permissions import Caller, signed_in
from domain.refusals import Forbidden, Refusal, RefusalCode

STILL_CLOSE = timedelta(days=365)
"""How long after leaving one still counts as close to an organisation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A citizen's place in an organisation: an invitation until it is accepted, the past once they have left.

    Who left and is invited again keeps their past until they accept: it matters for a year.
    """

    citizen_id: CitizenId
    organization_id: OrganizationId
    role: MemberRole
    invited_at: datetime
    accepted_at: datetime | None = None
    left_at: datetime | None = None

    @property
    def accepted(self) -> bool:
        return self.accepted_at is not None

    @property
    def current(self) -> bool:
        """In, and not only invited."""
        return self.accepted and self.left_at is None

    @property
    def pending(self) -> bool:
        """Invited, and not answered."""
        return self.invited_at > self.left_at if self.left_at else not self.accepted

    def close_at(self, moment: datetime) -> bool:
        """In, or not long gone."""
        if not self.accepted:
            return False
        return self.left_at is None or self.left_at > moment - STILL_CLOSE


class AlreadyAMember(Refusal):
    """Who is in needs no invitation."""

    code = RefusalCode.ALREADY_DONE


class UnknownCitizen(Refusal):
    """No such citizen, or none that one may see."""

    code = RefusalCode.NOT_FOUND


class NotInvited(Refusal):
    """There is no invitation to answer."""

    code = RefusalCode.NOT_FOUND


class NotInIt(Refusal):
    """They don't belong to the organisation."""

    code = RefusalCode.NOT_FOUND


class LastOwner(Refusal):
    """An organisation keeps an owner: name another one first."""

    code = RefusalCode.NOT_ALLOWED


def owner(caller: Caller, organization: OrganizationId) -> Viewer:
    """An owner of an organisation, or it is forbidden."""
    asking = signed_in(caller)
    if asking.organizations.get(organization) is not MemberRole.OWNER:
        raise Forbidden
    return asking


def member(caller: Caller, organization: OrganizationId) -> Viewer:
    """Somebody who belongs to an organisation, or it is forbidden."""
    asking = signed_in(caller)
    if organization not in asking.organizations:
        raise Forbidden
    return asking


def check_may_change(
    viewer: Viewer, of: Membership | None, role: MemberRole | None, members: Mapping[CitizenId, Membership]
) -> None:
    """Let owners change a member's role or take them out, and everybody leave; an owner always remains.

    Args:
        viewer: Who would like to.
        of: Whose place it is.
        role: What they would be; None takes them out.
        members: Everybody who has a place in the organisation.
    """
    mine = members.get(viewer.citizen_id)
    leaving = role is None and of is not None and of.citizen_id == viewer.citizen_id
    if not leaving and (mine is None or not mine.current or mine.role is not MemberRole.OWNER):
        raise Forbidden
    if of is None or not (of.current or of.pending):
        raise NotInIt("citizen")
    owners = [each for each in members.values() if each.current and each.role is MemberRole.OWNER]
    if role is not MemberRole.OWNER and [each.citizen_id for each in owners] == [of.citizen_id]:
        raise LastOwner("citizen")
