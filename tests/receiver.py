"""A partner's receiver of webhooks: a real server on 127.0.0.1, by TLS where it has a certificate, that misbehaves."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from standardwebhooks import Webhook

PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came."""

    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def said(self) -> dict[str, Any]:  # Any: JSON
        said: dict[str, Any] = json.loads(self.body)
        return said

    @property
    def type(self) -> str:
        return str(self.said["type"])

    def verified(self, secret: str) -> dict[str, Any]:  # Any: JSON
        """What it says, once its signature has been verified as a partner does."""
        said: dict[str, Any] = Webhook(secret).verify(self.body, self.headers)
        return said


@dataclass(slots=True)
class Receiver:
    """What it got, and how it answers.

    Attributes:
        answer: The status of each request's answer.
        slow: Seconds before it answers.
        raw: What it sends instead of an answer.
        begun: Set as soon as a request is there.
        most: How many requests were there at once.
    """

    tls: ssl.SSLContext | None = None
    got: list[Received] = field(default_factory=list)
    answer: Callable[[Received], int] = lambda _: 204
    slow: float = 0
    raw: bytes | None = None
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    most: int = 0
    connections: int = 0
    port: int = 0
    _now: int = 0
    _server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}/hooks"

    @property
    def types(self) -> list[str]:
        return [each.type for each in self.got]

    async def open(self) -> None:
        """Listen, on the same port as before where it did."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=self.tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """An outage: nobody takes a connection."""
        if self._server is not None:
            self._server.close()
            self._server = None

    async def has_begun(self) -> None:
        """Wait until a request is there."""
        await asyncio.wait_for(self.begun.wait(), PATIENCE)

    async def has(self, number: int) -> None:
        """Wait until so many requests have come."""
        async with asyncio.timeout(PATIENCE):
            while len(self.got) < number:  # noqa: ASYNC110 - polled, as a person would
                await asyncio.sleep(0.02)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with suppress(OSError, asyncio.IncompleteReadError):
            await self._answer(reader, writer)
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        received = Received(first.split(" ")[1], headers, body)
        self._now += 1
        self.most = max(self.most, self._now)
        self.begun.set()
        try:
            await asyncio.sleep(self.slow)
        finally:
            self._now -= 1
        self.got.append(received)
        status = self.answer(received)
        usual = f"HTTP/1.1 {status} \r\nContent-Length: 0\r\nLocation: http://127.0.0.1:{self.port}/elsewhere\r\n\r\n"
        writer.write(self.raw if self.raw is not None else usual.encode())
        await writer.drain()


@asynccontextmanager
async def receiving(tls: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    """A receiver that listens for as long as the block lasts."""
    made = Receiver(tls)
    await made.open()
    try:
        yield made
    finally:
        await made.close()


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate authority of the tests, and a server's context with a certificate of its."""

    file: Path
    server: ssl.SSLContext

    @property
    def trusted(self) -> ssl.SSLContext:
        """What a client has who believes this authority alone."""
        return ssl.create_default_context(cafile=self.file)


def authority(folder: Path, name: str) -> Authority:
    """An authority that vouches for one name."""
    now = datetime.now(UTC)

    def certificate(
        subject: str, key: ec.EllipticCurvePrivateKey, issuer: str, by: ec.EllipticCurvePrivateKey, *, ca: bool
    ) -> x509.Certificate:
        begun = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(subject)]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
        )
        return begun.sign(by, hashes.SHA256())

    roots, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = certificate("authority.test", roots, "authority.test", roots, ca=True)
    leaf = certificate(name, own, "authority.test", roots, ca=False)
    pem = serialization.Encoding.PEM
    file, chain = folder / "authority.pem", folder / "server.pem"
    file.write_bytes(root.public_bytes(pem))
    private = own.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    chain.write_bytes(private + leaf.public_bytes(pem))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(chain)
    return Authority(file, server)
