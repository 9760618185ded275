"""The worker, as a process of its own and within `serve`: killed, stopped, and kept from the database."""

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from pydantic import ValidationError

from db.engine import connect
from db.tables import account, event, outbox_message
from db.writes.outbox import tell
from domain.events import EventStatus
from domain.ids import CitizenId
from domain.notifications import NotificationKind
from domain.permissions import signed_in
from influents.embedded import Cluster
from influents.mail.addresses import SmtpServer
from influents.mail.carrying import FolderCarrier, SmtpCarrier
from influents.mail.composing import Letterhead
from influents.settings import Settings
from influents.worker.relay import Relay
from influents.worker.working import Duty, duties_of, work, working
from resolvers.context import Services
from tests.clock import Clock
from tests.factories import Town
from tests.post_office import Mailbox, open_mailbox

CHECKOUT = Path(__file__).parents[2]
HEAD = Letterhead(sender="noreply@influents.test", host="influents.test", web_url="https://web.test")
PATIENCE = 30


def variables(database: str, folder: Path, **more: str) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("INFLUENTS_", "DATABASE_"))}
    return ours | {
        "DATABASE_URL": database,
        "INFLUENTS_SECRET_KEY": "a secret of the tests, 32 bytes at least",
        "INFLUENTS_ISSUER": "https://influents.test",
        "INFLUENTS_DATA_DIR": str(folder),
        "INFLUENTS_MAIL_FROM": "noreply@influents.test",
        **more,
    }


@asynccontextmanager
async def running(*arguments: str, env: Mapping[str, str], cwd: Path = CHECKOUT) -> AsyncIterator[Process]:
    """A process of the service; killed at the end, where it hasn't ended."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "influents",
        *arguments,
        cwd=cwd,
        env=env,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        _, log = await process.communicate()
        sys.stderr.write(log.decode())  # shown with a test that fails


async def stopped(process: Process) -> str:
    """End a process as an operator does; what it had logged. It must leave in peace."""
    process.send_signal(signal.SIGTERM)
    _, log = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 0, log.decode()
    return log.decode()


async def until(happened: Any, seconds: float = PATIENCE) -> Any:  # Any: whatever is waited for
    """Wait until a question is answered with something."""
    async with asyncio.timeout(seconds):
        while not (answer := await happened()):  # noqa: ASYNC110 - another process sets no event of ours
            await asyncio.sleep(0.05)
    return answer


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    async with open_mailbox() as opened:
        yield opened


@pytest.fixture
def url(cluster: Cluster, worker_id: str) -> str:
    return cluster.url(f"test_{worker_id}")


@pytest.fixture
async def nath(town: Town, services: Services, clock: Clock) -> CitizenId:
    """Somebody who can be written to, told one thing now: processes have no other clock."""
    clock.now = datetime.now(UTC)
    citizen_id = signed_in((await town.citizen("nath")).viewer).citizen_id
    async with services.database.unit_of_work() as unit:
        await unit.execute(sa.delete(outbox_message))
        await unit.execute(sa.update(account).values(email_verified_at=clock.now))
    await told(services, citizen_id)
    return citizen_id


async def told(services: Services, citizen_id: CitizenId) -> None:
    async with services.database.unit_of_work() as unit:
        await tell(unit, [citizen_id], NotificationKind.LEVEL_REACHED, now=services.clock(), level=2)


async def rows(services: Services) -> list[Any]:
    async with services.database.reading() as session:
        return list((await session.execute(sa.select(outbox_message).order_by(outbox_message.c.id))).all())


async def test_a_worker_that_is_killed_while_it_sends_leaves_its_row_to_the_next(
    nath: CitizenId, services: Services, mailbox: Mailbox, url: str, tmp_path: Path
) -> None:
    mailbox.slow = 60
    async with running("worker", env=variables(url, tmp_path, INFLUENTS_SMTP_URL=mailbox.url)) as process:
        await asyncio.wait_for(mailbox.begun.wait(), PATIENCE)
        process.kill()
        await process.wait()
    (left,) = await rows(services)
    mailbox.slow = 0
    relay = Relay(services=services, carrier=SmtpCarrier(SmtpServer.at(mailbox.url), "influents.test"), head=HEAD)
    await relay.deliver_due()
    assert mailbox.messages == []  # somebody may still be at it
    async with services.database.unit_of_work() as unit:  # the time of the lease goes by
        await unit.execute(sa.update(outbox_message).values(leased_until=services.clock()))
    await relay.deliver_due()

    assert (left.attempts, left.done_at) == (1, None)
    assert left.leased_until > services.clock()
    assert [message["Message-ID"] for message in mailbox.messages] == [f"<{left.id.hex}@influents.test>"]
    (row,) = await rows(services)
    assert row.done_at


async def test_a_worker_that_is_told_to_stop_ends_what_it_is_at(
    nath: CitizenId, services: Services, mailbox: Mailbox, url: str, tmp_path: Path
) -> None:
    mailbox.slow = 1
    async with running("worker", env=variables(url, tmp_path, INFLUENTS_SMTP_URL=mailbox.url)) as process:
        await asyncio.wait_for(mailbox.begun.wait(), PATIENCE)
        log = await stopped(process)

    (row,) = await rows(services)
    assert row.done_at
    assert len(mailbox.messages) == 1
    assert "mail sent" in log
    assert "nath@example.org" not in log


async def test_two_workers_send_each_mail_once(
    nath: CitizenId, services: Services, mailbox: Mailbox, url: str, tmp_path: Path
) -> None:
    for _ in range(15):
        await told(services, nath)
    mailbox.slow = 0.02
    env = variables(url, tmp_path, INFLUENTS_SMTP_URL=mailbox.url)

    async def all_done() -> bool:
        return all(row.done_at for row in await rows(services))

    async with running("worker", env=env) as one, running("worker", env=env) as other:
        await until(all_done)
        await asyncio.gather(stopped(one), stopped(other))

    ids = [message["Message-ID"] for message in mailbox.messages]
    assert len(ids) == len(set(ids)) == 16


@pytest.mark.parametrize("arguments", [[], ["--no-worker"]])
async def test_serving_sends_mail_too_unless_it_is_told_not_to(
    nath: CitizenId, services: Services, url: str, tmp_path: Path, arguments: list[str]
) -> None:
    works = not arguments
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    env = variables(url, tmp_path, INFLUENTS_PORT=str(port))

    async def up() -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        return True

    async def kept() -> list[Path]:
        return list((tmp_path / "mail").glob("*.eml"))

    async with running("serve", "--no-demo", *arguments, env=env) as process:
        await until(up)
        files = await until(kept) if works else []
        await asyncio.sleep(0 if works else 2)
        log = await stopped(process)

    (row,) = await rows(services)
    assert (row.done_at is not None) == works
    if not works:
        assert row.attempts == 0
        assert not (tmp_path / "mail").exists()
        return
    message = message_from_bytes(files[0].read_bytes(), policy=SMTP)
    assert message["To"] == "nath@example.org"
    assert message["Message-ID"] == f"<{row.id.hex}@influents.test>"
    assert files[0].name in log
    assert "nath@example.org" not in log


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"smtp_url": "smtp://u:secret@mail.test?starttls=no", "mail_from": "a@b.org"}, "INFLUENTS_SMTP_URL"),
        ({"smtp_url": "nonsense secret", "mail_from": "a@b.org"}, "INFLUENTS_SMTP_URL"),
        ({"smtp_url": "smtp://u:secret@mail.test"}, "INFLUENTS_MAIL_FROM"),
        ({"mail_from": "Influents"}, "INFLUENTS_MAIL_FROM"),
        ({"web_url": "www.example.org"}, "INFLUENTS_WEB_URL"),
        ({"web_url": "https://example.org/#here"}, "INFLUENTS_WEB_URL"),
        ({"worker": "sometimes"}, "worker"),
    ],
)
def test_settings_that_cannot_work_are_refused(given: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(**given)
    assert says in str(refused.value)
    assert "secret" not in str(refused.value)


def test_the_worker_is_off_where_it_is_set_so() -> None:
    assert not Settings.model_validate({"worker": "off"}).worker


def settings(folder: Path) -> Settings:
    return Settings(data_dir=folder, issuer="https://influents.test")


def duty(name: str, folder: Path, services: Services) -> Duty:
    return next(each for each in duties_of(settings(folder), services) if each.name.startswith(name))


async def test_what_its_organisers_left_open_is_completed(
    town: Town, services: Services, clock: Clock, tmp_path: Path
) -> None:
    owner = await town.citizen()
    made = await town.event(owner, (await town.organization(owner)).id)
    complete = duty("complete", tmp_path, services)

    async def status() -> EventStatus:
        async with services.database.reading() as session:
            found = await session.scalar(sa.select(event.c.status).where(event.c.id == made.id))
        assert found is not None
        return EventStatus(found)

    clock.now = made.details.ends_at + timedelta(days=7) - timedelta(seconds=1)
    await complete.do()
    before = await status()
    clock.advance(seconds=2)
    await asyncio.gather(complete.do(), complete.do())

    assert before is EventStatus.PUBLISHED
    assert await status() is EventStatus.COMPLETED


async def test_files_go_with_the_account_they_were_for(nath: CitizenId, services: Services, tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    await duty("deliver", tmp_path, services).do()
    gone = folder / f"{UUID(int=1).hex}-{UUID(int=2).hex}.eml"
    gone.write_text("To: somebody@example.org")

    await duty("drop", tmp_path, services).do()

    assert FolderCarrier(folder).readers() == {nath.hex}
    assert not gone.exists()


async def test_a_duty_that_fails_is_done_again_and_stops_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    stop = asyncio.Event()
    done = {"fails": 0, "works": 0}

    async def fails() -> bool:
        done["fails"] += 1
        raise ValueError("nath@example.org")

    async def works() -> bool:
        done["works"] += 1
        if done["works"] == 3:
            stop.set()
        return False

    await asyncio.wait_for(work([Duty("one", 0.01, fails), Duty("other", 0.01, works)], stop), 5)

    assert done == {"fails": 1, "works": 3}
    said = "".join(capsys.readouterr())
    assert "ValueError" in said
    assert "nath@example.org" not in said


async def test_a_database_that_is_away_is_waited_for(services: Services, tmp_path: Path) -> None:
    away = connect("postgresql://nobody@127.0.0.1:1/nowhere", wait_seconds=0.1)
    without = Services(**{name: getattr(services, name) for name in services.__slots__} | {"database": away})
    async with working(duties_of(settings(tmp_path), without)):
        await asyncio.sleep(0.2)
    await away.close()
    assert not (tmp_path / "mail").exists()


async def test_what_takes_too_long_is_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    from influents.worker import working as module

    monkeypatch.setattr(module, "GRACE_SECONDS", 0.1)
    cut = asyncio.Event()

    async def hangs() -> bool:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cut.set()
            raise
        return False

    async with asyncio.timeout(5), working([Duty("hangs", 1, hangs)]):
        await asyncio.sleep(0.05)
    assert cut.is_set()
