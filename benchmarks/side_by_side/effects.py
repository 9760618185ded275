"""Whether taking part leaves the same behind, whoever wrote it: held against what the domain says of it."""

import json
from collections.abc import Sequence

import sqlalchemy as sa

from benchmarks.side_by_side.agreeing import Different
from benchmarks.side_by_side.loading import answer
from benchmarks.side_by_side.questions import Body
from benchmarks.side_by_side.variants import Variant
from db.engine import Database

_KEPT = sa.text("""
    SELECT p.status, p.evidence, count(*) OVER () AS many, l.points,
        l.points = e.worth * CASE WHEN EXISTS (
            SELECT FROM skill_holding s WHERE s.citizen_id = p.citizen_id AND s.theme = ANY(e.themes)
                AND s.acquired_at < e.starts_at AND (s.lost_at IS NULL OR s.lost_at > e.starts_at)
        ) THEN 2 ELSE 1 END AS priced,
        l.number = t.entries AND l.balance = t.points AS booked
    FROM participation p JOIN event e ON e.id = p.event_id
        LEFT JOIN ledger_entry l ON l.citizen_id = p.citizen_id AND l.participation_id = p.id
        LEFT JOIN citizen_total t ON t.citizen_id = p.citizen_id
    WHERE p.event_id = :event AND p.citizen_id = :citizen
""")


async def check(variant: Variant, database: Database, bodies: Sequence[Body]) -> None:
    """Let a server have some take part, and look at the rows.

    Raises:
        Different: it answers, or keeps, something else.
    """
    for body in bodies:
        said = json.loads(await answer(variant.port, body, who=variant.name))
        data = said.get("data") or {}
        told = [
            (data.get(name) or {}).get("participation") or {"status": json.dumps(said)[:200]}
            for name in ("register", "checkIn")
        ]
        if [each["status"] for each in told] != ["REGISTERED", "ATTENDED"]:
            raise Different(f"mutation: {variant.name} answers {[each['status'] for each in told]}")
        event = json.loads(body.text)["variables"]["event"].partition("_")[2]
        async with database.reading() as session:
            kept = (await session.execute(_KEPT, {"event": event, "citizen": body.citizen})).one()
        right = ("ATTENDED", "CHECK_IN_CODE", 1, told[1]["pointsAwarded"], True, True)
        if tuple(kept) != right:
            raise Different(f"mutation: {variant.name} keeps {tuple(kept)} instead of {right}")
