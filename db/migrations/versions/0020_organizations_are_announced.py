"""Organisations that change are announced: processes keep them meanwhile"""

from alembic import op

from db.announcing import ORGANIZATION_CHANGED, ORGANIZATION_TRIGGER

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(ORGANIZATION_CHANGED)
    op.execute(ORGANIZATION_TRIGGER)


def downgrade() -> None:
    op.execute("DROP TRIGGER announce_changed ON organization")
    op.execute("DROP FUNCTION announce_organization_changed()")
