"""Territories are counted"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    counts = ("citizens", "events", "upcoming_events", "organizations", "attendances", "people")
    op.create_table(
        "territory_tally",
        sa.Column("territory_code", sa.String(), nullable=False),
        sa.Column("theme", sa.String(), nullable=False),
        *(sa.Column(name, sa.Integer(), server_default="0", nullable=False) for name in counts),
        sa.Column("minutes", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("counted_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("territory_code", "theme"),
    )


def downgrade() -> None:
    op.drop_table("territory_tally")
