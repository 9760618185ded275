"""Of webhooks that end their owners are told: the kinds of notifications are held to, old ones too"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE notification VALIDATE CONSTRAINT notification_kind")


def downgrade() -> None:
    op.execute("ALTER TABLE notification DROP CONSTRAINT notification_kind")
    op.execute(
        "ALTER TABLE notification ADD CONSTRAINT notification_kind CHECK (kind IN ("
        "'EVENT_CHANGED', 'EVENT_CANCELLED', 'SEAT_FREED', 'ATTENDANCE_CONFIRMED', 'LEVEL_REACHED', 'SKILL_GAINED', "
        "'FEEDBACK_RECEIVED', 'OUTCOME_PUBLISHED', 'EVENT_REVIEWED', 'INVITATION', 'WATCH', 'WEBHOOK_DISABLED'"
        ")) NOT VALID"
    )
