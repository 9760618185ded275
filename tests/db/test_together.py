"""Columns that ask together."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from db.together import Together


class Source:
    """Tells the length of words, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[set[str]] = []
        self.fails = False
        self.begun = asyncio.Event()

    async def lengths(self, words: Sequence[str]) -> Mapping[str, int]:
        self.asked.append(set(words))
        self.begun.set()
        await asyncio.sleep(0)
        if self.fails:
            raise ConnectionError
        return {word: len(word) for word in words if word != "absent"}


async def test_what_is_asked_in_one_turn_is_asked_at_once_and_kept() -> None:
    source = Source()
    lengths = Together(source.lengths, absent=0)

    found = tuple(await asyncio.gather(lengths.of(["a", "bb", "a"]), lengths.of(["bb", "absent"]), lengths.of([])))
    again = await lengths.of(["absent", "a"])

    assert found == ([1, 2, 1], [2, 0], [])
    assert again == [0, 1]
    assert source.asked == [{"a", "bb", "absent"}]


async def test_what_is_asked_while_others_wait_for_an_answer_is_asked_by_itself() -> None:
    source = Source()
    lengths = Together(source.lengths, absent=0)
    first = asyncio.create_task(lengths.of(["a"]))
    await source.begun.wait()

    assert await lengths.of(["a", "bb"]) == [1, 2]
    assert await first == [1]
    assert source.asked == [{"a"}, {"a", "bb"}]


async def test_who_is_broken_off_takes_the_answer_from_nobody() -> None:
    source = Source()
    lengths = Together(source.lengths, absent=0)
    leaving, staying = asyncio.create_task(lengths.of(["a"])), asyncio.create_task(lengths.of(["a"]))
    await asyncio.sleep(0)

    leaving.cancel()

    assert await staying == [1]
    with pytest.raises(asyncio.CancelledError):
        await leaving


async def test_a_failure_is_told_to_all_who_ask_and_not_kept() -> None:
    source = Source()
    lengths = Together(source.lengths, absent=0)
    source.fails = True
    failed = await asyncio.gather(lengths.of(["a"]), lengths.of(["bb"]), return_exceptions=True)
    source.fails = False

    assert [type(each) for each in failed] == [ConnectionError, ConnectionError]
    assert await lengths.of(["a"]) == [1]
