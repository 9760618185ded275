"""`doctor`: each thing that can be wrong is made wrong, on a real database, and is found."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from db.engine import Database
from db.migrate import migrate
from db.tables import announcement
from db.writes.outbox import tell
from domain.announcements import Topic
from domain.notifications import NotificationKind
from domain.permissions import signed_in
from influents.doctor import backups, clock, configuration, connections, files, keys, replication, server, tables
from influents.doctor.checks import CHECKS, Check
from influents.doctor.examining import examine, examined
from influents.doctor.findings import Finding, Level
from influents.doctor.patient import Patient
from influents.embedded import Cluster
from influents.settings import Settings
from resolvers.context import Services
from tests.factories import Town
from tests.issuer import issuing
from tests.migrating import fresh_databases, go, revisions
from tests.poolers import pgbouncer
from tests.post_office import open_mailbox
from tests.processes import SECRET, running, variables
from tests.servers import FOLLOWED, either, postgres_servers

PASSWORD = "a-password-that-nobody-is-shown"


EVERYWHERE = "0.0.0.0"  # noqa: S104 - nothing listens there


def settings(url: str, **more: Any) -> Settings:  # Any: of each setting's kind
    fit: dict[str, Any] = {
        "issuer": "https://api.example.org",
        "gateway_secret": "g" * 32,
        "smtp_url": "smtp://127.0.0.1:1",
        "mail_from": "Influents <noreply@example.org>",
        "web_url": "https://www.example.org",
        "metrics_port": 9000,
    }
    return Settings(DATABASE_URL=url, secret_key=SecretStr(SECRET), _env_file=None, **(fit | more))  # type: ignore[call-arg]  # pydantic-settings' own


@asynccontextmanager
async def patient(url: str, **more: Any) -> AsyncIterator[Patient]:  # Any: of each setting's kind
    async with examined(settings(url, **more), url) as made:
        yield made


async def found(url: str, name: str, **more: Any) -> list[Finding]:  # Any: of each setting's kind
    """What one check finds, with what is said where it can't be made."""
    async with patient(url, **more) as made:
        return await examine(made, [each for each in CHECKS if each.name == name])


def wrong(findings: Sequence[Finding]) -> list[str]:
    return [each.line for each in findings if each.level is Level.WRONG]


def warned(findings: Sequence[Finding]) -> list[str]:
    return [each.line for each in findings if each.level is Level.WARNING]


def test_settings_that_are_fit_are_found_so() -> None:
    assert list(configuration.found(settings("postgresql://"))) == []


@pytest.mark.parametrize(
    ("setting", "level", "told"),
    [
        ({"issuer": None}, Level.WRONG, "nobody else reaches"),
        ({"issuer": "http://localhost:8080"}, Level.WRONG, "this very machine"),
        ({"issuer": "https://127.0.0.1"}, Level.WRONG, "this very machine"),
        ({"issuer": "http://api.example.org"}, Level.WRONG, "isn't https"),
        ({"rate_limit": "off"}, Level.WRONG, "nothing is limited"),
        ({"webhooks_to_private": True}, Level.WRONG, "webhooks may lead"),
        ({"gateway_secret": None}, Level.WARNING, "no proxy is believed"),
        ({"trusted_proxies": 1, "host": EVERYWHERE}, Level.WARNING, "X-Forwarded-For"),
        ({"smtp_url": None}, Level.WARNING, "nobody gets any"),
        ({"web_url": None}, Level.WARNING, "lead to the API"),
        ({"web_url": "http://www.example.org"}, Level.WARNING, "aren't https"),
        ({"metrics_port": None}, Level.WARNING, "nobody can watch"),
        ({"metrics_host": EVERYWHERE}, Level.WARNING, "every address"),
    ],
)
def test_a_setting_that_is_fit_for_trials_alone_is_found(setting: dict[str, Any], level: Level, told: str) -> None:
    (finding,) = configuration.found(settings("postgresql://", **setting))

    assert finding.level is level
    assert told in finding.said
    assert finding.todo


async def test_a_database_that_loses_what_was_acknowledged_is_found(url: str) -> None:
    """The tests' own is in such a hurry."""
    told = wrong(await found(url, "durability"))

    assert [line.split(":")[1].split()[0] for line in told] == ["fsync", "full_page_writes", "synchronous_commit"]
    assert list(server.promised({"fsync": True, "pages": True, "commits": "remote_apply"})) == []


async def test_an_empty_database_is_found_and_only_what_needs_no_tables_is_looked_at(cluster: Cluster) -> None:
    async with fresh_databases(cluster) as make:
        database: Database = await make()
        async with patient(database.engine.url.render_as_string(hide_password=False)) as made:
            findings = await examine(made)

    assert "migrations: the database is empty; run `python -m influents migrate`" in "\n".join(wrong(findings))
    assert any("not looked at: indexes, vacuum, policies, worker, ledger" in line for line in warned(findings))
    assert not [each for each in findings if "couldn't be looked at" in each.said]


async def test_a_database_that_is_behind_and_one_that_is_ahead_are_found(cluster: Cluster) -> None:
    async with fresh_databases(cluster) as make:
        database: Database = await make()
        url = database.engine.url.render_as_string(hide_password=False)
        await go(database, revisions()[-2])
        (behind,) = [each for each in await found(url, "migrations") if each.subject == "migrations"]
        await migrate(database)
        (current,) = await found(url, "migrations")
        async with database.unit_of_work() as work:
            await work.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        (ahead,) = await found(url, "migrations")

    assert (behind.level, current.level, ahead.level) == (Level.WRONG, Level.OK, Level.WARNING)
    assert f"at {revisions()[-2]}, this code needs {revisions()[-1]}" in behind.said
    assert "ahead of this code, at 9999" in ahead.said


async def test_an_index_that_was_left_half_made_is_found(cluster: Cluster) -> None:
    async with fresh_databases(cluster) as make:
        database: Database = await make()
        await migrate(database)
        url = database.engine.url.render_as_string(hide_password=False)
        whole = await found(url, "indexes")
        async with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            with pytest.raises(sa.exc.IntegrityError):  # there are several territories with the same parent
                await connection.execute(
                    sa.text("CREATE UNIQUE INDEX CONCURRENTLY territory_once ON territory (parent_code)")
                )
        broken = await found(url, "indexes")

    assert [each.line for each in whole] == ["ok       indexes: all are whole"]
    (line,) = wrong(broken)
    assert line.startswith("wrong    indexes: territory_once was left half made")
    assert line.endswith("; REINDEX INDEX CONCURRENTLY territory_once")


async def test_policies_that_differ_from_the_codes_are_found(cluster: Cluster) -> None:
    async with fresh_databases(cluster) as make:
        database: Database = await make()
        await migrate(database)
        url = database.engine.url.render_as_string(hide_password=False)
        assert not wrong(await found(url, "policies"))
        async with database.unit_of_work() as work:
            await work.execute(sa.text("ALTER TABLE scoring_policy DISABLE TRIGGER USER"))
            await work.execute(
                sa.text("UPDATE scoring_policy SET document = jsonb_set(document::jsonb, '{description}', '\"else\"')")
            )
        changed = wrong(await found(url, "policies"))
        async with database.unit_of_work() as work:
            await work.execute(sa.text("TRUNCATE scoring_policy CASCADE"))
        missing = wrong(await found(url, "policies"))

    assert changed
    assert all("isn't what db/policies says" in line for line in changed)
    assert all("isn't in the database" in line for line in missing)


async def test_announcements_that_dont_arrive_are_found(url: str, cluster: Cluster) -> None:
    assert not wrong(await found(url, "announcements"))

    (line,) = wrong(await found(url, "announcements", listen_url=cluster.url("postgres")))
    assert "set INFLUENTS_LISTEN_URL" in line
    (line,) = wrong(await found(url, "announcements", listen_url="postgresql://nobody@127.0.0.1:1/none"))
    assert "can't be reached" in line


async def test_a_pooler_that_the_settings_know_nothing_of_is_found() -> None:
    with postgres_servers() as servers:
        server = servers.started()
        with pgbouncer(server, default_pool_size="5") as pooler:
            known = {"pooler": "transaction", "listen_url": server.url()}
            misled = wrong(await found(pooler, "pooler"))
            told = [
                each.level
                for name in ("pooler", "database", "announcements")
                for each in await found(pooler, name, **known)
            ]
            round_about = known | {"listen_url": pooler}
            unheard = [await found(pooler, name, **round_about) for name in ("pooler", "announcements")]
        needless = warned(await found(server.url(), "pooler", **known))

    assert any("set INFLUENTS_POOLER=transaction" in line for line in misled)
    assert Level.WRONG not in told
    assert all(map(wrong, unheard))
    assert "INFLUENTS_LISTEN_URL leads to a pooler" in wrong(unheard[0])[0]
    assert any("it costs time" in line for line in needless)


async def test_that_no_worker_works_is_found(url: str, services: Services, town: Town) -> None:
    assert not wrong(await found(url, "worker"))
    citizen = signed_in((await town.citizen()).viewer).citizen_id
    long_ago = datetime.now(UTC) - timedelta(hours=3)
    async with services.database.unit_of_work() as work:
        await tell(work, [citizen], NotificationKind.LEVEL_REACHED, now=long_ago, level=2)
        await work.execute(
            sa.insert(announcement).values(topic=Topic.INFLUENCE, subject=citizen, announced_at=long_ago)
        )

    told = wrong(await found(url, "worker"))

    assert any("isn't passed on, for 3 h" in line for line in told)
    assert any("1 of notification wait, the oldest for 3 h" in line for line in told)


async def test_a_ledger_that_isnt_what_the_facts_come_to_is_found(url: str, services: Services, town: Town) -> None:
    await town.citizen()
    assert not wrong(await found(url, "ledger"))
    async with services.database.unit_of_work() as work:
        await work.execute(sa.text("UPDATE citizen_total SET points = points + 1, earned_points = earned_points + 1"))

    (line,) = wrong(await found(url, "ledger"))
    assert "of 1 citizens 1 have something else" in line


async def test_neighbours_that_answer_and_such_that_dont_are_told(url: str) -> None:
    async with open_mailbox() as mailbox:
        assert not wrong(await found(url, "mail", smtp_url=mailbox.url))
        assert not any(line.upper().startswith(("MAIL", "RCPT", "AUTH")) for line in mailbox.lines)
    assert wrong(await found(url, "mail", smtp_url="smtp://127.0.0.1:1"))
    assert wrong(await found(url, "rate limits", rate_limit_store=f"redis://:{PASSWORD}@127.0.0.1:1/0"))
    with issuing() as issuer:
        assert not wrong(await found(url, "outside issuer", oidc_issuer=issuer.url, oidc_audience="influents"))
    (line,) = wrong(await found(url, "outside issuer", oidc_issuer="http://127.0.0.1:1", oidc_audience="influents"))
    assert "nobody can sign in by it" in line


def test_secrets_that_others_can_read_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "secret.key"
    secret.write_text("s")
    assert not list(files.readable([secret])), "pytest's folders keep others out"
    monkeypatch.setattr(files, "_kept_from_others", lambda _: False)
    secret.chmod(0o644)
    assert [each.level for each in files.readable([secret])] == [Level.WRONG]
    secret.chmod(0o640)
    assert not list(files.readable([secret]))
    tmp_path.chmod(0o777)
    assert [each.level for each in files.writable(tmp_path)] == [Level.WRONG]
    assert [each.level for each in files.crowded(tmp_path / "to" / "be", least=1 << 60)] == [Level.WARNING]


def test_clocks_that_differ_are_found() -> None:
    moment = timedelta(milliseconds=5)
    assert clock.apart(timedelta(milliseconds=40), slack=moment).level is Level.OK
    assert clock.apart(timedelta(seconds=-3), slack=moment).level is Level.WARNING
    assert "65 seconds ahead of ours" in clock.apart(timedelta(seconds=65), slack=moment).said


def test_too_little_room_for_connections_is_found() -> None:
    row = {"most": 97, "of_role": -1, "of_database": -1, "used": 3, "idling": 0}
    assert connections.of_a_process(10) == 31
    assert list(connections.crowded(row, each=31, pooled=False)) == []
    assert [each.level for each in connections.crowded(row, each=61, pooled=False)] == [Level.WRONG]
    assert list(connections.crowded(row, each=61, pooled=True)) == []
    few = row | {"of_role": 20}
    assert [each.level for each in connections.crowded(few, each=31, pooled=False)] == [Level.WRONG]
    full = row | {"used": 90, "idling": 2}
    assert [each.level for each in connections.crowded(full, each=1, pooled=False)] == [Level.WRONG, Level.WARNING]


def test_a_journal_that_isnt_kept_is_found() -> None:
    row = {"archiving": True, "kept": 12, "failures": 3, "failing": False, "hours": 0.1}
    assert list(backups.archived(row)) == []
    assert [each.level for each in backups.archived(row | {"failing": True})] == [Level.WRONG]
    assert [each.level for each in backups.archived(row | {"archiving": False})] == [Level.WARNING]
    assert [each.level for each in backups.archived(row | {"kept": 0})] == [Level.WARNING]


def test_tables_and_indexes_that_have_grown_are_found() -> None:
    row = {"name": "event", "live": 200_000, "dead": 10_000, "at": None, "analyzed": datetime.now(UTC)}
    assert list(tables.left_lying([row])) == []
    assert "never" in next(tables.left_lying([row | {"dead": 150_000}])).said
    assert next(tables.left_lying([row | {"analyzed": None}])).todo == "ANALYZE event"
    index = {"name": "event_slug", "bytes": 400 << 20, "needed": 100 << 20}
    assert "some 4 times" in next(tables.swollen([index])).said
    assert list(tables.swollen([index | {"bytes": 200 << 20}])) == []


def test_other_keys_than_these_settings_sign_by_are_found() -> None:
    ours = {"keys": [{"x": "new"}, {"x": "old"}]}
    assert keys.compared("jwks.json", ours, ours).level is Level.OK
    assert keys.compared("jwks.json", {"keys": [{"x": "old"}]}, ours).level is Level.WRONG
    assert keys.compared("jwks.json", {"keys": [{"x": "old"}, {"x": "new"}, {"x": "x"}]}, ours).level is Level.WARNING
    assert keys.compared("jwks.json", ["a page of a hotel's network"], ours).level is Level.WRONG


async def test_a_check_that_fails_or_hangs_stops_no_other_and_tells_no_word_of_it(url: str) -> None:
    async def fails(_: Patient) -> Sequence[Finding]:
        raise ValueError(PASSWORD)

    async def hangs(_: Patient) -> Sequence[Finding]:
        await asyncio.Event().wait()
        return []

    async with patient(url) as made:
        told = [each.line for each in await examine(made, [Check("a", fails), Check("b", hangs), *CHECKS], seconds=0.5)]

    assert told[0] == "wrong    a: couldn't be looked at (ValueError); may it be read by this role?"
    assert told[1] == "wrong    b: no answer within 0.5 seconds; look what it waits for"
    assert len(told) > len(CHECKS)


async def told(folder: Path, *arguments: str, **environment: str) -> tuple[int | None, str]:
    """The exit code of `doctor`, and what it says."""
    url = environment.pop("DATABASE_URL", "postgresql://nobody:{PASSWORD}@127.0.0.1:1/none")
    async with running("doctor", *arguments, env=variables(url, folder, **environment), folder=folder) as process:
        return await process.process.wait(), process.log()


async def test_a_database_that_is_gone_is_one_line_and_no_secret_is_shown(tmp_path: Path) -> None:
    code, said = await told(
        tmp_path,
        DATABASE_URL=f"postgresql://nobody:{PASSWORD}@127.0.0.1:1/none",
        INFLUENTS_GATEWAY_SECRET=PASSWORD * 2,
    )

    assert code == 1
    assert said.count("can't be reached") == 1
    assert PASSWORD not in said
    assert SECRET not in said
    assert "settings:" in said, "what needs no database is told all the same"


async def test_it_tells_programs_too_and_leaves_with_1_where_something_is_wrong(url: str, tmp_path: Path) -> None:
    code, said = await told(tmp_path, "--json", DATABASE_URL=url)

    document = json.loads(said)
    assert code == 1, "the tests' database is in a hurry"
    assert set(document["counts"]) == {"ok", "warning", "wrong"}
    assert sum(document["counts"].values()) == len(document["findings"])
    assert {"level": "ok", "subject": "announcements", "said": "what is announced arrives", "todo": ""} in document[
        "findings"
    ]


async def test_settings_that_cant_be_read_are_findings(tmp_path: Path) -> None:
    code, said = await told(tmp_path, INFLUENTS_POOL_SIZE="many")

    assert code == 1
    assert "wrong    settings: INFLUENTS_POOL_SIZE:" in said


async def test_a_replica_is_one_that_follows_this_database() -> None:
    with postgres_servers() as servers:
        primary, stranger = servers.started(FOLLOWED), servers.started(FOLLOWED)
        replica, theirs = servers.replica(primary), servers.replica(stranger)

        async def told(url: str) -> list[str]:
            return [each.line for each in await found(primary.url(), "replica", DATABASE_REPLICA_URL=url)]

        assert await found(primary.url(), "replica") == []
        assert "seconds behind" in (await told(replica.url()))[0]
        assert "follows nobody" in (await told(primary.url()))[0]
        assert "another database" in (await told(stranger.url()))[0]
        [leads, follows] = await told(either(primary, replica))
        assert leads.endswith("leads")
        assert "seconds behind" in follows
        assert "another database" in (await told(theirs.url()))[0]
        replica.stop()
        [gone] = await told(replica.url())
        assert gone.startswith("wrong")
        assert "can't be reached" in gone


def test_a_replica_that_is_far_behind_is_told() -> None:
    assert replication.lagging("it", 0.2, most=5).level is Level.OK
    assert replication.lagging("it", 9, most=5).level is Level.WARNING
