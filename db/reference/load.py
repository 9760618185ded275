"""Put territories and policies into the database, where they are missing."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db import models
from db.reference.policies import policy_files
from db.reference.prices import price_events
from db.reference.territories import territories
from db.tables import event, ledger_entry
from domain.ledger import LedgerKind
from domain.policy import InvalidPolicy, Policies, Policy, policy_from
from domain.territories import containers


async def load_reference(connection: AsyncConnection) -> None:
    """Add what is missing; names of territories follow the code, policies never change."""
    await _load_territories(connection)
    await _load_policies(connection)


async def _load_territories(connection: AsyncConnection) -> None:
    every = territories()
    territory = insert(models.Territory).values(
        [{"code": each.code, "name": each.name, "parent_code": each.parent_code} for each in every]
    )
    update = {"name": territory.excluded.name, "parent_code": territory.excluded.parent_code}
    await connection.execute(territory.on_conflict_do_update(index_elements=["code"], set_=update))
    parents: dict[str, str | None] = {each.code: each.parent_code for each in every}
    within = [{"code": code, "container_code": outer} for code in parents for outer in containers(code, parents)]
    await connection.execute(insert(models.TerritoryWithin).values(within).on_conflict_do_nothing())


async def _load_policies(connection: AsyncConnection) -> None:
    table = models.ScoringPolicy
    kept = {row.version: row.document for row in await connection.execute(sa.select(table))}
    known = {version: policy_from(document) for version, document in kept.items()}
    for policy, document in policy_files():
        plain = json.loads(json.dumps(document, default=str))
        if policy.version not in kept:
            await _check_new(connection, policy, known.values())
            values = {"version": policy.version, "effective_from": policy.effective_from, "document": plain}
            await connection.execute(insert(table).values(**values, read_at=datetime.now(UTC)))
            await price_events(connection, begins=policy.effective_from)
            kept[policy.version], known[policy.version] = plain, policy
        elif kept[policy.version] != plain:
            raise InvalidPolicy(f"{policy.version} was changed: give a new policy a new version instead")


async def _check_new(connection: AsyncConnection, policy: Policy, known: Iterable[Policy]) -> None:
    """Refuse a policy for the day of another, and one that would have been in force when points were given."""
    same_day = next((each for each in known if each.effective_from == policy.effective_from), None)
    if same_day is not None:
        raise InvalidPolicy(f"{policy.version}: {same_day.version} is in force from that day on: take another")
    begins, ends = Policies.of([*known, policy]).in_force_between(policy)
    starts_at = sa.select(event.c.starts_at).where(event.c.id == ledger_entry.c.event_id).scalar_subquery()
    decides = sa.func.coalesce(starts_at, ledger_entry.c.occurred_at)
    given = ledger_entry.c.kind != LedgerKind.REVERSAL
    settled = sa.select(sa.exists().where(given, decides >= begins, decides < ends))
    if await connection.scalar(settled):
        raise InvalidPolicy(f"{policy.version}: points were given since {policy.effective_from}: take a day to come")
