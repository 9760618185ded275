"""Answers are kept for those who ask for the same again"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_answer",
        sa.Column("caller", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("citizen_id", sa.Uuid(), nullable=True),
        sa.Column("request", sa.LargeBinary(), nullable=False),
        sa.Column("turn", sa.Uuid(), nullable=False),
        sa.Column("turn_ends", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"]),
        sa.PrimaryKeyConstraint("caller", "fingerprint"),
    )
    op.create_index("kept_answer_expires", "kept_answer", ["expires_at"])
    op.create_index(op.f("ix_kept_answer_citizen_id"), "kept_answer", ["citizen_id"])


def downgrade() -> None:
    op.drop_table("kept_answer")
