"""Which pages' requests are taken: those of our own origin, and of the origins that the settings name."""

import re
from collections.abc import Iterable

ANY = "*"
_ORIGIN = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?")


class Origins:
    """The origins of other sites that may call us. WebSockets, which browsers don't ask about first, use it too."""

    def __init__(self, listed: Iterable[str] = ()) -> None:
        self.listed = frozenset(listed)

    def lists(self, origin: str) -> bool:
        """Whether the settings name it."""
        return ANY in self.listed or origin.lower() in self.listed

    def allows(self, origin: str | None, host: str | None) -> bool:
        """Whether a request with these headers may be taken: without `Origin` it comes from no other site's page."""
        return origin is None or self.lists(origin) or _is_own(origin, host)


def origins_of(setting: str | None) -> list[str]:
    """The origins that a setting lists, with commas between them.

    Raises:
        ValueError: one of them is none.
    """
    listed = [each.strip().lower() for each in (setting or "").split(",") if each.strip()]
    for origin in listed:
        if origin != ANY and not _ORIGIN.fullmatch(origin):
            raise ValueError(f"{origin[:100]} is no origin: https://www.example.org, without a path")
    return listed


def _is_own(origin: str, host: str | None) -> bool:
    """Ours whatever the scheme: behind a proxy we may not know that it is https."""
    return host is not None and origin.lower() in {f"http://{host.lower()}", f"https://{host.lower()}"}
