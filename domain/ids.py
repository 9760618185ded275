"""What each thing is known by. Keys are made by the application, never by a database sequence."""

from typing import NewType
from uuid import UUID

CitizenId = NewType("CitizenId", UUID)
EventId = NewType("EventId", UUID)
OrganizationId = NewType("OrganizationId", UUID)
ParticipationId = NewType("ParticipationId", UUID)
LedgerEntryId = NewType("LedgerEntryId", UUID)
SkillId = NewType("SkillId", UUID)
SessionId = NewType("SessionId", UUID)
NotificationId = NewType("NotificationId", UUID)
DeliveryId = NewType("DeliveryId", UUID)

TerritoryCode = NewType("TerritoryCode", str)
"""ISO 3166-2 (`FR-44`) or ISO 3166-1 alpha-2 (`FR`)."""
