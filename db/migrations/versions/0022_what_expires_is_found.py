"""What has expired is found without reading every session and every mailed link"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS session_over")
        op.execute("CREATE INDEX CONCURRENTLY session_over ON session (least(ended_at, expires_at))")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS email_token_expires")
        op.execute("CREATE INDEX CONCURRENTLY email_token_expires ON email_token (expires_at)")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS email_token_expires")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS session_over")
