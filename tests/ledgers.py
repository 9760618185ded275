"""What must be true of every ledger, whatever was done at the same time: asked of the database itself."""

from dataclasses import dataclass

import sqlalchemy as sa

from db.engine import Database
from domain.ids import CitizenId
from domain.permissions import signed_in
from resolvers.context import Context

LAWS = {
    "a total is the sum of its ledger, and so is the last balance": """
        SELECT t.citizen_id FROM citizen_total t LEFT JOIN ledger_entry l USING (citizen_id)
        GROUP BY t.citizen_id, t.points, t.earned_points, t.entries
        HAVING t.points <> coalesce(sum(l.points), 0) OR t.entries <> count(l.id)
            OR t.earned_points <> coalesce(sum(l.points) FILTER (WHERE l.kind <> 'SELF_ASSESSMENT'), 0)
            OR t.points <> coalesce((array_agg(l.balance ORDER BY l.number DESC))[1], 0)""",
    "every balance is the running sum": """
        SELECT id FROM (SELECT id, balance, sum(points) OVER (PARTITION BY citizen_id ORDER BY number) AS running,
            number, row_number() OVER (PARTITION BY citizen_id ORDER BY number) AS place FROM ledger_entry) each
        WHERE balance <> running OR number <> place""",
    "one award of a kind stands for a citizen and an event": """
        SELECT citizen_id FROM ledger_entry l WHERE kind IN ('PARTICIPATION', 'ORGANIZING') AND NOT EXISTS
            (SELECT FROM ledger_entry r WHERE r.citizen_id = l.citizen_id AND r.reverses_id = l.id)
        GROUP BY citizen_id, event_id, kind HAVING count(*) > 1""",
    "a reversal takes back exactly its entry": """
        SELECT r.id FROM ledger_entry r JOIN ledger_entry l ON l.citizen_id = r.citizen_id AND l.id = r.reverses_id
        WHERE r.points <> -l.points OR r.base_points <> -l.base_points OR r.multiplier <> l.multiplier
            OR r.policy_version <> l.policy_version OR r.event_id IS DISTINCT FROM l.event_id
            OR r.participation_id IS DISTINCT FROM l.participation_id OR l.kind = 'REVERSAL' OR r.number <= l.number""",
    "an award stands for a confirmed attendance of what was not called off, and each such attendance has one": """
        SELECT coalesce(l.id, p.id) FROM (SELECT * FROM ledger_entry l WHERE kind = 'PARTICIPATION' AND NOT EXISTS
            (SELECT FROM ledger_entry r WHERE r.citizen_id = l.citizen_id AND r.reverses_id = l.id)) l
        FULL JOIN (SELECT p.* FROM participation p JOIN event e ON e.id = p.event_id
            WHERE p.status = 'ATTENDED' AND e.status <> 'CANCELLED') p
            ON p.citizen_id = l.citizen_id AND p.id = l.participation_id
        WHERE l.id IS NULL OR p.id IS NULL""",
    "no event is over its capacity": """
        SELECT e.id FROM event e JOIN participation p ON p.event_id = e.id AND p.status IN ('REGISTERED', 'ATTENDED')
        GROUP BY e.id, e.capacity HAVING count(*) > e.capacity""",
    "one participation for a citizen and an event": """
        SELECT citizen_id FROM participation GROUP BY citizen_id, event_id HAVING count(*) > 1""",
    "what was called off comes to nothing": """
        SELECT l.citizen_id FROM ledger_entry l JOIN event e ON e.id = l.event_id WHERE e.status = 'CANCELLED'
        GROUP BY l.citizen_id, l.event_id HAVING sum(l.points) <> 0""",
    "nobody has attended what they organise": """
        SELECT p.id FROM participation p JOIN event e ON e.id = p.event_id
        WHERE p.status = 'ATTENDED' AND (e.proposer_id = p.citizen_id OR EXISTS
            (SELECT FROM organization_member m WHERE m.organization_id = e.organization_id
                AND m.citizen_id = p.citizen_id AND m.accepted_at < least(p.attended_at, e.ends_at)
                AND (m.left_at IS NULL OR m.left_at > e.created_at)))""",
    "one feedback for an attendance": """
        SELECT coalesce(f.event_id, p.event_id) FROM (SELECT event_id, count(*) FROM feedback GROUP BY event_id) f
        FULL JOIN (SELECT event_id, count(*) FROM participation WHERE answered GROUP BY event_id) p USING (event_id)
        WHERE f.count IS DISTINCT FROM p.count""",
    "what is doubled is so by a skill that was held": """
        SELECT l.id FROM ledger_entry l JOIN event e ON e.id = l.event_id
        WHERE l.kind = 'PARTICIPATION' AND (l.skill_factor <> 1) <> (l.theme IS NOT NULL AND EXISTS
            (SELECT FROM skill_holding s WHERE s.citizen_id = l.citizen_id AND s.theme = l.theme
                AND s.acquired_at < e.starts_at AND l.theme = ANY (e.themes)
                AND (s.lost_at IS NULL OR s.lost_at > least(e.starts_at, l.occurred_at))))""",
}


async def broken_laws(database: Database) -> list[str]:
    """The laws that something in the database breaks; none, or a test fails."""
    asked = (f"SELECT '{law}' WHERE EXISTS ({breaches})" for law, breaches in LAWS.items())
    async with database.reading() as session:
        return list(await session.scalars(sa.text(" UNION ALL ".join(asked))))


@dataclass(frozen=True, slots=True)
class Line:
    """An entry, as far as tests look at it."""

    kind: str
    points: int
    attempt: int


async def lines(ctx: Context, of: Context | None = None) -> list[Line]:
    """The ledger of a citizen, the oldest entry first."""
    citizen = me(of or ctx)
    query = sa.text("SELECT kind, points, attempt FROM ledger_entry WHERE citizen_id = :of ORDER BY number")
    async with ctx.reading() as session:
        return [Line(*row) for row in await session.execute(query, {"of": citizen})]


async def told(ctx: Context) -> list[tuple[str, dict[str, object]]]:
    """What a citizen was told, the oldest first, with its parameters."""
    query = sa.text("SELECT kind, parameters FROM notification WHERE citizen_id = :of ORDER BY created_at, id")
    async with ctx.reading() as session:
        return [(row.kind, row.parameters) for row in await session.execute(query, {"of": me(ctx)})]


def me(ctx: Context) -> CitizenId:
    """Who asks."""
    return signed_in(ctx.viewer).citizen_id
