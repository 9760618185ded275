"""The tables. They bound and make unique; the rules are the domain's."""

from sqlmodel import SQLModel

from db.models.announcements import Announcement
from db.models.badges import BadgeStatus
from db.models.citizens import (
    Account,
    CalendarFeed,
    Citizen,
    EmailToken,
    RefreshToken,
    RetiredHandle,
    Session,
    UsedAssessment,
)
from db.models.events import Event
from db.models.feedback import EventRating, Feedback
from db.models.local_actors import Activity, ActivityBoard, EventInvitation, Finding, Watch, WatchHit
from db.models.moderation import Report
from db.models.organizations import ApiToken, Organization, OrganizationMember
from db.models.outbox import Notification, OutboxMessage
from db.models.participations import CheckInBrake, CitizenTotal, LedgerEntry, Participation, SkillHolding
from db.models.reference import ScoringPolicy, Territory, TerritoryWithin
from db.models.repeats import KeptAnswer
from db.models.statistics import TerritoryTally
from db.models.webhooks import Webhook, WebhookAttempt, WebhookDelivery

metadata = SQLModel.metadata

__all__ = [
    "Account",
    "Activity",
    "ActivityBoard",
    "Announcement",
    "ApiToken",
    "BadgeStatus",
    "CalendarFeed",
    "CheckInBrake",
    "Citizen",
    "CitizenTotal",
    "EmailToken",
    "Event",
    "EventInvitation",
    "EventRating",
    "Feedback",
    "Finding",
    "KeptAnswer",
    "LedgerEntry",
    "Notification",
    "Organization",
    "OrganizationMember",
    "OutboxMessage",
    "Participation",
    "RefreshToken",
    "Report",
    "RetiredHandle",
    "ScoringPolicy",
    "Session",
    "SkillHolding",
    "Territory",
    "TerritoryTally",
    "TerritoryWithin",
    "UsedAssessment",
    "Watch",
    "WatchHit",
    "Webhook",
    "WebhookAttempt",
    "WebhookDelivery",
    "metadata",
]
