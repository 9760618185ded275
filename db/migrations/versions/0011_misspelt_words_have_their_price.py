"""Misspelt words have their price"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER FUNCTION near_spellings(text) COST 10000")


def downgrade() -> None:
    """Nothing: a database that is made anew has the price from the start."""
