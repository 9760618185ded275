"""Ratings are summed up: what the feedback on an event comes to is kept beside it"""

from uuid import UUID

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from db.rating import FUNCTIONS, TRIGGER

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

AT_ONCE = 1_000
NOBODYS = UUID(int=0)
RATED = sa.text(
    "SELECT DISTINCT event_id FROM feedback WHERE event_id > :last ORDER BY event_id LIMIT :at_once"
).bindparams(sa.bindparam("last", type_=sa.Uuid()), at_once=AT_ONCE)
COUNT = sa.text("SELECT count_ratings(:events)").bindparams(sa.bindparam("events", type_=ARRAY(sa.Uuid())))


def upgrade() -> None:
    """The trigger first: from then on nothing is missed, and what there is can be counted, some events at a time."""
    if not sa.inspect(op.get_bind()).has_table("event_rating"):
        _create()
    with op.get_context().autocommit_block():
        for statement in (*FUNCTIONS, TRIGGER):
            op.execute(statement)
        _count_what_is_there(op.get_bind())


def _create() -> None:
    each = range(1, 6)
    op.create_table(
        "event_rating",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("given", ARRAY(sa.Integer()), server_default=sa.text("'{0,0,0,0,0}'"), nullable=False),
        sa.Column(
            "answers",
            sa.Integer(),
            sa.Computed(" + ".join(f"given[{rating}]" for rating in each), persisted=True),
            nullable=False,
        ),
        sa.Column(
            "stars",
            sa.Integer(),
            sa.Computed(" + ".join(f"{rating} * given[{rating}]" for rating in each), persisted=True),
            nullable=False,
        ),
        sa.CheckConstraint("cardinality(given) = 5 AND 0 <= ALL (given)", name="event_rating_given"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id"),
    )


def _count_what_is_there(connection: sa.Connection) -> None:
    last = NOBODYS
    while some := connection.scalars(RATED, {"last": last}).all():
        connection.execute(COUNT, {"events": some})
        last = some[-1]


def downgrade() -> None:
    op.execute("DROP TRIGGER rate_event ON feedback")
    op.execute("DROP FUNCTION rate_event()")
    op.execute("DROP FUNCTION count_ratings(uuid[])")
    op.drop_table("event_rating")
