"""Notifications: what the viewer is told."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from domain import notifications as domain
from domain.ids import NotificationId
from domain.notifications import NotificationKind
from resolvers import events as resolve_events
from resolvers import notifications as resolve
from schema.enums import described
from schema.ids import GlobalId, Kind, seal
from schema.info import Info
from schema.nodes import Node, found_by
from schema.wording import speak
from schema.words import InLocale

if TYPE_CHECKING:
    from schema.events import Event

described(
    NotificationKind,
    description="Why somebody is told something.",
    EVENT_CHANGED="An event that one takes part in has changed.",
    EVENT_CANCELLED="An event that one was to take part in is cancelled.",
    SEAT_FREED="One was waiting in line, and has a seat now.",
    ATTENDANCE_CONFIRMED="One's attendance was confirmed.",
    LEVEL_REACHED="One has reached a level.",
    SKILL_GAINED="One has gained a skill.",
    FEEDBACK_RECEIVED="An event that one organises has received feedback.",
    OUTCOME_PUBLISHED="What came of an event that one attended was published.",
    EVENT_REVIEWED="A moderator has published or rejected an event that one proposed.",
    INVITATION="An organisation invites to an event, or to become a member.",
    WATCH="An organisation has found one's profile.",
    WEBHOOK_DISABLED="A webhook of an organisation that one owns takes nothing, and is disabled.",
)
NEWEST = "own-notifications"


@strawberry.type(description="Something that the viewer is told. Nobody else ever sees it.")
class Notification(Node):
    kind: NotificationKind = strawberry.field(description="Why.")
    created_at: datetime = strawberry.field(description="When it was told.")
    read_at: datetime | None = strawberry.field(description="When it was marked as read; null before.")
    record: strawberry.Private[domain.Notification]

    @strawberry.field(description="What is told, in a sentence.")
    async def message(self, info: Info, locale: InLocale = None) -> str:
        return speak(info, await resolve.message(info.context, self.record), locale)

    @strawberry.field(description="The event behind it; null where there is none, or none that they may see any more.")
    async def event(self, info: Info) -> Annotated["Event", strawberry.lazy("schema.events")] | None:
        from schema.events import Event

        of = self.record.event_id
        found = await resolve_events.event(info.context, of) if of else None
        return Event.of(found) if found else None

    @classmethod
    def of(cls, record: domain.Notification) -> Self:
        return cls(
            id=seal(Kind.NOTIFICATION, record.id),
            kind=record.kind,
            created_at=record.created_at,
            read_at=record.read_at,
            record=record,
        )


@found_by(Kind.NOTIFICATION)
async def notification_by_id(info: Info, id: GlobalId) -> Notification | None:
    found = await resolve.notification(info.context, NotificationId(id.uuid))
    return Notification.of(found) if found else None
