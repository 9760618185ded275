"""Calendars of one's own: what somebody registered for, at an address that only they have"""

import sqlalchemy as sa
from alembic import op

from db.revisions import PARTICIPATIONS_REVISED, PARTICIPATIONS_TRIGGER

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_feed",
        sa.Column("citizen_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("renewed_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["citizen_id"], ["account.citizen_id"]),
        sa.PrimaryKeyConstraint("citizen_id"),
        sa.UniqueConstraint("fingerprint", name="calendar_feed_fingerprint"),
    )
    op.add_column("participation", sa.Column("revision", sa.Integer(), server_default="0", nullable=False))
    op.execute(PARTICIPATIONS_REVISED)
    op.execute(PARTICIPATIONS_TRIGGER)


def downgrade() -> None:
    op.execute("DROP TRIGGER number_revision ON participation")
    op.execute("DROP FUNCTION number_participation_revision()")
    op.drop_column("participation", "revision")
    op.drop_table("calendar_feed")
