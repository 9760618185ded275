"""Where a webhook may lead: to a public address on the internet, and nowhere near our own machines."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import urlsplit

from domain import fields
from domain.refusals import Refusal, RefusalCode

LONGEST_URL: Final = 500
HTTPS_PORT, HTTP_PORT = 443, 80
FIRST_FREE_PORT: Final = 1024
"""Below it are the ports of mail, databases of names and the like: nothing that takes webhooks."""

_PLAIN: Final = re.compile(r"[!-;=?-\[\]_a-z~]+")
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\.?")

NOT_PUBLIC_4: Final = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # carriers' own
            "127.0.0.0/8",  # loopback
            "168.63.129.16/32",  # a cloud's own services, by a public address
            "169.254.0.0/16",  # link-local, metadata among it
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # protocols'
            "192.0.2.0/24",  # documentation
            "192.88.99.0/24",  # 6to4 relays
            "192.168.0.0/16",  # private
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, broadcast
        ),
    )
)
PUBLIC_6: Final = IPv6Network("2000::/3")
"""All that is routed. IPv4-mapped, NAT64, private, link-local and multicast addresses lie outside of it."""
NOT_PUBLIC_6: Final = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocols', Teredo among them: an IPv4 address within
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4: an IPv4 address within
            "3fff::/20",  # documentation
        ),
    )
)


class NotAWebhookAddress(Refusal):
    """It isn't an https address that a webhook can have."""

    code = RefusalCode.INVALID


class NotAPublicAddress(Refusal):
    """It leads nowhere, or not to a public address: which of these isn't told."""

    code = RefusalCode.INVALID


@dataclass(frozen=True, slots=True)
class Place:
    """A URL taken apart, once: what is connected to, and what is asked for there.

    Attributes:
        tls: Whether by https.
        host: The name or the address, in small letters, without brackets.
        port: Where at that host.
        target: The path and the query.
    """

    tls: bool
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """The host as a request names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = HTTPS_PORT if self.tls else HTTP_PORT
        return host if self.port == usual else f"{host}:{self.port}"


def place_of(url: str, *, to_private: bool) -> Place | None:
    """A webhook's URL taken apart; None where it is none that one can have.

    Args:
        url: As somebody gave it. Nothing but plain ASCII, so that no two readers take it apart differently.
        to_private: Whether http, and every port, are fine as well.
    """
    if len(url) > LONGEST_URL or not _PLAIN.fullmatch(url.lower()):
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    tls = parts.scheme == "https"
    if not (tls or (to_private and parts.scheme == "http")) or not host or "@" in parts.netloc or "#" in url:
        return None
    if not (_HOST.fullmatch(host) or _is_address(host)) or port == 0:
        return None
    port = port or (HTTPS_PORT if tls else HTTP_PORT)
    if not (to_private or port == HTTPS_PORT or port >= FIRST_FREE_PORT):
        return None
    return Place(tls, host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def check_url(url: str, *, to_private: bool) -> Iterator[Refusal]:
    """What is wrong with a webhook's URL, before anybody looks where it leads."""
    yield from fields.text(url, "url", minimum=1, maximum=LONGEST_URL)
    if 0 < len(url) <= LONGEST_URL and place_of(url, to_private=to_private) is None:
        yield NotAWebhookAddress("url")


def all_public(addresses: Collection[str]) -> bool:
    """Whether a name leads somewhere, and to public addresses alone."""
    return bool(addresses) and all(map(is_public, addresses))


def is_public(address: str) -> bool:
    """Whether an address is one on the internet. What isn't an address isn't."""
    try:
        read = ip_address(address)
    except ValueError:
        return False
    if isinstance(read, IPv4Address):
        return not any(read in network for network in NOT_PUBLIC_4)
    return read in PUBLIC_6 and not any(read in network for network in NOT_PUBLIC_6)


def _is_address(host: str) -> bool:
    try:
        return isinstance(ip_address(host), IPv4Address | IPv6Address) and "%" not in host
    except ValueError:
        return False
