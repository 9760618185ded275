"""Webhooks are told what happens, from an outbox of their own"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from db.telling_webhooks import FUNCTIONS, TRIGGERS

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)
TOPICS = (
    "'EVENT_PUBLISHED', 'EVENT_UPDATED', 'EVENT_CANCELLED', 'EVENT_COMPLETED', 'OUTCOME_PUBLISHED', "
    "'REGISTRATION_MADE', 'REGISTRATION_CANCELLED', 'ATTENDANCE_CONFIRMED', 'ATTENDANCE_WITHDRAWN', "
    "'FEEDBACK_RECEIVED', 'PING'"
)
WAITING = sa.text("done_at IS NULL")
KINDS = (
    "'EVENT_CHANGED', 'EVENT_CANCELLED', 'SEAT_FREED', 'ATTENDANCE_CONFIRMED', 'LEVEL_REACHED', 'SKILL_GAINED', "
    "'FEEDBACK_RECEIVED', 'OUTCOME_PUBLISHED', 'EVENT_REVIEWED', 'INVITATION', 'WATCH'"
)

WIDER = f"{KINDS}, 'WEBHOOK_DISABLED'"


def upgrade() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("created_by", sa.Uuid(), sa.ForeignKey("citizen.id"), nullable=True),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("topics", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("previous_secret", sa.LargeBinary(), nullable=True),
        sa.Column("previous_until", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", MOMENT, nullable=True),
        sa.Column("resting_until", MOMENT, nullable=True),
        sa.Column("disabled_at", MOMENT, nullable=True),
        sa.Column("disabled_because", sa.String(length=32), nullable=True),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.CheckConstraint(f"topics <@ ARRAY[{TOPICS}]::text[] AND cardinality(topics) > 0", name="webhook_topics"),
        sa.CheckConstraint("octet_length(secret) >= 24", name="webhook_secret"),
        sa.CheckConstraint("(previous_secret IS NULL) = (previous_until IS NULL)", name="webhook_previous_secret"),
        sa.CheckConstraint("(disabled_at IS NULL) = (disabled_because IS NULL)", name="webhook_disabled_reason"),
        sa.CheckConstraint("disabled_because IN ('FAILING', 'GONE')", name="webhook_disabled_because"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "webhook_by_organization",
        "webhook",
        ["organization_id", "created_at"],
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("webhook_id", sa.Uuid(), sa.ForeignKey("webhook.id"), nullable=False),
        sa.Column("topic", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("state", sa.String(length=32), server_default="WAITING", nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.CheckConstraint(f"topic IN ({TOPICS})", name="webhook_delivery_topic"),
        sa.CheckConstraint("state IN ('WAITING', 'DELIVERED', 'GIVEN_UP', 'OBSOLETE')", name="webhook_delivery_state"),
        sa.CheckConstraint("(state = 'WAITING') = (done_at IS NULL)", name="webhook_delivery_done"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("webhook_id", "subject", "number", name="webhook_delivery_order"),
    )
    on = "webhook_delivery"
    op.create_index("webhook_delivery_waiting", on, ["webhook_id", "created_at", "id"], postgresql_where=WAITING)
    op.create_index("webhook_delivery_queue", on, ["webhook_id", "subject", "number"], postgresql_where=WAITING)
    taken = sa.text("done_at IS NULL AND leased_until IS NOT NULL")
    op.create_index("webhook_delivery_taken", on, ["webhook_id", "leased_until"], postgresql_where=taken)
    newest: list[str | sa.TextClause | sa.ColumnElement[object]] = [
        "webhook_id",
        sa.text("created_at DESC"),
        sa.text("id DESC"),
    ]
    op.create_index("webhook_delivery_newest", on, newest)
    op.create_index("webhook_delivery_oldest", on, ["created_at"])
    op.create_table(
        "webhook_attempt",
        sa.Column("delivery_id", sa.Uuid(), sa.ForeignKey("webhook_delivery.id", ondelete="CASCADE"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("failure", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "failure IN ('NOT_ALLOWED', 'UNKNOWN_HOST', 'UNREACHABLE', 'TLS', 'TIMEOUT', 'PROTOCOL', 'STATUS')",
            name="webhook_attempt_failure",
        ),
        sa.PrimaryKeyConstraint("delivery_id", "number"),
    )
    _kinds(WIDER)
    for statement in (*FUNCTIONS, *TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    for table in ("event", "participation"):
        op.execute(f"DROP TRIGGER tell_webhooks_changed ON {table}")
    for table in ("event", "participation", "feedback"):
        op.execute(f"DROP TRIGGER tell_webhooks_added ON {table}")
    for function in (
        "tell_of_events_added",
        "tell_of_events_changed",
        "tell_of_participations_added",
        "tell_of_participations_changed",
        "tell_of_feedback_added",
    ):
        op.execute(f"DROP FUNCTION {function}()")
    op.execute("DROP FUNCTION tell_webhooks(uuid, text, uuid, uuid)")
    for table in ("webhook_attempt", "webhook_delivery", "webhook"):
        op.drop_table(table)
    op.execute("DELETE FROM notification WHERE kind = 'WEBHOOK_DISABLED'")
    _kinds(KINDS)
    op.execute("ALTER TABLE notification VALIDATE CONSTRAINT notification_kind")


def _kinds(kinds: str) -> None:
    """What may be told to somebody; the next migration looks whether what is there fits."""
    op.execute("-- squawk-ignore ban-drop-constraint\nALTER TABLE notification DROP CONSTRAINT notification_kind")
    op.execute(f"ALTER TABLE notification ADD CONSTRAINT notification_kind CHECK (kind IN ({kinds})) NOT VALID")
