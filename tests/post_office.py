"""An SMTP server on 127.0.0.1 that keeps what it is sent, and misbehaves when it is told to."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from enum import StrEnum


class Mood(StrEnum):
    """How it answers."""

    GOOD = "takes everything"
    UNKNOWN = "knows nobody"
    BUSY = "has no time"
    SILENT = "says nothing after a message"
    RUDE = "takes a message and hangs up without a word"
    CURT = "hangs up in the middle of a message"
    GRUDGING = "takes a message, and hangs at the farewell"


@dataclass(slots=True)
class Mailbox:
    """What arrived: messages, whom each was for, and every line that clients said."""

    port: int = 0
    mood: Mood = Mood.GOOD
    slow: float = 0
    messages: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def talk(self, reader: StreamReader, writer: StreamWriter) -> None:
        """One connection, from the greeting to the farewell."""
        try:
            await self._talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _talk(self, reader: StreamReader, writer: StreamWriter) -> None:
        writer.write(b"220 mailbox\r\n")
        while line := (await reader.readuntil(b"\r\n")).decode().rstrip():
            self.lines.append(line)
            verb = line.split()[0].upper()
            if verb == "DATA":
                writer.write(b"354 go on\r\n")
                if not await self._take(reader):
                    return
                writer.write(b"250 taken\r\n")
            elif verb == "QUIT":
                if self.mood is Mood.GRUDGING:
                    await asyncio.sleep(60)
                writer.write(b"221 bye\r\n")
                return
            else:
                writer.write(self._reply(verb, line))

    def _reply(self, verb: str, line: str) -> bytes:
        if verb == "RCPT":
            if self.mood is Mood.UNKNOWN:
                return f"550 {line} is unknown here\r\n".encode()
            if self.mood is Mood.BUSY:
                return f"451 try {line} later\r\n".encode()
            self.recipients.append(line.partition("<")[2].partition(">")[0])
        return b"250-mailbox\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n" if verb == "EHLO" else b"250 yes\r\n"

    async def _take(self, reader: StreamReader) -> bool:
        """Read a message; whether it is to be confirmed."""
        if self.mood is Mood.CURT:
            await reader.readline()
            return False
        content = await reader.readuntil(b"\r\n.\r\n")
        self.begun.set()
        await asyncio.sleep(60 if self.mood is Mood.SILENT else self.slow)
        parsed = message_from_bytes(content.removesuffix(b".\r\n"), policy=SMTP)
        assert isinstance(parsed, EmailMessage)
        self.messages.append(parsed)
        return self.mood is not Mood.RUDE


@asynccontextmanager
async def open_mailbox() -> AsyncIterator[Mailbox]:
    """A mailbox that listens for as long as the block lasts."""
    mailbox = Mailbox()
    talks: set[asyncio.Task[None]] = set()

    async def talk(reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        talks.add(task)
        await mailbox.talk(reader, writer)

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    mailbox.port = server.sockets[0].getsockname()[1]
    try:
        yield mailbox
    finally:
        server.close()
        for task in talks:
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
