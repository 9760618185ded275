"""Writes of one turn leave together, in order, and before anything is closed."""

import asyncio
from collections.abc import AsyncIterator, Iterable

import pytest

from influents.http.gathering import MOST_HELD, Gathering

TURN = 0


class Counted(asyncio.Transport):
    """Hands on to a transport, and remembers each call that sends."""

    def __init__(self, to: asyncio.Transport) -> None:
        self.to, self.sent = to, list[bytes]()

    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview]) -> None:
        self.sent.append(b"".join(list_of_data))
        self.to.writelines(list_of_data)

    def is_closing(self) -> bool:
        return self.to.is_closing()

    def close(self) -> None:
        self.to.close()


class Pair:
    """Two ends of a real connection: one that gathers, and what the other reads."""

    def __init__(self, reader: asyncio.StreamReader, counted: Counted, gathering: Gathering) -> None:
        self.reader, self.counted, self.gathering = reader, counted, gathering


@pytest.fixture
async def pair() -> AsyncIterator[Pair]:
    loop, arrived = asyncio.get_running_loop(), asyncio.Queue[asyncio.StreamWriter]()

    async def greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await arrived.put(writer)

    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
    theirs = await arrived.get()
    counted = Counted(theirs.transport)  # type: ignore[arg-type]  # of a socket it is one
    try:
        yield Pair(reader, counted, Gathering(counted, loop))
    finally:
        theirs.close()
        writer.close()
        server.close()
        await server.wait_closed()


async def test_what_is_written_in_a_turn_leaves_together_at_its_end(pair: Pair) -> None:
    pair.gathering.write(b"head ")
    pair.gathering.writelines([b"bo", b"dy"])
    assert pair.counted.sent == []

    await asyncio.sleep(TURN)

    assert pair.counted.sent == [b"head body"]
    assert await pair.reader.readexactly(9) == b"head body"


async def test_what_is_flushed_leaves_at_once_and_once(pair: Pair) -> None:
    pair.gathering.write(b"one")
    pair.gathering.flush()
    pair.gathering.write(b"two")
    pair.gathering.flush()
    await asyncio.sleep(TURN)

    assert pair.counted.sent == [b"one", b"two"]
    assert await pair.reader.readexactly(6) == b"onetwo"


async def test_no_more_is_held_back_than_a_bound(pair: Pair) -> None:
    pair.gathering.write(b"h" * 10)
    pair.gathering.write(b"b" * MOST_HELD)

    assert list(map(len, pair.counted.sent)) == [MOST_HELD + 10]


async def test_what_was_written_is_sent_before_it_is_closed(pair: Pair) -> None:
    pair.gathering.write(b"goodbye")
    pair.gathering.close()

    assert await pair.reader.read() == b"goodbye"


async def test_nothing_is_sent_to_who_has_left(pair: Pair) -> None:
    pair.gathering.write(b"anybody?")
    pair.counted.to.abort()
    await asyncio.sleep(TURN)

    assert pair.counted.sent == []


async def test_all_else_is_the_transports_own(pair: Pair) -> None:
    assert pair.gathering.is_closing() is False
    with pytest.raises(AttributeError):
        _ = pair.gathering.is_blessed
