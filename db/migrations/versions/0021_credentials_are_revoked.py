"""Credentials are revoked: each has a place in a status list"""

import sqlalchemy as sa
from alembic import op

from db.revoking import REVOKE, REVOKE_TRIGGER

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "badge_status",
        sa.Column("list_number", sa.Integer(), nullable=False),
        sa.Column("list_index", sa.Integer(), nullable=False),
        sa.Column("citizen_id", sa.Uuid(), nullable=True),
        sa.Column("participation_id", sa.Uuid(), nullable=True),
        sa.Column("revoked", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("list_number", "list_index"),
        sa.UniqueConstraint("citizen_id", "participation_id", name="badge_status_once"),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"]),
        sa.ForeignKeyConstraint(
            ["citizen_id", "participation_id"],
            ["participation.citizen_id", "participation.id"],
            name="badge_status_participation",
        ),
        sa.CheckConstraint("list_number > 0", name="badge_status_list"),
        sa.CheckConstraint("list_index BETWEEN 0 AND 131071", name="badge_status_index"),
        sa.CheckConstraint("(citizen_id IS NULL) = (participation_id IS NULL)", name="badge_status_whose"),
    )
    op.create_index(
        "badge_status_revoked",
        "badge_status",
        ["list_number", "list_index"],
        postgresql_where=sa.text("revoked"),
    )
    op.execute(REVOKE)
    op.execute(REVOKE_TRIGGER)


def downgrade() -> None:
    op.execute("DROP TRIGGER revoke_badge ON participation")
    op.execute("DROP FUNCTION revoke_badge()")
    op.drop_table("badge_status")
