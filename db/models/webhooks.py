"""Webhooks of organisations, and what is to be delivered to them: their own outbox."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from db.models.columns import Texts, Timestamp, moment, new_key, words
from domain.webhooks import DisabledBecause, WebhookDeliveryState, WebhookFailure, WebhookTopic

WAITING = sa.text("done_at IS NULL")
EXISTS = sa.text("deleted_at IS NULL")
_TOPICS = ", ".join(f"'{topic.value}'" for topic in WebhookTopic)


class Webhook(SQLModel, table=True):
    """An address that is told what happens. The secrets are kept as they are: they have to sign."""

    __table_args__ = (
        sa.CheckConstraint(f"topics <@ ARRAY[{_TOPICS}]::text[] AND cardinality(topics) > 0", name="webhook_topics"),
        sa.CheckConstraint("octet_length(secret) >= 24", name="webhook_secret"),
        sa.CheckConstraint("(previous_secret IS NULL) = (previous_until IS NULL)", name="webhook_previous_secret"),
        sa.CheckConstraint("(disabled_at IS NULL) = (disabled_because IS NULL)", name="webhook_disabled_reason"),
        sa.Index("webhook_by_organization", "organization_id", "created_at", postgresql_where=EXISTS),
    )

    id: UUID = Field(default_factory=new_key, primary_key=True)
    organization_id: UUID = Field(foreign_key="organization.id")
    created_by: UUID | None = Field(default=None, foreign_key="citizen.id")
    url: str
    topics: list[str] = Field(sa_column=sa.Column(Texts, nullable=False))
    secret: bytes
    previous_secret: bytes | None = None
    previous_until: datetime | None = moment(nullable=True)
    created_at: datetime = moment()
    failures: int = 0
    failing_since: datetime | None = moment(nullable=True)
    resting_until: datetime | None = moment(nullable=True)
    disabled_at: datetime | None = moment(nullable=True)
    disabled_because: DisabledBecause | None = Field(
        default=None, sa_type=words(DisabledBecause, name="webhook_disabled_because")
    )
    deleted_at: datetime | None = moment(nullable=True)


class WebhookDelivery(SQLModel, table=True):
    """A message for a webhook, in ids alone. Triggers write it; workers take it under a lease.

    What has the same subject goes out in the order of `number`. `due_at` is when it is tried again: none before the
    first time.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        sa.UniqueConstraint("webhook_id", "subject", "number", name="webhook_delivery_order"),
        sa.Index("webhook_delivery_waiting", "webhook_id", "created_at", "id", postgresql_where=WAITING),
        sa.Index("webhook_delivery_queue", "webhook_id", "subject", "number", postgresql_where=WAITING),
        sa.Index(
            "webhook_delivery_taken",
            "webhook_id",
            "leased_until",
            postgresql_where=sa.text("done_at IS NULL AND leased_until IS NOT NULL"),
        ),
        sa.Index("webhook_delivery_newest", "webhook_id", sa.text("created_at DESC"), sa.text("id DESC")),
        sa.Index("webhook_delivery_oldest", "created_at"),
        sa.CheckConstraint("(state = 'WAITING') = (done_at IS NULL)", name="webhook_delivery_done"),
    )

    id: UUID = Field(sa_column=sa.Column(sa.Uuid, primary_key=True, server_default=sa.text("gen_random_uuid()")))
    webhook_id: UUID = Field(foreign_key="webhook.id")
    topic: WebhookTopic = Field(sa_type=words(WebhookTopic, name="webhook_delivery_topic"))
    subject: UUID
    event_id: UUID | None = None
    number: int
    created_at: datetime = Field(
        sa_column=sa.Column(Timestamp, nullable=False, server_default=sa.text("clock_timestamp()"))
    )
    due_at: datetime | None = moment(nullable=True)
    leased_until: datetime | None = moment(nullable=True)
    attempts: int = Field(default=0, sa_column_kwargs={"server_default": sa.text("0")})
    state: WebhookDeliveryState = Field(
        sa_column=sa.Column(
            words(WebhookDeliveryState, name="webhook_delivery_state"),
            nullable=False,
            server_default=WebhookDeliveryState.WAITING.value,
        )
    )
    done_at: datetime | None = moment(nullable=True)


class WebhookAttempt(SQLModel, table=True):
    """One try of a delivery. Nothing is kept of what was answered but its status."""

    __tablename__ = "webhook_attempt"

    delivery_id: UUID = Field(
        sa_column=sa.Column(sa.Uuid, sa.ForeignKey("webhook_delivery.id", ondelete="CASCADE"), primary_key=True)
    )
    number: int = Field(primary_key=True)
    at: datetime = moment()
    milliseconds: int
    status: int | None = None
    failure: WebhookFailure | None = Field(default=None, sa_type=words(WebhookFailure, name="webhook_attempt_failure"))
