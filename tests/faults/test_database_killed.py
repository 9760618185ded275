"""The database is killed, all its processes at once, while fifty clients write; then it is started again."""

import asyncio
from pathlib import Path

import pytest

from tests.faults.crowd import Crowd
from tests.faults.standing import assert_nothing_was_lost, back_seconds, serving, watching
from tests.servers import PostgresServer

pytestmark = [pytest.mark.xdist_group("faults"), pytest.mark.timeout(400)]


async def test_killed_and_started_again_it_has_all_that_was_answered_and_everybody_goes_on(
    broken: Crowd, server: PostgresServer, tmp_path: Path
) -> None:
    async with (
        serving(server.url(), tmp_path) as service,
        watching(service.address, broken.organizer, broken.first) as watcher,
        broken.writing(service.address),
    ):
        usual = await broken.everybody()
        assert (watcher.told > 0, watcher.look_again) == (True, 0)
        await asyncio.to_thread(server.kill)
        await service.becomes(503)
        await asyncio.to_thread(server.start)
        await asyncio.gather(service.becomes(200), watcher.looks_again())
        assert await broken.everybody() < usual + back_seconds()
        assert not watcher.over.is_set()
    assert broken.put_off
    for bug in ("unexpected error", "the worker stumbled", "Traceback"):
        assert bug not in service.log()
    await assert_nothing_was_lost(broken, server.url(), tmp_path)
