"""What a worker does from time to time, and how it goes on when something fails."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import ValidationError

from db.engine import connect
from db.tables import event
from domain.events import EventStatus
from influents.mail.carrying import FolderCarrier
from influents.settings import Settings
from influents.worker.working import Duty, duties_of, work, working
from resolvers.context import Services
from resolvers.erasure import delete_account
from tests.clock import Clock
from tests.factories import PASSWORD, Town
from tests.readers import reader


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


async def test_files_go_with_the_account_they_were_for(town: Town, services: Services, tmp_path: Path) -> None:
    nath = await reader(town)
    await nath.told()
    folder = tmp_path / "mail"
    await duty("deliver", tmp_path, services).do()
    before = FolderCarrier(folder).readers()
    await duty("drop", tmp_path, services).do()
    while_here = FolderCarrier(folder).readers()

    await delete_account(nath.ctx, password=PASSWORD)
    await duty("drop", tmp_path, services).do()

    assert before == while_here
    assert len(before) == 1
    assert list(folder.iterdir()) == []


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
