"""What people do"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("citizen_id", sa.Uuid(), nullable=True),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("due_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("leased_until", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("gave_up", sa.Boolean(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("outbox_by_citizen", "outbox_message", ["citizen_id"], unique=False)
    op.create_index(
        "outbox_due", "outbox_message", ["due_at", "id"], unique=False, postgresql_where=sa.text("done_at IS NULL")
    )
    op.create_index(
        "outbox_done", "outbox_message", ["done_at"], unique=False, postgresql_where=sa.text("done_at IS NOT NULL")
    )
    op.create_table(
        "retired_handle",
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint"),
    )
    op.create_table(
        "api_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("cardinality(scopes) > 0", name="api_token_scopes"),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["citizen.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("fingerprint"),
    )
    op.create_index("api_token_by_organization", "api_token", ["organization_id", "created_at"], unique=False)
    op.create_table(
        "check_in_brake",
        sa.Column("citizen_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("wrong_codes", sa.Integer(), nullable=False),
        sa.Column("closed_until", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("wrong_codes > 0", name="check_in_brake_count"),
        sa.ForeignKeyConstraint(
            ["citizen_id"],
            ["citizen.id"],
        ),
        sa.PrimaryKeyConstraint("citizen_id", "event_id"),
    )
    op.create_table(
        "notification",
        sa.Column("citizen_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "EVENT_CHANGED",
                "EVENT_CANCELLED",
                "SEAT_FREED",
                "ATTENDANCE_CONFIRMED",
                "LEVEL_REACHED",
                "SKILL_GAINED",
                "FEEDBACK_RECEIVED",
                "OUTCOME_PUBLISHED",
                "EVENT_REVIEWED",
                "INVITATION",
                "WATCH",
                name="notification_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("parameters", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("read_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["citizen_id"],
            ["citizen.id"],
        ),
        sa.PrimaryKeyConstraint("citizen_id", "id"),
    )
    op.create_index("notification_by_id", "notification", ["id"], unique=False)
    op.create_index(
        "notification_newest",
        "notification",
        ["citizen_id", sa.text("created_at DESC"), sa.text("id DESC")],
        unique=False,
    )
    op.create_index(
        "notification_unread", "notification", ["citizen_id"], unique=False, postgresql_where=sa.text("read_at IS NULL")
    )
    op.create_table(
        "report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reporter_id", sa.Uuid(), nullable=True),
        sa.Column(
            "subject_kind",
            sa.Enum(
                "EVENT",
                "CITIZEN",
                "ORGANIZATION",
                name="report_subject_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("resolution", sa.String(), nullable=True),
        sa.CheckConstraint("(resolved_at IS NULL) = (resolution IS NULL)", name="report_resolution"),
        sa.ForeignKeyConstraint(
            ["reporter_id"],
            ["citizen.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "report_once",
        "report",
        ["reporter_id", "subject_id"],
        unique=True,
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.create_index(
        "report_open", "report", ["created_at", "id"], unique=False, postgresql_where=sa.text("resolved_at IS NULL")
    )
    op.create_table(
        "email_token",
        sa.Column("citizen_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "VERIFY_EMAIL",
                "CHANGE_EMAIL",
                "RESET_PASSWORD",
                name="email_token_purpose",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("issued_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("used_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["citizen_id"],
            ["account.citizen_id"],
        ),
        sa.PrimaryKeyConstraint("citizen_id", "fingerprint"),
    )
    op.create_index("email_token_fingerprint", "email_token", ["fingerprint"], unique=False)
    op.create_table(
        "feedback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("highlights", sa.String(), nullable=True),
        sa.Column("improvements", sa.String(), nullable=True),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name="feedback_rating"),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["citizen.id"],
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("event_id", "author_id", name="feedback_once"),
    )
    op.create_index(op.f("ix_feedback_author_id"), "feedback", ["author_id"], unique=False)
    op.create_index(op.f("ix_feedback_event_id"), "feedback", ["event_id"], unique=False)
    op.add_column("account", sa.Column("public_charter_version", sa.String(), nullable=True))
    op.add_column("account", sa.Column("suspended_at", sa.TIMESTAMP(timezone=True), nullable=True))
    op.add_column("account", sa.Column("suspension_reason", sa.String(), nullable=True))
    op.add_column("event", sa.Column("submitted_at", sa.TIMESTAMP(timezone=True), nullable=True))
    op.add_column("event", sa.Column("annulled_at", sa.TIMESTAMP(timezone=True), nullable=True))
    op.add_column("event", sa.Column("outcome_summary", sa.String(), nullable=True))
    op.add_column(
        "event", sa.Column("outcome_decisions", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False)
    )
    op.add_column("event", sa.Column("outcome_document_url", sa.String(), nullable=True))
    op.add_column("event", sa.Column("outcome_published_at", sa.TIMESTAMP(timezone=True), nullable=True))
    op.create_index("event_open", "event", ["ends_at"], unique=False, postgresql_where=sa.text("status = 'PUBLISHED'"))
    op.create_index(
        "event_waiting", "event", ["submitted_at", "id"], unique=False, postgresql_where=sa.text("status = 'SUBMITTED'")
    )
    op.add_column("organization_member", sa.Column("left_at", sa.TIMESTAMP(timezone=True), nullable=True))
    op.add_column("participation", sa.Column("answered", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("participation", sa.Column("withdrawn_at", sa.TIMESTAMP(timezone=True), nullable=True))
    op.create_check_constraint("event_outcome", "event", "(outcome_summary IS NULL) = (outcome_published_at IS NULL)")


def downgrade() -> None:
    op.drop_constraint("event_outcome", "event", type_="check")
    op.drop_column("participation", "withdrawn_at")
    op.drop_column("participation", "answered")
    op.drop_column("organization_member", "left_at")
    op.drop_index("event_waiting", table_name="event", postgresql_where=sa.text("status = 'SUBMITTED'"))
    op.drop_index("event_open", table_name="event", postgresql_where=sa.text("status = 'PUBLISHED'"))
    op.drop_column("event", "outcome_published_at")
    op.drop_column("event", "outcome_document_url")
    op.drop_column("event", "outcome_decisions")
    op.drop_column("event", "outcome_summary")
    op.drop_column("event", "annulled_at")
    op.drop_column("event", "submitted_at")
    op.drop_column("account", "suspension_reason")
    op.drop_column("account", "suspended_at")
    op.drop_column("account", "public_charter_version")
    op.drop_index(op.f("ix_feedback_event_id"), table_name="feedback")
    op.drop_index(op.f("ix_feedback_author_id"), table_name="feedback")
    op.drop_table("feedback")
    op.drop_index("email_token_fingerprint", table_name="email_token")
    op.drop_table("email_token")
    op.drop_index("report_open", table_name="report", postgresql_where=sa.text("resolved_at IS NULL"))
    op.drop_index("report_once", table_name="report", postgresql_where=sa.text("resolved_at IS NULL"))
    op.drop_table("report")
    op.drop_index("notification_unread", table_name="notification", postgresql_where=sa.text("read_at IS NULL"))
    op.drop_index("notification_newest", table_name="notification")
    op.drop_index("notification_by_id", table_name="notification")
    op.drop_table("notification")
    op.drop_table("check_in_brake")
    op.drop_index("api_token_by_organization", table_name="api_token")
    op.drop_table("api_token")
    op.drop_table("retired_handle")
    op.drop_index("outbox_done", table_name="outbox_message", postgresql_where=sa.text("done_at IS NOT NULL"))
    op.drop_index("outbox_due", table_name="outbox_message", postgresql_where=sa.text("done_at IS NULL"))
    op.drop_index("outbox_by_citizen", table_name="outbox_message")
    op.drop_table("outbox_message")
