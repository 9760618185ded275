"""Finding where a webhook leads: the name is looked up once, and what comes of it is all that is ever connected to."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from domain.refusals import refuse_if_any
from domain.webhook_addresses import NotAPublicAddress, Place, all_public, check_url, place_of

LookUp = Callable[[str, int], Awaitable[Sequence[str]]]

MOST_ADDRESSES: Final = 3
"""How many of a name's addresses are tried."""
_NAMES: Final = ThreadPoolExecutor(16, thread_name_prefix="webhook-names")
"""Threads of their own: a server of names that is slow keeps nothing else waiting."""


class UnknownHost(Exception):  # noqa: N818
    """A name leads nowhere, for now at least."""


class LeadsInside(Exception):  # noqa: N818
    """A name leads to an address that isn't public."""


async def look_up(host: str, port: int) -> Sequence[str]:
    """The addresses of a host, as this machine finds them; none where it has none."""

    def ask() -> Sequence[str]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
        except (OSError, UnicodeError):
            return ()
        return tuple(dict.fromkeys(str(address[0]) for *_, address in found))

    return await asyncio.get_running_loop().run_in_executor(_NAMES, ask)


@dataclass(frozen=True, slots=True)
class WebhookAddresses:
    """Where webhooks may lead, and how names are looked up.

    Attributes:
        to_private: Whether http and addresses that aren't public are fine: for trials on one's own machine.
        look_up: Finds the addresses of a host and a port.
    """

    to_private: bool = False
    look_up: LookUp = look_up

    def place(self, url: str) -> Place | None:
        """A URL taken apart; None where it is none that a webhook can have."""
        return place_of(url, to_private=self.to_private)

    async def addresses(self, place: Place) -> Sequence[str]:
        """What to connect to, looked up this once.

        Raises:
            UnknownHost: the name leads nowhere.
            LeadsInside: one of its addresses isn't public; then none is taken.
        """
        found = await self.look_up(place.host, place.port)
        if not found:
            raise UnknownHost
        if not (self.to_private or all_public(found)):
            raise LeadsInside
        return found[:MOST_ADDRESSES]

    async def check(self, url: str, *, seconds: float) -> None:
        """Refuse a URL that no webhook can have, or that leads nowhere or inside."""
        refuse_if_any(check_url(url, to_private=self.to_private))
        place = self.place(url)
        try:
            async with asyncio.timeout(seconds):
                if place is not None:
                    await self.addresses(place)
        except (UnknownHost, LeadsInside, TimeoutError):
            raise NotAPublicAddress("url") from None
