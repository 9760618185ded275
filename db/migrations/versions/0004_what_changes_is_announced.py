"""What changes is announced"""

import sqlalchemy as sa
from alembic import op

from db.announcing import FUNCTIONS, TRIGGERS

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "announcement",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column(
            "topic",
            sa.Enum(
                "EVENT",
                "PUBLISHED",
                "PARTICIPATION",
                "INFLUENCE",
                "ACCESS",
                name="announcement_topic",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column(
            "announced_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("announcement_oldest", "announcement", ["announced_at", "id"], unique=False)
    for statement in (*FUNCTIONS, *TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    for trigger, table in (
        ("announce_added", "event"),
        ("announce_changed", "event"),
        ("announce_added", "participation"),
        ("announce_changed", "participation"),
        ("announce_added", "ledger_entry"),
        ("announce_access_ended", "session"),
        ("announce_access_gone", "session"),
        ("announce_access_changed", "account"),
        ("announce_access_changed", "organization_member"),
        ("announce_access_ended", "api_token"),
    ):
        op.execute(f"DROP TRIGGER {trigger} ON {table}")
    for function in (
        "announce_events_added",
        "announce_events_changed",
        "announce_participations_added",
        "announce_participations_changed",
        "announce_influence_changed",
        "announce_access_changed",
        "announce_token_changed",
    ):
        op.execute(f"DROP FUNCTION {function}()")
    op.drop_index("announcement_oldest", table_name="announcement")
    op.drop_table("announcement")
