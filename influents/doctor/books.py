"""A sample of the ledger: whether entries, totals and skills are what the facts come to."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

from db.queries import facts, reference
from domain.audit import differences
from domain.ids import CitizenId
from influents.doctor.findings import Finding, Subject
from influents.doctor.patient import Patient

subject = Subject("ledger")


async def sample(patient: Patient) -> Sequence[Finding]:
    """A few hundred citizens in a row, others each time, by the same derivation as `ledger verify`."""
    async with patient.database.reading() as session:
        policies = await reference.policies(session)
    async with facts.snapshot(patient.database) as session:
        found = await facts.facts_after(session, await _somewhere(patient))
    now = datetime.now(UTC)
    differing = [each for each in found if any(differences(each, policies=policies, now=now))]
    entries = sum(len(each.entries) for each in found)
    if differing:
        return [
            subject.wrong(
                f"of {len(found)} citizens {len(differing)} have something else in their ledger than facts come to",
                "run `python -m influents ledger verify`, which names each",
            )
        ]
    return [subject.ok(f"{entries} entries of {len(found)} citizens are what the facts come to")]


async def _somewhere(patient: Patient) -> CitizenId | None:
    """Somewhere in the order of ids, with a range after it where there are that many."""
    bounds = await patient.row("SELECT min(id::text) AS first, max(id::text) AS last FROM citizen")
    if bounds["first"] is None:
        return None
    first, last = UUID(bounds["first"]).int, UUID(bounds["last"]).int
    start = UUID(int=first + uuid4().int % (last - first + 1))
    ahead = await patient.row(
        "SELECT count(*) AS number FROM (SELECT FROM citizen WHERE id > :start LIMIT :range) c",
        start=start,
        range=facts.RANGE,
    )
    return CitizenId(start) if ahead["number"] == facts.RANGE else None
