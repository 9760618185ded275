"""Migrations keep nobody waiting: what they take of tables that are in use is looked at, and one is run under load."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from db.engine import Database
from influents.embedded import Cluster
from tests.migrating import fresh_databases, go, revisions

BEFORE_ANYBODY = "0014"
"""The last migration that no table with people in it has ever seen."""
OF_TASTE = (
    "ban-concurrent-index-creation-in-transaction",  # PostgreSQL refuses that itself
    "prefer-bigint-over-int",
    "prefer-bigint-over-smallint",
    "prefer-robust-stmts",
    "prefer-text-field",
    "require-lock-timeout",  # db.migrate sets both, for all of them
    "require-statement-timeout",
)
NEW_TABLE = re.compile(r"\s*CREATE TABLE (?:IF NOT EXISTS )?(\w+)", re.IGNORECASE)
SUBJECT = re.compile(
    r"\s*(?:ALTER TABLE|CREATE (?:UNIQUE )?INDEX\b.*?\bON|COMMENT ON TABLE) (?:ONLY )?(\w+)", re.IGNORECASE | re.DOTALL
)
WHOLE_TABLE = re.compile(
    r"\s*(?:UPDATE|DELETE FROM|INSERT INTO|LOCK TABLE|CLUSTER|VACUUM FULL|REINDEX(?! \w+ CONC))\b", re.IGNORECASE
)
OF_ALEMBIC = re.compile(r"\s*(?:UPDATE|INSERT INTO|DELETE FROM) alembic_version\b", re.IGNORECASE)


async def statements(database: Database, revision: str) -> list[str]:
    """What a migration runs, its bookkeeping left out."""
    run: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        run.append(statement)

    sa.event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    await go(database, revision)
    sa.event.remove(database.engine.sync_engine, "before_cursor_execute", note)
    return [each for each in run if not OF_ALEMBIC.match(each)]


def in_use(run: list[str]) -> list[str]:
    """Of those the ones about tables that were there before, which somebody may be using."""
    new = {found[1] for each in run if (found := NEW_TABLE.match(each))}
    return [each for each in run if not ((found := SUBJECT.match(each)) and found[1] in new)]


def complaints(run: list[str], folder: Path) -> list[str]:
    """What keeps others waiting, and for what reason."""
    file = folder / "migration.sql"
    file.write_text(";\n".join(run) + ";\n")
    squawk = Path(sys.executable).with_name("squawk")
    options = ["--pg-version", "15", "--assume-in-transaction", "--reporter", "json", f"--exclude={','.join(OF_TASTE)}"]
    said = subprocess.run([squawk, *options, file], capture_output=True, text=True, check=False)
    found = [f"{each['rule_name']}: {each['message']}" for each in json.loads(said.stdout or "[]")]
    moved = [f"rows of a table in use: {each[:80]}" for each in run if WHOLE_TABLE.match(each)]
    return found + moved


async def test_no_migration_keeps_a_table_from_those_who_use_it(cluster: Cluster, tmp_path: Path) -> None:
    async with fresh_databases(cluster) as make:
        database = await make()
        await go(database, BEFORE_ANYBODY)
        later = [revision for revision in revisions() if revision > BEFORE_ANYBODY]
        found = {revision: complaints(in_use(await statements(database, revision)), tmp_path) for revision in later}

    assert {revision: each for revision, each in found.items() if each} == {}


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ("CREATE INDEX event_b ON event (title)", "require-concurrent-index-creation"),
        ("ALTER TABLE event ADD CONSTRAINT c CHECK (capacity > 0)", "constraint-missing-not-valid"),
        ("ALTER TABLE event ADD FOREIGN KEY (id) REFERENCES citizen (id)", "adding-foreign-key-constraint"),
        ("ALTER TABLE event ALTER COLUMN title TYPE text", "changing-column-type"),
        ("ALTER TABLE event ALTER COLUMN title SET NOT NULL", "adding-not-nullable-field"),
        ("ALTER TABLE event DROP COLUMN title", "ban-drop-column"),
        ("ALTER TABLE event RENAME COLUMN title TO name", "renaming-column"),
        ("UPDATE event SET title = ''", "rows of a table in use"),
    ],
)
def test_what_would_lock_is_found(wrong: str, rule: str, tmp_path: Path) -> None:
    assert any(each.startswith(rule) for each in complaints(in_use([wrong]), tmp_path))


def test_a_new_table_may_be_given_what_it_needs(tmp_path: Path) -> None:
    run = ["CREATE TABLE thing (id UUID)", "CREATE INDEX thing_id ON thing (id)", "ALTER TABLE thing DROP COLUMN id"]

    assert complaints(in_use(run), tmp_path) == []
