"""What is announced to whoever watches: that something changed, by its id alone. Who may see what is asked anew."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from domain.ids import OrganizationId


class Topic(StrEnum):
    """What changed."""

    EVENT = "EVENT"
    """An event, in any of its fields."""
    PUBLISHED = "PUBLISHED"
    """An event that is open to all from now on."""
    PARTICIPATION = "PARTICIPATION"
    """A participation, and with it the counts of its event."""
    INFLUENCE = "INFLUENCE"
    """What a citizen has gathered."""
    ACCESS = "ACCESS"
    """What somebody may do: signed out, suspended, another role."""


ORGANIZATION = "ORGANIZATION"
"""What a line begins with that tells processes of an organisation which changed: nobody watches that."""


@dataclass(frozen=True, slots=True, order=True)
class Announcement:
    """Something changed: what, whose id, and for a participation the id of its event."""

    topic: Topic
    subject: UUID
    event: UUID | None = None


def read(message: str) -> list[Announcement]:
    """What a message announces: a line each, of a topic and ids (`db/writes/announcements.py` writes them).

    Lines of another version, or of somebody else, are left out.
    """
    found = []
    for line in message.splitlines():
        topic, *ids = line.split(" ")
        try:
            subject, *event = map(UUID, ids)
            found.append(Announcement(Topic(topic), subject, *event))
        except (TypeError, ValueError):
            continue
    return found


def changed_organizations(message: str) -> list[OrganizationId]:
    """The organisations that a message says have changed."""
    found: list[OrganizationId] = []
    if ORGANIZATION not in message:  # as good as ever
        return found
    for line in message.splitlines():
        what, _, of = line.partition(" ")
        if what == ORGANIZATION:
            found.append(OrganizationId(UUID(of)))
    return found
