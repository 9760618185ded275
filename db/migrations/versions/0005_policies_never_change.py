"""Policies never change"""

from alembic import op

from db.functions import POLICIES_NEVER_CHANGE, POLICY_TRIGGER

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(POLICIES_NEVER_CHANGE)
    op.execute(POLICY_TRIGGER)


def downgrade() -> None:
    op.execute("DROP TRIGGER policies_never_change ON scoring_policy")
    op.execute("DROP FUNCTION policies_never_change()")
