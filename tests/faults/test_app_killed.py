"""An app process is killed while fifty clients write: nothing answered is lost, and the others go on."""

import os
import signal
from pathlib import Path

import psutil
import pytest

from tests.faults.crowd import Crowd
from tests.faults.standing import assert_nothing_was_lost, back_seconds, serving, watching
from tests.processes import until

pytestmark = [pytest.mark.xdist_group("faults"), pytest.mark.timeout(400)]


async def test_killed_alone_it_loses_nothing_and_goes_on_where_it_is_started_again(
    crowd: Crowd, url: str, tmp_path: Path
) -> None:
    async with (
        serving(url, tmp_path, "--no-worker") as service,
        watching(service.address, crowd.organizer, crowd.first) as watcher,
        crowd.writing(service.address),
    ):
        usual = await crowd.everybody()
        assert service.running is not None
        service.running.process.kill()
        assert await service.ready() == 0
        await watcher.until_over()  # whoever watches knows that it is over, and comes back
        await service.start()
        assert await service.ready() == 200
        assert await crowd.everybody() < usual + back_seconds()
    assert crowd.put_off
    await assert_nothing_was_lost(crowd, url, tmp_path)


async def test_killed_as_one_of_two_it_is_replaced_and_the_other_answers_meanwhile(
    crowd: Crowd, url: str, tmp_path: Path
) -> None:
    async with serving(url, tmp_path, "--no-worker", "--workers", "2") as service, crowd.writing(service.address):
        usual = await crowd.everybody()
        assert service.running is not None
        victim = psutil.Process(service.running.process.pid).children()[0]
        os.kill(victim.pid, signal.SIGKILL)
        assert await service.ready() in (200, 0)  # 0: it was this one who was asked
        assert await service.becomes(200) < back_seconds() / 10
        assert await crowd.everybody() < usual + back_seconds()

        async def replaced() -> bool:
            return service.log().count("process ready") == 3

        await until(replaced)
    await assert_nothing_was_lost(crowd, url, tmp_path)
