"""Who carries messages: an SMTP server, or a folder where there is none."""

import asyncio
import contextlib
import secrets
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

import aiosmtplib
import structlog

from influents.mail.addresses import SmtpServer

SECONDS = 30
"""What sending one message may take in all. Far less than the lease on it: nobody else sends it meanwhile."""
STEP_SECONDS = 15
GOODBYE_SECONDS = 2
PERMANENT = 500

log = structlog.get_logger()


class NotSent(Exception):  # noqa: N818
    """A message was not sent; `str` of it says why, in words that name nobody.

    Args:
        why: A kind of failure, an SMTP code: never an address, nor what a server said, which may hold one.
        for_good: Whether trying again can't help.
    """

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        super().__init__(why)
        self.for_good = for_good


class Carrier(Protocol):
    """Carries messages to whom they are for."""

    async def send(self, message: EmailMessage, *, name: str) -> None:
        """Send one. `name` tells it from all others, and is the same when it is sent again.

        Raises:
            NotSent: it was not.
        """


@dataclass(frozen=True, slots=True)
class SmtpCarrier:
    """Hands messages to an SMTP server, a connection each: what one breaks harms no other.

    Args:
        server: The server.
        host: Who it is told that we are.
    """

    server: SmtpServer
    host: str

    async def send(self, message: EmailMessage, *, name: str) -> None:
        client = aiosmtplib.SMTP(
            hostname=self.server.host,
            port=self.server.port,
            username=self.server.username,
            password=self.server.password,
            use_tls=self.server.tls,
            start_tls=self.server.starttls,
            local_hostname=self.host,
            timeout=STEP_SECONDS,
        )
        try:
            async with asyncio.timeout(SECONDS):
                await client.connect()
                await client.send_message(message)
        except aiosmtplib.SMTPRecipientsRefused as refused:
            codes = [each.code for each in refused.recipients]
            why = " ".join(["SMTPRecipientsRefused", *map(str, codes)])
            raise NotSent(why, for_good=min(codes) >= PERMANENT) from None
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as wrong:
            code = getattr(wrong, "code", None)
            raise NotSent(type(wrong).__name__ + (f" {code}" if code else "")) from None
        else:
            # It has been taken: whatever becomes of the farewell, it is not to be sent again.
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                await client.quit(timeout=GOODBYE_SECONDS)
        finally:
            client.close()
        log.info("mail sent", message=name)


@dataclass(frozen=True, slots=True)
class FolderCarrier:
    """Keeps each message as a file that only we can read: for developers, and where no server is set.

    The part of a name after the last dash is whom it is for, so that their mail can go when they do.
    """

    folder: Path

    async def send(self, message: EmailMessage, *, name: str) -> None:
        try:
            kept = await asyncio.to_thread(self._keep, message.as_bytes(), name)
        except OSError as wrong:
            raise NotSent(type(wrong).__name__) from None
        log.info("mail kept in a file", file=str(kept))

    def readers(self) -> set[str]:
        """Whom there is mail for, as names end."""
        return {path.stem.rpartition("-")[2] for path in self.folder.glob("*.eml")}

    def drop(self, reader: str) -> None:
        """Forget the mail for somebody."""
        for path in self.folder.glob(f"*-{reader}.eml"):
            path.unlink(missing_ok=True)

    def _keep(self, content: bytes, name: str) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        path, fresh = self.folder / f"{name}.eml", self.folder / f".{name}.{secrets.token_hex(4)}"
        try:
            fresh.touch(mode=0o600)
            fresh.write_bytes(content)
            fresh.replace(path)  # all of it at once, or not at all
        finally:
            fresh.unlink(missing_ok=True)
        return path
