"""Put territories and policies into the database, where they are missing."""

import json
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db import models
from db.reference.policies import policy_files
from db.reference.prices import price_events
from db.reference.territories import territories
from domain.policy import InvalidPolicy
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
    for policy, document in policy_files():
        plain = json.loads(json.dumps(document, default=str))
        if policy.version not in kept:
            values = {"version": policy.version, "effective_from": policy.effective_from, "document": plain}
            await connection.execute(insert(table).values(**values, read_at=datetime.now(UTC)))
            await price_events(connection, begins=policy.effective_from)
        elif kept[policy.version] != plain:
            raise InvalidPolicy(f"{policy.version} was changed: give a new policy a new version instead")
