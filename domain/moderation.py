"""What moderators do, and never about themselves or their own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from domain import fields
from domain.ids import OrganizationId
from domain.organizations import Organization, OrganizationKind
from domain.refusals import Refusal, RefusalCode

ReportId = NewType("ReportId", UUID)


class SubjectKind(StrEnum):
    """What can be reported."""

    EVENT = "EVENT"
    CITIZEN = "CITIZEN"
    ORGANIZATION = "ORGANIZATION"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What somebody found wrong. Who it was, nobody sees."""

    id: ReportId
    subject_kind: SubjectKind
    subject_id: UUID
    reason: str
    created_at: datetime
    resolved_at: datetime | None = None
    resolution: str | None = None


class UnknownSubject(Refusal):
    """Nothing of that id, or nothing that one may see."""

    code = RefusalCode.NOT_FOUND


class UnknownReport(Refusal):
    """No such report."""

    code = RefusalCode.NOT_FOUND


class AlreadyResolved(Refusal):
    """It was answered before."""

    code = RefusalCode.ALREADY_DONE


class OwnAffair(Refusal):
    """Nobody judges their own case: another moderator has to."""

    code = RefusalCode.NOT_ALLOWED


class NeverVerified(Refusal):
    """Political groups are labelled, and never verified."""

    code = RefusalCode.NOT_ALLOWED


def check_report(reason: str) -> Iterator[Refusal]:
    """What is wrong with a report."""
    yield from fields.text(reason, "reason", minimum=3, maximum=2_000)


def check_resolution(resolution: str) -> Iterator[Refusal]:
    """What is wrong with the answer to a report."""
    yield from fields.text(resolution, "resolution", minimum=3, maximum=2_000)


def check_may_verify(organization: Organization, *, belongs: frozenset[OrganizationId], verified: bool) -> None:
    """Let a moderator verify what isn't their own, and never a political group."""
    if organization.id in belongs:
        raise OwnAffair("id")
    if verified and organization.kind is OrganizationKind.POLITICAL_GROUP:
        raise NeverVerified("id")
