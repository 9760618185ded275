"""Settings: what is fit for trials alone, and what was forgotten."""

from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from influents.doctor.findings import Finding, Subject
from influents.doctor.patient import Patient
from influents.settings import Settings

subject = Subject("settings")


async def settings(patient: Patient) -> Sequence[Finding]:
    """What they say, without asking anybody."""
    if not patient.in_earnest:
        return [
            subject.warning(
                "the database is the embedded one, which is for trials",
                "set DATABASE_URL for a service that others use",
            )
        ]
    return subject.unless(found(patient.settings), "fit for a service that others use")


def found(settings: Settings) -> Iterator[Finding]:
    """What is to be said about the settings of a service that others use."""
    yield from _address(settings)
    yield from _proxies(settings)
    yield from _mail(settings)
    if settings.rate_limit == "off":
        yield subject.wrong("nothing is limited: passwords can be guessed", "leave INFLUENTS_RATE_LIMIT=off out")
    if settings.webhooks_to_private:
        yield subject.wrong(
            "webhooks may lead to whatever this host reaches", "leave INFLUENTS_WEBHOOKS_TO_PRIVATE out"
        )
    yield from _metrics(settings)


def _address(settings: Settings) -> Iterator[Finding]:
    if settings.issuer is None:
        yield subject.wrong(
            "tokens and credentials name an address that nobody else reaches",
            "set INFLUENTS_ISSUER to the public one, and keep it",
        )
    elif is_local(settings.issuer):
        yield subject.wrong("INFLUENTS_ISSUER is this very machine", "set it to the public address, and keep it")
    elif urlsplit(settings.issuer).scheme != "https":
        yield subject.wrong("INFLUENTS_ISSUER isn't https", "let a proxy end TLS, and set it to https://…")


def _proxies(settings: Settings) -> Iterator[Finding]:
    if settings.gateway_secret is None and not settings.trusted_proxies:
        yield subject.warning(
            "no proxy is believed: behind one all who ask count as one caller",
            "set INFLUENTS_GATEWAY_SECRET there and here, or INFLUENTS_TRUSTED_PROXIES",
        )
    if settings.trusted_proxies and not is_local(f"//{settings.host}"):
        yield subject.warning(
            "X-Forwarded-For is believed of whoever reaches INFLUENTS_HOST",
            "let only the proxy reach it, or use INFLUENTS_GATEWAY_SECRET instead of INFLUENTS_TRUSTED_PROXIES",
        )


def _mail(settings: Settings) -> Iterator[Finding]:
    if settings.smtp_url is None:
        yield subject.warning(
            "mail is kept in files, nobody gets any", "set INFLUENTS_SMTP_URL and INFLUENTS_MAIL_FROM"
        )
    if settings.web_url is None:
        yield subject.warning("links in mails lead to the API itself", "set INFLUENTS_WEB_URL to your front end")
    elif urlsplit(settings.web_url).scheme != "https":
        yield subject.warning("links in mails aren't https, and hold tokens", "set INFLUENTS_WEB_URL to https://…")


def _metrics(settings: Settings) -> Iterator[Finding]:
    if not settings.metrics_port:
        yield subject.warning("nobody can watch it", "set INFLUENTS_METRICS_PORT, to a port of its own in each process")
    elif settings.metrics_host in ("0.0.0.0", "::"):  # noqa: S104 - it is looked for
        yield subject.warning("metrics are served on every address", "keep that port from strangers")


def is_local(url: str) -> bool:
    """Whether an address leads to the machine itself."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
