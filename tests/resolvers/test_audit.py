"""The ledger held against the facts: nothing to say of what calls made, and whatever is falsified is named."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.queries import facts
from db.tables import citizen_total, ledger_entry, skill_holding
from domain.audit import differences
from domain.facts import Difference
from domain.ledger import LedgerKind
from domain.skills import SkillSource
from resolvers.audit import audited
from resolvers.context import Context, Services
from tests.every_kind import Everything
from tests.ledgers import me

pytestmark = pytest.mark.xdist_group("audit")  # one town serves all

OTHER = "(SELECT id FROM citizen WHERE id NOT IN (SELECT citizen_id FROM ledger_entry) ORDER BY id LIMIT 1)"
ANOTHER_THEME = "CASE WHEN theme = 'CULTURE' THEN 'ECONOMY' ELSE 'CULTURE' END"
RANDOM, BECAUSE = "gen_random_uuid()", "'because'"

ENTRY = {
    "citizen_id": OTHER,
    "number": "number + 100",
    "kind": "CASE WHEN kind = 'PARTICIPATION' THEN 'ORGANIZING' WHEN kind = 'ORGANIZING' THEN 'PARTICIPATION' "
    "WHEN kind = 'ADJUSTMENT' THEN 'SELF_ASSESSMENT' ELSE 'ADJUSTMENT' END",
    "attempt": "attempt + 1",
    "occurred_at": "occurred_at + interval '1 second'",
    "base_points": "base_points + 10",
    "multiplier": "multiplier + 1",
    "points": "points + 1",
    "balance": "balance + 1",
    "event_id": RANDOM,
    "participation_id": RANDOM,
    "theme": ANOTHER_THEME,
    "stars": "coalesce(stars, 0) + 1",
    "minutes": "coalesce(minutes, 0) + 1",
    "skill_factor": "skill_factor + 1",
    "repeat_factor": "repeat_factor + 1",
    "repeats": "repeats + 1",
    "overlapping": "NOT overlapping",
    "reason": f"CASE WHEN kind = 'ADJUSTMENT' THEN NULL ELSE {BECAUSE} END",
    "reverses_id": RANDOM,
    "policy_version": "'other'",
}
TOTAL = {
    "citizen_id": RANDOM,
    "points": "points + 1",
    "earned_points": "earned_points + 1",
    "entries": "entries + 1",
}
SKILL = {
    "citizen_id": OTHER,
    "theme": "'SOLIDARITY'",
    "source": "CASE WHEN source = 'RECOGNITION' THEN 'REPEATED_CONTRIBUTION' ELSE 'RECOGNITION' END",
    "acquired_at": "acquired_at - interval '1 second'",
    "lost_at": "coalesce(lost_at, acquired_at) + interval '100 days'",
    "recognized_by": f"CASE WHEN recognized_by IS NULL THEN {RANDOM} END",
    "reason": f"CASE WHEN reason IS NULL THEN {BECAUSE} END",
    "told_at": "told_at - interval '1 day'",
}
KEYS = {ledger_entry: {"id"}, citizen_total: set(), skill_holding: {"id"}}
"""Random, and nothing else tells them; a reversal names that of what it takes back."""

IMPOSSIBLE = {("REVERSAL", "kind"), *((kind, "reverses_id") for kind in LedgerKind if kind is not LedgerKind.REVERSAL)}
"""A constraint holds these together."""
FACTS = {
    *((kind, "occurred_at") for kind in LedgerKind if kind is not LedgerKind.PARTICIPATION),
    ("RECOGNITION", "acquired_at"),
    ("RECOGNITION", "lost_at"),
}
"""Moments of which nothing else tells: a recognised skill's only by what it doubles."""
NAMED_AS = {
    ("SELF_ASSESSMENT", "citizen_id"): "citizen_total.entries",
    ("ADJUSTMENT", "citizen_id"): "citizen_total.entries",
    ("REVERSAL", "citizen_id"): "reverses_id",
    ("RECOGNITION", "citizen_id"): "skill_factor",
    ("RECOGNITION", "theme"): "skill_factor",
}
"""Where it shows that what nobody else knows of was somebody else's."""


def change(table: str, column: str, value: str, which: str = "true") -> str:
    return f"UPDATE {table} SET {column} = {value} WHERE {which}"  # noqa: S608 - ours


THEIRS = "citizen_id = :nath"
NO_ATTENDANCE = "'REGISTERED', attended_at = NULL, evidence = NULL"
ATTENDANCE = "'ATTENDED', attended_at = now(), evidence = 'ORGANIZER'"
NOWHERE = """INSERT INTO skill_holding (citizen_id, id, theme, source, acquired_at)
    VALUES (:nath, gen_random_uuid(), 'SOLIDARITY', 'REPEATED_CONTRIBUTION', now())"""
LATER = "attended_at + interval '1 second'"
BESIDES: Mapping[str, tuple[str, str]] = {
    "a total that is gone": ("DELETE FROM citizen_total WHERE citizen_id = :nath", "citizen_total.citizen_id"),
    "an entry that is gone": ("DELETE FROM ledger_entry WHERE citizen_id = :nath AND number = 3", "number"),
    "a skill that is gone": ("DELETE FROM skill_holding WHERE recognized_by IS NULL", "skill_holding"),
    "a skill out of nowhere": (NOWHERE, "skill_holding.citizen_id"),
    "no attendance": (change("participation", "status", NO_ATTENDANCE, THEIRS), "participation.status"),
    "no award": (change("participation", "status", ATTENDANCE, "status = 'NO_SHOW'"), "participation.status"),
    "another time": (change("participation", "attended_at", LATER, THEIRS), "occurred_at"),
    "another citizen": (change("participation", "citizen_id", OTHER, THEIRS), "citizen_id"),
    "another listing": (change("participation", "listed", "NOT listed", THEIRS), "skill_holding.told_at"),
    "another id": (change("participation", "id", RANDOM), "participation_id"),
    "no verified address": (change("account", "email_verified_at", "NULL"), "event.participants"),
}
"""Facts that no longer fit: what was done, and the column that is to be named."""
EVENTS = {
    "id": (RANDOM, "event_id"),
    "starts_at": ("starts_at - interval '1 hour'", "minutes"),
    "ends_at": ("ends_at + interval '1 hour'", "minutes"),
    "effort_minutes": ("90", "minutes"),
    "engagement": ("5", "stars"),
    "themes": ("ARRAY['SOLIDARITY']", "skill_factor"),
    "by_verified": ("NOT by_verified", "repeats"),
    "proposer_id": (OTHER, "citizen_id"),
    "organization_id": (f"coalesce(organization_id, {RANDOM})", "citizen_id"),
    "status": ("'CANCELLED'", "event.status"),
    "annulled_at": ("now()", "event.status"),
}
UPDATED = {"updated_at": "says only how much of an event that was taken back is still known"}


Falsified = tuple[str, str, str]
"""What is falsified, by which statement, and the column that is to be named."""


@dataclass(frozen=True, slots=True)
class Books:
    """A town's books, which each case finds as they were."""

    session: AsyncSession
    services: Services
    people: Mapping[str, object]

    async def falsified(self, statement: str) -> list[Difference]:
        """What is said once `statement` went past the trigger that keeps the ledger; then it is undone."""
        await self.session.execute(sa.text("SET LOCAL session_replication_role = replica"))
        given = {name: value for name, value in self.people.items() if f":{name}" in statement}
        changed = await self.session.execute(sa.text(statement), given)
        assert getattr(changed, "rowcount", 0) > 0, statement
        said = await self.said()
        await self.session.rollback()
        return said

    async def said(self) -> list[Difference]:
        policies, now = self.services.policies, self.services.clock()
        citizens = await facts.facts_after(self.session, None)
        return [each for of in citizens for each in differences(of, policies=policies, now=now)]


@pytest.fixture
async def books(everything: Everything) -> AsyncIterator[Books]:
    async with AsyncSession(everything.services.database.engine) as session:
        yield Books(session, everything.services, {"nath": me(everything.nath), "host": me(everything.host)})


def falsified_entries() -> Iterator[Falsified]:
    """Each column of an entry of each kind that stands."""
    for kind in LedgerKind:
        stands = "NOT EXISTS (SELECT FROM ledger_entry r WHERE r.reverses_id = l.id)"
        which = f"SELECT id FROM ledger_entry l WHERE kind = '{kind}' AND {stands}"  # noqa: S608 - ours
        for column, value in ENTRY.items():
            if (kind, column) not in IMPOSSIBLE | FACTS:
                statement = change("ledger_entry", column, value, f"id = ({which} ORDER BY citizen_id, number LIMIT 1)")
                yield f"{kind}.{column}", statement, NAMED_AS.get((kind, column), column)


def falsified_totals() -> Iterator[Falsified]:
    for column, value in TOTAL.items():
        yield f"total.{column}", change("citizen_total", column, value, THEIRS), f"citizen_total.{column}"


def falsified_skills() -> Iterator[Falsified]:
    """Each column of a skill that was gained by taking part and is held, one that was lost, and one recognised."""
    which = {
        "held": "source <> 'RECOGNITION' AND lost_at IS NULL",
        "lost": "source <> 'RECOGNITION' AND lost_at IS NOT NULL",
        SkillSource.RECOGNITION.value: "source = 'RECOGNITION'",
    }
    for of, condition in which.items():
        for column, value in SKILL.items():
            if (of, column) not in FACTS:
                statement = change("skill_holding", column, value, f"{THEIRS} AND {condition}")
                yield f"{of}.{column}", statement, NAMED_AS.get((of, column), f"skill_holding.{column}")


def falsified_events() -> Iterator[Falsified]:
    for column, (value, named) in EVENTS.items():
        yield f"event.{column}", change("event", column, value), named


def falsified_facts() -> Iterator[Falsified]:
    yield from ((what, statement, named) for what, (statement, named) in BESIDES.items())


def test_no_column_is_forgotten() -> None:
    for table, falsified in ((ledger_entry, ENTRY), (citizen_total, TOTAL), (skill_holding, SKILL)):
        assert {column.name for column in table.c} == falsified.keys() | KEYS[table]
    assert set(facts.EVENT_COLUMNS) == EVENTS.keys() | UPDATED.keys()


@pytest.mark.parametrize(
    "falsified", [falsified_entries, falsified_totals, falsified_skills, falsified_events, falsified_facts]
)
async def test_what_is_falsified_is_named(books: Books, falsified: Callable[[], Iterator[Falsified]]) -> None:
    assert await books.said() == []
    unnamed = {}

    for what, statement, named in falsified():
        said = {each.column for each in await books.falsified(statement)}
        if named not in said:
            unnamed[what] = said

    assert unnamed == {}
    assert await books.said() == []


async def test_the_books_hold_an_entry_of_every_kind_and_case(books: Books) -> None:
    kept = (await books.session.execute(sa.select(ledger_entry))).all()
    factors = {(row.kind, row.skill_factor, row.repeat_factor) for row in kept}

    assert {row.kind for row in kept} == set(LedgerKind)
    assert any(row.overlapping for row in kept)
    assert {(LedgerKind.PARTICIPATION, skill, repeat) for skill in (1, 2) for repeat in (1, 0.5)} <= factors
    assert {(LedgerKind.ORGANIZING, 1, repeat) for repeat in (1, 0.5, 0)} <= factors
    assert {row.attempt for row in kept} == {1, 2}


async def test_nothing_differs_range_after_range(everything: Everything, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "RANGE", 3)

    parts = [part async for part in audited(Context(everything.services))]

    assert len(parts) > 3
    assert [each for part in parts for each in part.differences] == []
    ids = [each.citizen_id for part in parts for each in part.facts]
    assert ids == sorted(set(ids))
    assert {part.of for part in parts} == {len(ids)}
