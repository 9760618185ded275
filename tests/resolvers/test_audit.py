"""The ledger held against the facts: nothing to say of what calls made, and whatever is falsified is told."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from db.engine import Database
from db.tables import citizen_total, ledger_entry
from resolvers import desk
from resolvers.adjustments import adjust_influence
from resolvers.audit import audited
from resolvers.context import Context
from tests.clock import Clock
from tests.factories import Town
from tests.ledgers import me

DAY = timedelta(days=1)
NOT_DERIVED = {
    "id": "random",
    "occurred_at": "the moment of recording is a fact by itself",
}
"""Columns that nothing else tells; of a reason only what an award has none of, and that an adjustment has one."""
FIRST = "number = 2"
OTHER = "SELECT id FROM citizen WHERE id NOT IN (SELECT citizen_id FROM ledger_entry) LIMIT 1"
REVERSAL = "kind = 'REVERSAL'"
FALSIFIED = {
    "citizen_id": (f"({OTHER})", FIRST),
    "number": ("number + 100", FIRST),
    "kind": ("'ORGANIZING'", FIRST),
    "attempt": ("attempt + 1", FIRST),
    "base_points": ("base_points + 10", FIRST),
    "multiplier": ("multiplier * 2", FIRST),
    "points": ("points + 1", FIRST),
    "balance": ("balance + 1", FIRST),
    "event_id": ("gen_random_uuid()", FIRST),
    "participation_id": ("gen_random_uuid()", FIRST),
    "theme": ("'CULTURE'", FIRST),
    "stars": ("stars + 1", FIRST),
    "minutes": ("minutes + 1", FIRST),
    "skill_factor": ("2", FIRST),
    "repeat_factor": ("0.5", FIRST),
    "repeats": ("repeats + 1", FIRST),
    "overlapping": ("NOT overlapping", FIRST),
    "reason": ("'because'", FIRST),
    "reverses_id": ("gen_random_uuid()", REVERSAL),
    "policy_version": ("'other'", FIRST),
}
BESIDES = {
    "an adjustment without a reason": "UPDATE ledger_entry SET reason = NULL WHERE kind = 'ADJUSTMENT'",
    "a total's points": "UPDATE citizen_total SET points = points + 1 WHERE citizen_id = :of",
    "a total's earned points": "UPDATE citizen_total SET earned_points = earned_points + 1 WHERE citizen_id = :of",
    "a total's entries": "UPDATE citizen_total SET entries = entries + 1 WHERE citizen_id = :of",
    "a total that is gone": "DELETE FROM citizen_total WHERE citizen_id = :of",
    "an entry that is gone": "DELETE FROM ledger_entry WHERE citizen_id = :of AND number = 3",
    "an attendance that is none": "UPDATE participation SET status = 'REGISTERED', attended_at = NULL, evidence = NULL "
    "WHERE citizen_id = :of",
    "an attendance without an award": "UPDATE participation SET status = 'ATTENDED', attended_at = now(), "
    "evidence = 'ORGANIZER' WHERE status = 'NO_SHOW'",
    "an event's stars": "UPDATE event SET engagement = 5",
    "an event's length": "UPDATE event SET ends_at = ends_at + interval '1 hour'",
    "an event that was called off": "UPDATE event SET status = 'CANCELLED'",
    "a skill that was gained later": "UPDATE skill_holding SET acquired_at = acquired_at + interval '90 days'",
    "a skill that never was": "DELETE FROM skill_holding",
}


async def said(services: Context) -> list[str]:
    return [each.column async for part in audited(services) for each in part.differences]


async def falsify(database: Database, statement: str, **given: object) -> None:
    """Past the trigger that keeps the ledger."""
    async with database.engine.begin() as connection:
        await connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        assert (await connection.execute(sa.text(statement), given)).rowcount > 0


async def every_kind(town: Town, clock: Clock) -> Context:
    """Somebody assessed, who repeats, gains a skill, is in two places, loses an award, gets it again, and is adjusted.

    Their ledger begins with the assessment, and an ordinary award is second.
    """
    moderator, nath = await town.moderator(), await town.citizen(level=3)
    hosts = [await town.citizen(), await town.citizen()]
    attended_events = [
        await town.published(hosts[number == 1], by=moderator, starts_at=clock() + (number + 1) * DAY)
        for number in range(7)
    ]
    for each in attended_events:
        await town.attend(nath, each)
    event = attended_events[-1]
    beside = await town.published(hosts[1], by=moderator, starts_at=event.details.starts_at + timedelta(hours=1))
    await town.attend(nath, beside)
    clock.now = event.details.ends_at
    for attended in (False, True):
        there, away = ([me(nath)], []) if attended else ([], [me(nath)])
        await desk.confirm_attendance(hosts[0], event.id, attended=there, absent=away)
    missed = await town.published(hosts[1], by=moderator, starts_at=clock() + DAY)
    await town.attend(nath, missed)
    clock.now = missed.details.ends_at
    await desk.confirm_attendance(hosts[1], missed.id, attended=[], absent=[me(nath)])
    await adjust_influence(moderator, me(nath), points=-30, reason="Compté deux fois.")
    return nath


async def test_nothing_is_said_of_what_calls_made(town: Town, clock: Clock, empty: Database, nobody: Context) -> None:
    await every_kind(town, clock)

    assert await said(nobody) == []
    async with empty.reading() as session:
        kinds = set(await session.scalars(sa.select(ledger_entry.c.kind)))
        overlapping = await session.scalar(sa.select(sa.func.bool_or(ledger_entry.c.overlapping)))
        doubled = await session.scalar(sa.select(sa.func.max(ledger_entry.c.skill_factor)))
    assert kinds >= {"SELF_ASSESSMENT", "PARTICIPATION", "REVERSAL", "ADJUSTMENT"}
    assert overlapping
    assert doubled == 2


def test_every_column_is_falsified_or_can_be_told_from_nothing() -> None:
    assert {column.name for column in ledger_entry.c} == FALSIFIED.keys() | NOT_DERIVED.keys()
    assert {column.name for column in citizen_total.c} == {"citizen_id", "points", "earned_points", "entries"}


@pytest.mark.parametrize("column", FALSIFIED)
async def test_a_falsified_column_is_told(
    town: Town, clock: Clock, empty: Database, nobody: Context, column: str
) -> None:
    nath = await every_kind(town, clock)
    value, which = FALSIFIED[column]

    statement = f"UPDATE ledger_entry SET {column} = {value} WHERE citizen_id = :of AND {which}"  # noqa: S608 - ours
    await falsify(empty, statement, of=me(nath))

    assert await said(nobody)


@pytest.mark.parametrize("what", BESIDES)
async def test_what_no_longer_fits_the_ledger_is_told(
    town: Town, clock: Clock, empty: Database, nobody: Context, what: str
) -> None:
    nath = await every_kind(town, clock)

    statement = BESIDES[what]
    await falsify(empty, statement, **({"of": me(nath)} if ":of" in statement else {}))

    assert await said(nobody)
