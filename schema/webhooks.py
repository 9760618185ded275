"""Webhooks: what an organisation's systems are told, and how each delivery went."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from domain import webhooks as domain
from domain.ids import EventId
from domain.webhooks import (
    DisabledBecause,
    WebhookDeliveryId,
    WebhookDeliveryState,
    WebhookFailure,
    WebhookId,
    WebhookTopic,
)
from resolvers import events as resolve_events
from resolvers import webhooks as resolve
from schema.access import CITIZENS
from schema.enums import described
from schema.ids import GlobalId, Kind, seal
from schema.info import Info
from schema.limits.declared import PAGED, at_most
from schema.nodes import Node, found_by
from schema.paging import After, Before, Connection, First, Last, connection, window
from schema.scalars import URL

if TYPE_CHECKING:
    from schema.events import Event

NEWEST = "webhook-deliveries"

described(
    WebhookTopic,
    description="What a webhook can be told of the events of its organisation.",
    EVENT_PUBLISHED="An event is open to all from now on.",
    EVENT_UPDATED="An event that was submitted or published has changed; `status` says where it is in its life.",
    EVENT_CANCELLED="An event was cancelled, or annulled afterwards.",
    EVENT_COMPLETED="An event is over, and was completed.",
    OUTCOME_PUBLISHED="What came of an event was published, or written anew.",
    REGISTRATION_MADE="Somebody registered, waits in line, or got a seat; `status` says which.",
    REGISTRATION_CANCELLED="Somebody takes part no longer, or the event doesn't take place.",
    ATTENDANCE_CONFIRMED="Somebody was there.",
    ATTENDANCE_WITHDRAWN="Somebody who was noted as there was not.",
    FEEDBACK_RECEIVED="Somebody left feedback by name. Anonymous feedback is never told.",
    PING="A message that tells nothing, sent by `pingWebhook` alone.",
)
described(
    WebhookDeliveryState,
    description="What became of a delivery.",
    WAITING="It is still to be sent, for the first time or again.",
    DELIVERED="It has arrived: the receiver answered with a status of 200 to 299.",
    GIVEN_UP="It failed for a day while others arrived. `redeliverWebhook` tries once more.",
    OBSOLETE="There was nothing to tell any more when its turn came.",
)
described(
    WebhookFailure,
    description="Why an attempt failed.",
    NOT_ALLOWED="The address leads to a place that webhooks may not lead to.",
    UNKNOWN_HOST="The host's name leads nowhere.",
    UNREACHABLE="Nobody took the connection.",
    TLS="The certificate is not good for that name, or there was no secure connection.",
    TIMEOUT="It took longer than 5 seconds.",
    PROTOCOL="The answer was none of HTTP, or the connection broke off.",
    STATUS="The answer's status was not 200 to 299. Redirects are not followed.",
)
described(
    DisabledBecause,
    name="WebhookDisabledBecause",
    description="Why a webhook is disabled.",
    FAILING="Nothing has arrived for a day.",
    GONE="The receiver answered 410 Gone.",
)


@strawberry.type(description="One try of a delivery. Nothing is kept of what was answered but its status.")
class WebhookAttempt:
    at: datetime = strawberry.field(description="When it began.")
    milliseconds: int = strawberry.field(description="How long it took.")
    status: int | None = strawberry.field(description="The status that was answered; null where nothing was.")
    failure: WebhookFailure | None = strawberry.field(description="Why it failed; null where it did not.")

    @classmethod
    def of(cls, record: domain.WebhookAttempt) -> Self:
        return cls(at=record.at, milliseconds=record.milliseconds, status=record.status, failure=record.failure)


@strawberry.type(
    directives=CITIZENS,
    description="A message for a webhook. Its id is its `webhook-id`, the same at each attempt. Kept for 30 days.",
)
class WebhookDelivery(Node):
    topic: WebhookTopic = strawberry.field(description="What it tells of.")
    state: WebhookDeliveryState = strawberry.field(description="What became of it.")
    created_at: datetime = strawberry.field(description="When what it tells of happened.")
    next_attempt_at: datetime | None = strawberry.field(
        description="When it is tried again; null where it is sent at once, or not any more."
    )
    done_at: datetime | None = strawberry.field(description="When it was delivered or given up; null while it waits.")
    record: strawberry.Private[domain.WebhookDelivery]

    @strawberry.field(description="The event behind it; null for a ping, and where it is gone.")
    async def event(self, info: Info) -> Annotated["Event", strawberry.lazy("schema.events")] | None:
        from schema.events import Event

        of = self.record.event_id
        found = await resolve_events.event(info.context, EventId(of)) if of else None
        return Event.of(found) if found else None

    @strawberry.field(description="How it went, the first attempt first.", directives=at_most(10))
    async def attempts(self, info: Info) -> list[WebhookAttempt]:
        return [WebhookAttempt.of(each) for each in await resolve.attempts(info.context, self.record.id)]

    @classmethod
    def of(cls, record: domain.WebhookDelivery) -> Self:
        return cls(
            id=seal(Kind.WEBHOOK_DELIVERY, record.id),
            topic=record.topic,
            state=record.state,
            created_at=record.created_at,
            next_attempt_at=record.due_at,
            done_at=record.done_at,
            record=record,
        )


@strawberry.type(
    directives=CITIZENS,
    description="An address of an organisation's that is told what happens to its events, for its owners. Messages are "
    "signed as Standard Webhooks says.",
)
class Webhook(Node):
    url: URL = strawberry.field(description="Where messages are sent, by POST.")
    topics: list[WebhookTopic] = strawberry.field(description="What it is told of.")
    created_at: datetime = strawberry.field(description="When it was made.")
    failing_since: datetime | None = strawberry.field(
        description="Since when nothing has arrived; null where the last message did."
    )
    disabled_at: datetime | None = strawberry.field(
        description="Since when nothing is sent, until `enableWebhook`; null where it is not disabled. What happens "
        "meanwhile waits, for 30 days."
    )
    disabled_because: DisabledBecause | None = strawberry.field(description="Why it is disabled; null where it is not.")
    previous_secret_until: datetime | None = strawberry.field(
        description="Until when the secret before the last one signs as well; null where none did."
    )
    record: strawberry.Private[domain.Webhook]

    @strawberry.field(description="What it was told, and is still to be told, the newest first.", directives=PAGED)
    async def deliveries(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[WebhookDelivery]:
        asked = window(first=first, after=after, last=last, before=before, order=NEWEST)
        page = await resolve.deliveries(info.context, self.record.id, asked)
        total = lambda: resolve.delivery_total(info.context, self.record.id)  # noqa: E731 - asked for later
        return connection(page, WebhookDelivery.of, order=NEWEST, total=total)

    @classmethod
    def of(cls, record: domain.Webhook) -> Self:
        return cls(
            id=seal(Kind.WEBHOOK, record.id),
            url=URL(record.url),
            topics=list(record.topics),
            created_at=record.created_at,
            failing_since=record.failing_since,
            disabled_at=record.disabled_at,
            disabled_because=record.disabled_because,
            previous_secret_until=record.previous_until,
            record=record,
        )


@found_by(Kind.WEBHOOK)
async def webhook_by_id(info: Info, id: GlobalId) -> Webhook | None:
    found = await resolve.webhook(info.context, WebhookId(id.uuid))
    return Webhook.of(found) if found else None


@found_by(Kind.WEBHOOK_DELIVERY)
async def delivery_by_id(info: Info, id: GlobalId) -> WebhookDelivery | None:
    found = await resolve.delivery(info.context, WebhookDeliveryId(id.uuid))
    return WebhookDelivery.of(found) if found else None
