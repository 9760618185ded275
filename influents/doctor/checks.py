"""What is looked at, in the order in which it is told. A check more is a function more in this list."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from influents.doctor import (
    backups,
    books,
    clock,
    configuration,
    connections,
    files,
    keys,
    listening,
    migrations,
    neighbours,
    pooling,
    replication,
    server,
    tables,
    worker,
)
from influents.doctor.findings import Finding
from influents.doctor.patient import Patient


class Needs(IntEnum):
    """What a check can't do without."""

    NOTHING = 0
    DATABASE = 1
    TABLES = 2


@dataclass(frozen=True, slots=True)
class Check:
    """Something to look at: its name, how, and what there has to be."""

    name: str
    look: Callable[[Patient], Awaitable[Sequence[Finding]]]
    needs: Needs = Needs.NOTHING


CHECKS = (
    Check("settings", configuration.settings),
    Check("files", files.folders),
    Check("pooler", pooling.between),
    Check("database", server.kind, Needs.DATABASE),
    Check("durability", server.promises, Needs.DATABASE),
    Check("migrations", migrations.applied, Needs.DATABASE),
    Check("connections", connections.room, Needs.DATABASE),
    Check("replica", replication.following, Needs.DATABASE),
    Check("backups", backups.journal, Needs.DATABASE),
    Check("announcements", listening.arriving, Needs.DATABASE),
    Check("clock", clock.time_of_day, Needs.DATABASE),
    Check("indexes", tables.indexes, Needs.TABLES),
    Check("vacuum", tables.vacuumed, Needs.TABLES),
    Check("policies", migrations.policies, Needs.TABLES),
    Check("worker", worker.at_work, Needs.TABLES),
    Check("ledger", books.sample, Needs.TABLES),
    Check("mail", neighbours.mail_server),
    Check("rate limits", neighbours.rate_limit_store),
    Check("outside issuer", neighbours.outside_issuer),
    Check("keys", keys.published),
)
