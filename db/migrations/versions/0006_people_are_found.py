"""Citizens and organisations are found by words"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from db.functions import PLAIN_WORDS

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

CALLED = (
    "(handle::text || ' '::text) || "
    "CASE WHEN visibility = 'PUBLIC' THEN coalesce(full_name, ''::character varying) ELSE ''::character varying END"
)


def words(title: str, told: str) -> sa.Column[str]:
    weighed = (
        f"setweight(to_tsvector('french'::regconfig, plain_words({title})), 'A') || "
        f"setweight(to_tsvector('french'::regconfig, plain_words(coalesce({told}, ''))), 'C')"
    )
    return sa.Column("words", TSVECTOR(), sa.Computed(weighed, persisted=True), nullable=True)


def upgrade() -> None:
    op.execute(PLAIN_WORDS.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))  # « æ » is « ae » from now on
    op.execute("UPDATE event SET title = title WHERE title || description ~ '[æÆ]'")  # their words are made anew
    op.add_column("citizen", words(CALLED, "bio"))
    op.create_index("citizen_words", "citizen", ["words"], postgresql_using="gin")
    op.create_index("citizen_spellings", "citizen", [sa.text(f"near_spellings({CALLED})")], postgresql_using="gin")
    op.create_index("citizen_by_member_since", "citizen", ["member_since", "id"])
    op.create_index(
        "citizen_talents_offered",
        "citizen",
        [sa.text("plain_texts(talents)")],
        postgresql_using="gin",
        postgresql_where=sa.text("discoverable"),
    )
    # Boards go by totals: everybody has some, if only none.
    op.execute(
        "INSERT INTO citizen_total (citizen_id, points, earned_points, entries) "
        "SELECT id, 0, 0, 0 FROM citizen ON CONFLICT DO NOTHING"
    )
    op.add_column("organization", words("name", "description"))
    op.create_index("organization_words", "organization", ["words"], postgresql_using="gin")
    op.create_index("organization_spellings", "organization", [sa.text("near_spellings(name)")], postgresql_using="gin")
    op.create_index("organization_by_name", "organization", [sa.text("plain_words(name)"), "id"])


def downgrade() -> None:
    for index in ("organization_by_name", "organization_spellings", "organization_words"):
        op.drop_index(index, table_name="organization")
    op.drop_column("organization", "words")
    for index in ("citizen_talents_offered", "citizen_by_member_since", "citizen_spellings", "citizen_words"):
        op.drop_index(index, table_name="citizen")
    op.drop_column("citizen", "words")
