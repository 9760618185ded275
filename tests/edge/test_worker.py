"""The worker, as a process of its own and within `serve`: killed, stopped, and kept from the database."""

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from db.tables import account, outbox_message
from db.writes.outbox import tell
from domain.ids import CitizenId
from domain.notifications import NotificationKind
from domain.permissions import signed_in
from influents.embedded import Cluster
from influents.mail.addresses import SmtpServer
from influents.mail.carrying import SmtpCarrier
from influents.mail.composing import Letterhead
from influents.worker.relay import Relay
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
