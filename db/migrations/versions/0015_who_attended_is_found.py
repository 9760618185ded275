"""Who attended an event is found in the order in which it is shown, and what they thought of it is counted"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS participation_shown")
        op.execute(
            "CREATE INDEX CONCURRENTLY participation_shown ON participation (event_id, attended_at DESC, id DESC) "
            "WHERE status = 'ATTENDED' AND listed"
        )
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS feedback_ratings")
        op.execute("CREATE INDEX CONCURRENTLY feedback_ratings ON feedback (event_id, rating)")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_feedback_event_id")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_feedback_event_id")
        op.execute("CREATE INDEX CONCURRENTLY ix_feedback_event_id ON feedback (event_id)")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS feedback_ratings")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS participation_shown")
