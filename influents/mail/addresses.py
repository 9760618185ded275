"""Addresses: of people, as the network has them, and of servers."""

from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from ipaddress import ip_address
from urllib.parse import parse_qs, unquote, urlsplit

from email_validator import validate_email


def deliverable(given: str) -> str:
    """An address that mail can be sent to: its domain in ASCII, and all of it where that can be.

    Raises:
        ValueError: it is none.
    """
    valid = validate_email(given, check_deliverability=False, globally_deliverable=False)
    return valid.ascii_email or valid.normalized


def is_sender(given: str) -> bool:
    """Whether that can be who a message is from: one address, with a name or without."""
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = given
        (sender,) = message["From"].addresses
    except ValueError:
        return False
    return bool(sender.username and sender.domain) and sender.addr_spec.isascii()


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """Where mail is handed over, and how: from the first byte under TLS, after STARTTLS, or in the clear."""

    host: str
    port: int
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    starttls: bool | None = None

    @classmethod
    def at(cls, url: str) -> "SmtpServer":
        """What a URL names: `smtp://user:password@host:587` (with STARTTLS) or `smtps://…` (port 465).

        STARTTLS is required unless the server is this very machine, or the URL ends in `?starttls=no`. A password is
        never sent in the clear but to this machine.

        Raises:
            ValueError: it names none; the message holds nothing of it.
        """
        parts = urlsplit(url)
        options = parse_qs(parts.query)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path.strip("/") or parts.fragment:
            raise ValueError("it must look like smtp://user:password@host:587 or smtps://user:password@host")
        clear = options.pop("starttls", None) == ["no"]
        if options:
            raise ValueError("after ? it takes nothing but starttls=no")
        username = unquote(parts.username) if parts.username else None
        ours = _loopback(parts.hostname)
        if clear and username and not ours:
            raise ValueError("a password needs TLS: leave starttls=no out")
        tls = parts.scheme == "smtps"
        return cls(
            host=parts.hostname,
            port=parts.port or (465 if tls else 587),
            username=username,
            password=unquote(parts.password) if parts.password else None,
            tls=tls,
            starttls=False if tls or clear else None if ours else True,
        )


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
