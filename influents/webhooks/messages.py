"""What a webhook is sent: a message in JSON, signed as Standard Webhooks says."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from standardwebhooks import Webhook as Signer

from domain.events import Event
from domain.webhooks import DueDelivery, WebhookTopic
from resolvers.webhook_deliveries import Told
from schema.ids import Kind, seal


@dataclass(frozen=True, slots=True)
class Message:
    """The headers and the body of one attempt."""

    headers: Mapping[str, str]
    body: bytes


def message(due: DueDelivery, told: Told, *, now: datetime) -> Message:
    """A delivery as it is sent now. Its id stays the same at each attempt; the time and the signatures don't."""
    said = {"type": due.topic.type, "timestamp": _moment(due.created_at), "data": _data(due, told)}
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    key = seal(Kind.WEBHOOK_DELIVERY, due.id)
    sent_at = now.astimezone(UTC)
    headers = {
        "webhook-id": key,
        "webhook-timestamp": str(int(sent_at.timestamp())),
        "webhook-signature": " ".join(Signer(secret).sign(key, sent_at, body) for secret in due.secrets),
        "content-type": "application/json",
        "user-agent": "Influents-Webhooks/1",
        "accept-encoding": "identity",
    }
    return Message(headers, body.encode())


def _data(due: DueDelivery, told: Told) -> dict[str, object]:
    if told.event is None:
        return {"webhook": seal(Kind.WEBHOOK, due.webhook_id)}
    data: dict[str, object] = {"event": _event(told.event)}
    if told.status is not None:
        data["participation"] = {
            "id": seal(Kind.PARTICIPATION, due.subject),
            "status": told.status,
            "citizen": None if told.citizen_id is None else seal(Kind.CITIZEN, told.citizen_id),
        }
    if due.topic is WebhookTopic.FEEDBACK_RECEIVED:
        data["feedback"] = {"id": seal(Kind.FEEDBACK, due.subject), "rating": told.rating}
    return data


def _event(event: Event) -> dict[str, object]:
    return {
        "id": seal(Kind.EVENT, event.id),
        "slug": event.slug,
        "externalId": event.external_id,
        "status": event.status,
        "title": event.details.title,
        "startsAt": _moment(event.details.starts_at),
        "endsAt": _moment(event.details.ends_at),
        "updatedAt": _moment(event.updated_at),
    }


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")
