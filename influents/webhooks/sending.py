"""Sending a message: to an address that was checked, and to no other, whatever names, proxies and redirects say."""

import asyncio
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Final

import httpx

from domain.webhook_addresses import Place
from domain.webhooks import SECONDS, WebhookFailure
from influents.webhooks.messages import Message
from resolvers.webhook_addresses import LeadsInside, UnknownHost, WebhookAddresses

CONNECT_SECONDS: Final = 2.0
"""For each of a host's addresses: the next one is tried when there is time left."""
_SECONDS: Final = re.compile(r"[0-9]{1,9}")
"""What `Retry-After` says where it is no time."""


class Failed(Exception):  # noqa: N818
    """It didn't arrive, and why; `asked` is for how long the receiver wants to be left alone."""

    def __init__(self, why: WebhookFailure, status: int | None = None, asked: timedelta = timedelta()) -> None:
        super().__init__(why)
        self.why, self.status, self.asked = why, status, asked


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends messages by HTTP/1.1, each over a connection of its own.

    Attributes:
        addresses: Where webhooks may lead.
        trust: The authorities whose certificates are believed: this machine's, unless told.
    """

    addresses: WebhookAddresses
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    async def send(self, url: str, message: Message, *, seconds: float = SECONDS) -> int:
        """Send it, within so many seconds in all; the status that was answered, 200 to 299.

        Nothing is read of the answer but its head.

        Raises:
            Failed: it didn't arrive.
        """
        try:
            async with asyncio.timeout(seconds):
                answer = await self._send(url, message)
        except TimeoutError:
            raise Failed(WebhookFailure.TIMEOUT) from None
        except LeadsInside:
            raise Failed(WebhookFailure.NOT_ALLOWED) from None
        except UnknownHost:
            raise Failed(WebhookFailure.UNKNOWN_HOST) from None
        if not answer.is_success:
            raise Failed(WebhookFailure.STATUS, answer.status_code, _asked(answer.headers))
        return answer.status_code

    async def _send(self, url: str, message: Message) -> httpx.Response:
        place = self.addresses.place(url)
        if place is None:
            raise Failed(WebhookFailure.NOT_ALLOWED)
        wrong = WebhookFailure.UNREACHABLE
        for address in await self.addresses.addresses(place):
            try:
                return await self._to(address, place, message)
            except (httpx.ConnectError, httpx.ConnectTimeout) as failure:  # nothing was sent yet
                wrong = _why(failure)
            except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as failure:
                raise Failed(_why(failure)) from None
        raise Failed(wrong)

    async def _to(self, address: str, place: Place, message: Message) -> httpx.Response:
        """Ask at an address for what is at a place, whose name is in the request and the certificate alone."""
        url = httpx.URL(
            scheme="https" if place.tls else "http", host=address, port=place.port, raw_path=place.target.encode()
        )
        limits = httpx.Timeout(SECONDS, connect=CONNECT_SECONDS)
        async with httpx.AsyncClient(verify=self.trust, trust_env=False, timeout=limits) as client:
            request = httpx.Request(
                "POST",
                url,
                headers={"host": place.authority, **message.headers},
                content=message.body,
                extensions={"sni_hostname": place.host, "timeout": limits.as_dict()},
            )
            answer = await client.send(request, stream=True, follow_redirects=False)
            await answer.aclose()
            return answer


def _asked(headers: httpx.Headers) -> timedelta:
    """What `Retry-After` says: seconds, or a time, which is read by the receiver's own clock."""
    written = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(written):
        return timedelta(seconds=int(written))
    try:
        asked = parsedate_to_datetime(written) - parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, TypeError, OverflowError):
        return timedelta()
    return max(asked, timedelta())


def _why(failure: Exception) -> WebhookFailure:
    if any(isinstance(cause, ssl.SSLError) for cause in _causes(failure)):
        return WebhookFailure.TLS
    if isinstance(failure, httpx.TimeoutException):
        return WebhookFailure.TIMEOUT
    return WebhookFailure.UNREACHABLE if isinstance(failure, httpx.ConnectError) else WebhookFailure.PROTOCOL


def _causes(failure: BaseException | None) -> Iterator[BaseException]:
    while failure is not None:
        yield failure
        failure = failure.__cause__ or failure.__context__
