"""Who watches what: nobody is told of anything else, nothing waits without bound, and nobody is kept."""

import asyncio
from uuid import uuid4

from domain.announcements import Announcement, Topic
from resolvers.hub import MOST_WAITING, Hub, Watched

EVENT, OTHER = uuid4(), uuid4()


def participations(many: int) -> list[Announcement]:
    return [Announcement(Topic.PARTICIPATION, uuid4(), EVENT) for _ in range(many)]


async def test_each_hears_what_they_watch_once_and_nothing_else() -> None:
    hub = Hub()
    mine, published = Announcement(Topic.EVENT, EVENT), Announcement(Topic.PUBLISHED, OTHER)
    registered = participations(1)
    with (
        hub.watching([Watched(Topic.EVENT, EVENT), Watched(Topic.PARTICIPATION, EVENT)]) as one,
        hub.watching([Watched(Topic.PUBLISHED)]) as all_of_them,
    ):
        hub.announce([mine, Announcement(Topic.EVENT, OTHER), published, mine, *registered])

        assert await one.everything() == frozenset({mine, *registered})
        assert await all_of_them.everything() == frozenset({published})


async def test_whoever_cant_keep_up_loses_the_oldest_and_is_told() -> None:
    hub = Hub()
    many = participations(MOST_WAITING + 7)
    with hub.watching([Watched(Topic.PARTICIPATION, EVENT)]) as slow:
        hub.announce(many)

        assert await slow.next() is None
        assert [await slow.next() for _ in range(MOST_WAITING)] == many[7:]

        hub.look_again()
        assert await slow.next() is None


async def test_whoever_looks_once_for_all_is_told_once_that_some_were_missed() -> None:
    hub = Hub()
    with hub.watching([Watched(Topic.PARTICIPATION, EVENT)]) as slow:
        hub.announce(participations(MOST_WAITING + 1))
        assert await slow.everything() is None

        news = participations(1)
        hub.announce(news)
        assert await slow.everything() == frozenset(news)


async def test_whoever_waits_is_woken() -> None:
    hub = Hub()
    news = Announcement(Topic.PUBLISHED, EVENT)
    with hub.watching([Watched(Topic.PUBLISHED)]) as watcher:
        waiting = asyncio.ensure_future(watcher.next())
        await asyncio.sleep(0)
        hub.announce([news])
        assert await waiting == news


async def test_nothing_is_kept_of_who_watches_no_more() -> None:
    hub = Hub()
    with hub.watching([Watched(Topic.EVENT, EVENT), Watched(Topic.PUBLISHED)]):
        assert len(hub) == 1
    assert len(hub) == 0
    hub.announce([Announcement(Topic.EVENT, EVENT)])
    assert len(hub) == 0
