"""What was lost comes back: a backup, the journal after it, and a moment before a mistake, by PostgreSQL's own tools.

Debian's PostgreSQL: the embedded one's `pg_verifybackup` crashes.
"""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from db.engine import Database, connect
from db.migrate import migrate
from influents.embedded.errors import EmbeddedDatabaseError
from resolvers.context import Services
from resolvers.passwords import Passwords
from tests.clock import Clock
from tests.conftest import services_on
from tests.every_kind import every_kind
from tests.factories import Town
from tests.processes import running, variables
from tests.servers import FOLLOWED, PostgresServer, Servers, postgres_servers

SCRIPTS = Path(__file__).parents[2] / "deploy" / "backup"
DEBIANS_15 = Path("/usr/lib/postgresql/15/bin")
pytestmark = pytest.mark.skipif(not DEBIANS_15.is_dir(), reason=f"PostgreSQL 15 is not in {DEBIANS_15}")


@dataclass(frozen=True, slots=True)
class Site:
    """A server whose journal is archived, and the scripts that operators run."""

    servers: Servers
    server: PostgresServer
    scripts: Path
    backups: Path

    def run(self, script: str, *arguments: str | Path, keep: str = "7") -> str:
        """Run one of the scripts as the server's own account; what it prints."""
        account = self.server.account
        where = (
            "PGHOST=127.0.0.1",
            f"PGPORT={self.server.port}",
            "PGUSER=influents",
            f"BACKUPS={self.backups}",
            f"KEEP={keep}",
        )
        path = f"PATH={self.server.programs}:/usr/bin:/bin"
        return account.run("/usr/bin/env", path, *where, self.scripts / script, *arguments, timeout=120)

    def archived(self) -> None:
        """Wait until all that was written so far is in the archive."""
        piece = self.server.execute("SELECT pg_walfile_name(pg_switch_wal())")
        deadline = time.monotonic() + 60
        while not (self.backups / "wal" / piece).exists():
            assert time.monotonic() < deadline, self.server.log.read_text()
            time.sleep(0.05)

    def restored(self, *moment: str) -> PostgresServer:
        """Another server that has what this one had at a moment."""
        other = self.servers.new()
        self.run("restore", other.data, *moment)
        other.start()
        other.until("SELECT pg_is_in_recovery()", "f")
        return other


@pytest.fixture
def site() -> Iterator[Site]:
    with postgres_servers(DEBIANS_15) as servers:
        scripts, backups = servers.folder / "scripts", servers.folder / "backups"
        shutil.copytree(SCRIPTS, scripts)
        backups.mkdir()
        servers.account.own(backups)
        for each in (scripts, *scripts.iterdir()):
            each.chmod(0o755)
        command = f'BACKUPS={backups} {scripts / "archive-wal"} "%p" "%f"'
        server = servers.started({**FOLLOWED, "archive_mode": "on", "archive_command": command})
        yield Site(servers, server, scripts, backups)


@pytest.fixture
async def living(site: Site, passwords: Passwords, clock: Clock) -> AsyncIterator[Services]:
    """The service on that server, with a ledger in which every kind of entry is."""
    database = connect(site.server.url())
    await migrate(database)
    services = await services_on(database, clock, passwords)
    await every_kind(services, clock)
    yield services
    await database.close()


async def ledger(database: Database) -> list[tuple[object, ...]]:
    async with database.reading() as session:
        rows = await session.execute(sa.text("SELECT id, points, balance FROM ledger_entry ORDER BY id"))
        return [tuple(row) for row in rows]


async def test_a_mistake_is_undone_and_the_ledger_that_comes_back_verifies(
    site: Site, living: Services, tmp_path: Path
) -> None:
    site.run("base-backup")
    await asyncio.sleep(1)  # it is named by the second
    await Town(living).citizen("after-backup")
    kept, moment = await ledger(living.database), site.server.execute("SELECT clock_timestamp()")
    await Town(living).citizen("too-late")
    site.server.execute("DROP TABLE participation CASCADE", "influents")
    site.archived()
    site.server.kill()

    restored = site.restored(moment)

    found = restored.execute("SELECT handle FROM citizen WHERE handle IN ('after-backup', 'too-late')", "influents")
    again = connect(restored.url())
    assert found == "after-backup"
    assert await ledger(again) == kept
    await again.close()
    async with running("ledger", "verify", env=variables(restored.url(), tmp_path), folder=tmp_path) as verifying:
        assert await verifying.process.wait() == 0, verifying.log()


async def test_without_a_moment_all_that_was_archived_comes_back(site: Site, living: Services) -> None:
    site.run("base-backup")
    await Town(living).citizen("the-last")
    site.archived()
    site.server.kill()

    restored = site.restored()

    assert restored.execute("SELECT count(*) FROM citizen WHERE handle = 'the-last'", "influents") == "1"


def test_of_many_backups_the_newest_stay_with_the_journal_that_they_need(site: Site) -> None:
    for _ in range(4):
        site.archived()
        time.sleep(1)  # they are named by the second
        site.run("base-backup", keep="2")
    time.sleep(1)
    moment = site.server.execute("SELECT clock_timestamp()")
    site.server.execute("CREATE TABLE later ()", "influents")
    site.archived()

    oldest, newest = sorted(each.name for each in (site.backups / "base").iterdir())
    pieces = sorted(each.name for each in (site.backups / "wal").iterdir() if "." not in each.name)
    assert oldest < newest
    assert pieces[0] > "000000010000000000000003"
    assert site.restored(moment).execute("SELECT to_regclass('later') IS NULL", "influents") == "t"


def test_a_restore_writes_over_nothing_and_needs_a_backup(site: Site) -> None:
    with pytest.raises(EmbeddedDatabaseError, match="is there already"):
        site.run("restore", site.server.data)
    with pytest.raises(EmbeddedDatabaseError, match="no backup"):
        site.run("restore", site.servers.new().data, "2020-01-01 00:00:00+00")


def test_what_is_archived_is_never_written_over(site: Site) -> None:
    piece, other = site.backups / "piece", site.backups / "other"
    piece.write_text("a journal"), other.write_text("another")

    site.run("archive-wal", piece, "000000010000000000000099")
    site.run("archive-wal", piece, "000000010000000000000099")

    with pytest.raises(EmbeddedDatabaseError):
        site.run("archive-wal", other, "000000010000000000000099")
    assert (site.backups / "wal" / "000000010000000000000099").read_text() == "a journal"
