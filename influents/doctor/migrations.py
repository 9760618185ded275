"""The form of the database: whether the code and it belong together."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence

import sqlalchemy as sa

from db.migrate import newest, superseded
from db.reference.policies import policy_files
from db.tables import scoring_policy
from influents.doctor.findings import Finding, Subject
from influents.doctor.patient import Patient

migrations, policy = Subject("migrations"), Subject("policies")
MIGRATE = "run `python -m influents migrate`"


async def applied(patient: Patient) -> Sequence[Finding]:
    """Which migrations it has."""
    known = await patient.row("SELECT to_regclass('alembic_version') IS NOT NULL AS known")
    rows = await patient.rows("SELECT version_num FROM alembic_version") if known["known"] else []
    return [standing({row["version_num"] for row in rows})]


def standing(applied: Collection[str]) -> Finding:
    """What it is that a database was brought to these revisions."""
    if not applied:
        return migrations.wrong("the database is empty", MIGRATE)
    if behind := sorted(set(applied) & superseded()):
        return migrations.wrong(f"the database is at {behind[0]}, this code needs {newest()}", MIGRATE)
    if newest() not in applied:
        return migrations.warning(
            f"the database is ahead of this code, at {', '.join(sorted(applied))}", "start the newer code everywhere"
        )
    return migrations.ok(f"the database is at {newest()}, as this code needs it")


async def policies(patient: Patient) -> Sequence[Finding]:
    """Whether the policies that scores rest on are those that the code ships."""
    async with patient.database.reading() as session:
        rows = await session.execute(sa.select(scoring_policy.c.version, scoring_policy.c.document))
        kept = {row.version: row.document for row in rows}
    shipped = {each.version: json.loads(json.dumps(document, default=str)) for each, document in policy_files()}
    return policy.unless(compared(kept, shipped), f"{len(shipped)} as they are in the code: {', '.join(shipped)}")


def compared(kept: Mapping[str, object], shipped: Mapping[str, object]) -> Iterator[Finding]:
    """What differs between those in the database and those in the code."""
    for version, document in shipped.items():
        if version not in kept:
            yield policy.wrong(f"{version} isn't in the database", MIGRATE)
        elif kept[version] != document:
            yield policy.wrong(
                f"{version} in the database isn't what db/policies says",
                "undo the change there: a new policy has a new version",
            )
    for version in kept.keys() - shipped.keys():
        yield policy.warning(f"{version} is in the database and not in this code", "start the newer code everywhere")
