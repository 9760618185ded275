"""Opening what a process needs, and closing it again: the database, the policies, the keys."""

import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from db import hosts
from db.engine import CONNECT_SECONDS, Database, connect, driver_arguments, each_host
from db.migrate import is_current, migrate
from db.poolers import lends
from db.queries import reference
from db.replicas import Replica
from influents.counting import Counting
from influents.embedded import start
from influents.replicas import looked_after
from influents.settings import Settings
from influents.telemetry.statements import watch
from resolvers.badge_keys import BadgeIssuer
from resolvers.context import Services
from resolvers.counting import Uncounted
from resolvers.passwords import Passwords
from resolvers.tokens import Tokens
from resolvers.webhook_addresses import WebhookAddresses

WATCHERS_WAIT_SECONDS = 10.0
"""How long whoever watches waits for a connection: there may be many of them, and none is in a hurry."""


class MisledByPooler(RuntimeError):  # noqa: N818
    """A pooler stands where the settings know of none."""


class MisledByReplica(RuntimeError):  # noqa: N818
    """A replica is named by an address that leads to several, or to a pooler that the settings know nothing of."""


class NotMigrated(RuntimeError):  # noqa: N818
    """The database lacks tables."""


@contextmanager
def database_url(settings: Settings) -> Iterator[str]:
    """The URL of the database that was named, or of the embedded one, which runs for as long as the block does.

    It blocks while the server starts: enter it before the event loop runs.
    """
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    cluster = start(settings.data_dir)
    try:
        yield cluster.url()
    finally:
        cluster.release()


@asynccontextmanager
async def opened(settings: Settings, url: str, *, migrating: bool = False) -> AsyncIterator[Services]:
    """The services of a process. The embedded database is migrated by itself; a named one by `migrate`.

    Raises:
        MisledByPooler: a pooler is where the settings know of none.
        MisledByReplica: how far one replica has come would be taken for another's.
        NotMigrated: the database lacks migrations.
        OSError, asyncpg.PostgresError, sqlalchemy.exc.DBAPIError: the database can't be reached.
    """
    direct = settings.listen_url.get_secret_value() if settings.listen_url else url
    if settings.database_url is not None:
        await _check_poolers(settings, url, direct)
        await _check_replicas(settings)
    migrated = migrating or settings.database_url is None
    if migrated:
        await _migrate(direct)
    pooled = settings.pooler is not None
    database = connect(url, pool_size=settings.pool_size, pooled=pooled)
    watch(database)
    watching = connect(
        url, pool_size=max(1, settings.pool_size // 2), wait_seconds=WATCHERS_WAIT_SECONDS, pooled=pooled
    )
    replicas = _replicas_of(settings, database)
    passwords, counter = Passwords(), counter_of(settings)
    try:
        if not migrated and not await is_current(database):
            raise NotMigrated("the database is not up to date: run `python -m influents migrate`")
        async with database.reading() as session:
            policies = await reference.policies(session)
        issuer = settings.issuer or settings.address
        tokens = Tokens(secret=secret_of(settings), issuer=issuer, others=settings.other_secrets)
        services = Services(
            database=database,
            policies=policies,
            passwords=passwords,
            tokens=tokens,
            badges=badge_issuer_of(settings, issuer),
            clock=lambda: datetime.now(UTC),
            counter=counter,
            watching=watching,
            outside=settings.outside_issuer,
            webhooks=WebhookAddresses(to_private=settings.webhooks_to_private),
            replicas=replicas,
        )
        async with _traced(settings, database), looked_after(replicas):
            yield services
    finally:
        passwords.close()
        await counter.close()
        await watching.close()
        for each in replicas:
            await each.database.close()
        await database.close()


async def _check_poolers(settings: Settings, url: str, direct: str) -> None:
    """Look where the database's addresses lead: what goes wrong through a pooler goes wrong now and then."""
    if settings.pooler is None and await lends(driver_arguments(url)):
        raise MisledByPooler(
            "DATABASE_URL leads to a pooler in transaction mode: set INFLUENTS_POOLER=transaction, and"
            " INFLUENTS_LISTEN_URL to the way around it"
        )
    if direct != url and await lends(driver_arguments(direct)):
        raise MisledByPooler("INFLUENTS_LISTEN_URL leads to a pooler in transaction mode: set it to the way around it")


async def _check_replicas(settings: Settings) -> None:
    """Look where each replica's address leads. One that isn't there keeps nobody from starting."""
    for name, url in _replicas_named(settings):
        arguments = driver_arguments(url) | {"timeout": CONNECT_SECONDS, "statement_cache_size": 0}
        with suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            if settings.pooler is None and await lends(driver_arguments(url)):
                raise MisledByReplica(
                    f"{name} of DATABASE_REPLICA_URL is a pooler in transaction mode: set INFLUENTS_POOLER"
                )
            if len(await hosts.servers_behind(arguments)) > 1:
                raise MisledByReplica(f"{name} of DATABASE_REPLICA_URL leads to several servers: {hosts.NAME_EACH}")


def _replicas_named(settings: Settings) -> list[tuple[str, str]]:
    url = settings.database_replica_url
    return each_host(url.get_secret_value()) if url else []


def _replicas_of(settings: Settings, primary: Database) -> list[Replica]:
    """The replicas that are named, one for each host. Whether they are there is seen later: all works without them."""
    made = []
    for name, url in _replicas_named(settings):
        database = connect(url, pool_size=settings.pool_size, pooled=settings.pooler is not None)
        watch(database)
        made.append(Replica(database, primary, most_lag=settings.replica_lag, name=name))
    return made


@asynccontextmanager
async def _traced(settings: Settings, database: Database) -> AsyncIterator[None]:
    """Traces are made where they are wanted: OpenTelemetry isn't imported otherwise."""
    if settings.otlp_endpoint is None:
        yield
        return
    from influents.telemetry.tracing import tracing

    async with tracing(settings.otlp_endpoint, database):
        yield


def counter_of(settings: Settings) -> Counting | Uncounted:
    """What counts who does how much; nothing, where that is off."""
    if settings.rate_limit == "off":
        return Uncounted()
    store = settings.rate_limit_store
    return Counting(secret=secret_of(settings), store=store.get_secret_value() if store else None)


def badge_issuer_of(settings: Settings, address: str) -> BadgeIssuer:
    """Who signs credentials: by a secret of its own where one is set, else by a key that follows from the others'."""
    own, published = settings.credential_key, settings.published_credential_keys
    if own is not None:
        return BadgeIssuer(secret=own.get_secret_value().encode(), address=address, published=published)
    others = settings.other_secrets
    return BadgeIssuer(secret=secret_of(settings), address=address, others=others, published=published)


def secret_of(settings: Settings) -> bytes:
    """The secret that was set, or one that is made once and kept in the data folder."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    return _kept_secret(settings.data_dir / "secret.key")


def _kept_secret(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{secrets.token_hex(4)}")
    try:
        if not path.exists():
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_urlsafe(48), encoding="ascii")
            path.hardlink_to(fresh)  # all of it at once, or not at all
    except FileExistsError:  # another process was first: its secret counts
        pass
    finally:
        fresh.unlink(missing_ok=True)
    return path.read_bytes()


async def _migrate(url: str) -> None:
    database: Database = connect(url, pool_size=1, statement_seconds=3600)
    try:
        await migrate(database)
    finally:
        await database.close()
