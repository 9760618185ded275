"""Organisations, and who belongs to them."""

from abc import ABC
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from domain import fields
from domain.ids import OrganizationId, TerritoryCode
from domain.refusals import Refusal, RefusalCode


class OrganizationKind(StrEnum):
    """What an organisation is. Political groups may propose, and are labelled."""

    ASSOCIATION = "ASSOCIATION"
    PUBLIC_INSTITUTION = "PUBLIC_INSTITUTION"
    COMPANY = "COMPANY"
    POLITICAL_GROUP = "POLITICAL_GROUP"


class MemberRole(StrEnum):
    """What a member may do: owners decide on members and tokens, managers on events."""

    OWNER = "OWNER"
    MANAGER = "MANAGER"


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization(ABC):
    """An organiser that is not one citizen alone."""

    id: OrganizationId
    slug: str
    name: str
    kind: OrganizationKind
    description: str | None = None
    website_url: str | None = None
    logo_url: str | None = None
    territory: TerritoryCode | None = None
    verified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationDetails:
    """What its members write of an organisation."""

    name: str
    kind: OrganizationKind
    description: str | None = None
    website_url: str | None = None
    territory: TerritoryCode | None = None


class UnknownOrganization(Refusal):
    """No such organisation."""

    code = RefusalCode.NOT_FOUND


class NotAMember(Refusal):
    """Only its members act for an organisation."""

    code = RefusalCode.NOT_ALLOWED


def check_details(details: OrganizationDetails) -> Iterator[Refusal]:
    """What is wrong with what was written of an organisation."""
    yield from fields.text(details.name, "name", minimum=2, maximum=120)
    yield from fields.text(details.description, "description", maximum=5_000)
