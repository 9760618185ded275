"""The tables. They bound and make unique; the rules are the domain's."""

from sqlmodel import SQLModel

from db.models.citizens import Account, Citizen, RefreshToken, Session, UsedAssessment
from db.models.events import Event
from db.models.organizations import Organization, OrganizationMember
from db.models.participations import CitizenTotal, LedgerEntry, Participation, SkillHolding
from db.models.reference import ScoringPolicy, Territory, TerritoryWithin

metadata = SQLModel.metadata

__all__ = [
    "Account",
    "Citizen",
    "CitizenTotal",
    "Event",
    "LedgerEntry",
    "Organization",
    "OrganizationMember",
    "Participation",
    "RefreshToken",
    "ScoringPolicy",
    "Session",
    "SkillHolding",
    "Territory",
    "TerritoryWithin",
    "UsedAssessment",
    "metadata",
]
