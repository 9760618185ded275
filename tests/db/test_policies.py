"""Policies are files with a version and a date, read into the database once, and never changed after."""

import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from db.engine import Database
from db.queries import reference
from db.reference import policies
from db.reference.load import load_reference
from db.tables import scoring_policy
from domain.ids import CitizenId
from domain.ledger import LedgerKind
from domain.policy import InvalidPolicy
from tests.clock import START
from tests.rows import citizen_row, entry_row, event_row, keep

OURS = policies.FOLDER / "2026-1.toml"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of policies to write in, with ours in it."""
    shutil.copy(OURS, tmp_path)
    monkeypatch.setattr(policies, "FOLDER", tmp_path)
    return tmp_path


class Written(NamedTuple):
    """A policy as ours, but for this; in a file of its version's name unless told."""

    version: str
    day: date | str = "2026-01-01"
    least: int = 10
    name: str | None = None


def write(folder: Path, of: Written) -> None:
    text = (
        OURS.read_text(encoding="utf-8").replace('"2026-1"', f'"{of.version}"').replace('"2026-01-01"', f'"{of.day}"')
    )
    changed = text.replace("minimum_points = 10", f"minimum_points = {of.least}")
    (folder / (of.name or f"{of.version}.toml")).write_text(changed, encoding="utf-8")


async def loaded(database: Database) -> list[str]:
    """The versions that the database has once the files are read, the first in force first; then it is undone."""
    async with database.engine.connect() as connection:
        await load_reference(connection)
        found = await versions(connection)
        await connection.rollback()
    return found


async def versions(connection: AsyncConnection) -> list[str]:
    rows = await connection.scalars(sa.select(scoring_policy.c.version).order_by(scoring_policy.c.effective_from))
    return list(rows)


async def test_a_file_is_read_once_with_its_version_and_its_day(empty: Database, folder: Path) -> None:
    write(folder, Written("2031-1", "2031-04-01", least=20))

    async with empty.engine.connect() as connection:
        await load_reference(connection)
        row = (await connection.execute(sa.select(scoring_policy).where(scoring_policy.c.version == "2031-1"))).one()
        await load_reference(connection)
        again = (await connection.execute(sa.select(scoring_policy).where(scoring_policy.c.version == "2031-1"))).one()
        await connection.rollback()

    assert again == row
    assert row.effective_from == date(2031, 4, 1)
    assert row.document["minimum_points"] == 20


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (Written("2026-1", least=20), "2026-1 was changed: give a new policy a new version instead"),
        (Written("2026-1", "2026-01-02"), "2026-1 was changed"),
        (Written("2026-1", least=20, name="another.toml"), "2026-1 was changed"),
        (Written("2026-2"), "2026-2: 2026-1 is in force from that day on: take another"),
    ],
)
async def test_a_file_that_says_otherwise_is_refused_and_nothing_is_done(
    empty: Database, folder: Path, written: Written, said: str
) -> None:
    write(folder, written)

    with pytest.raises(InvalidPolicy, match=said):
        await loaded(empty)

    async with empty.engine.connect() as connection:
        assert await versions(connection) == ["2026-1"]


async def test_words_beside_the_numbers_may_change(empty: Database, folder: Path) -> None:
    file = folder / OURS.name
    file.write_text(f"# As decided in spring.\n{file.read_text(encoding='utf-8')}", encoding="utf-8")

    assert await loaded(empty) == ["2026-1"]


async def test_what_is_in_the_database_stays_where_its_file_is_gone(empty: Database, folder: Path) -> None:
    (folder / OURS.name).unlink()

    assert await loaded(empty) == ["2026-1"]


@pytest.mark.parametrize("kind", [kind for kind in LedgerKind if kind is not LedgerKind.REVERSAL])
@pytest.mark.parametrize(
    ("day", "taken"),
    [(START.date() + timedelta(days=1), True), (START.date(), False), (date(2025, 1, 1), True)],
    ids=["to come", "since then", "before the first, up to it"],
)
async def test_a_policy_from_whose_day_on_points_were_given_comes_too_late(
    empty: Database, folder: Path, kind: LedgerKind, day: date, taken: bool
) -> None:
    citizen = citizen_row()
    await keep(empty, citizen)
    await given_points(empty, CitizenId(citizen.id), kind)
    write(folder, Written("2026-2", day))

    if taken:
        assert len(await loaded(empty)) == 2
    else:
        with pytest.raises(InvalidPolicy, match=f"2026-2: points were given since {day}: take a day to come"):
            await loaded(empty)


async def given_points(database: Database, citizen: CitizenId, kind: LedgerKind) -> None:
    """An entry that follows the policy of START: by its event, or by its own moment."""
    event = event_row(citizen)
    await keep(database, event)
    about_an_event = kind in (LedgerKind.PARTICIPATION, LedgerKind.ORGANIZING)
    recorded_at = START + timedelta(days=9) if about_an_event else START
    of = event.id if about_an_event else None
    await keep(database, entry_row(citizen, 1, kind=kind, event_id=of, occurred_at=recorded_at))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE scoring_policy SET document = jsonb_set(document, '{minimum_points}', '20')",
        "UPDATE scoring_policy SET effective_from = effective_from + 1",
        "DELETE FROM scoring_policy",
    ],
)
async def test_the_database_itself_refuses_to_change_a_policy(empty: Database, statement: str) -> None:
    with pytest.raises(IntegrityError, match="a scoring policy is never changed"):
        async with empty.engine.begin() as connection:
            await connection.execute(sa.text(statement))


async def test_what_is_read_back_is_what_the_files_say(empty: Database) -> None:
    async with empty.reading() as session:
        kept = await reference.policies(session)

    assert list(kept.all) == [policy for policy, _ in policies.policy_files()]
