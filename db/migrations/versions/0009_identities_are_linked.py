"""Identities are linked"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outside_identity",
        sa.Column("citizen_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("linked_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("length(subject) BETWEEN 1 AND 255", name="outside_identity_subject"),
        sa.ForeignKeyConstraint(["citizen_id"], ["account.citizen_id"]),
        sa.PrimaryKeyConstraint("citizen_id", "issuer"),
        sa.UniqueConstraint("issuer", "subject", name="outside_identity_once"),
    )


def downgrade() -> None:
    op.drop_table("outside_identity")
