"""Who else is needed: the mail server, the store of rate limits, the outside issuer. Nobody is sent anything."""

import contextlib
from collections.abc import Sequence

import aiosmtplib
from valkey.asyncio import Valkey
from valkey.exceptions import ValkeyError

from influents.counting import pool_of
from influents.doctor.findings import Finding, Subject
from influents.doctor.patient import Patient
from influents.mail.addresses import SmtpServer
from influents.mail.composing import host_of
from influents.oidc import IssuersKeys
from resolvers.outside_tokens import IssuerUnreachable

STEP_SECONDS = 4.0

smtp, rates, oidc = Subject("mail"), Subject("rate limits"), Subject("outside issuer")


async def mail_server(patient: Patient) -> Sequence[Finding]:
    """Whether it greets us, under TLS where that is asked for. We don't sign in."""
    url = patient.settings.smtp_url
    if url is None:
        return []  # the settings' check says so
    server = SmtpServer.at(url.get_secret_value())
    client = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        use_tls=server.tls,
        start_tls=server.starttls,
        local_hostname=host_of(patient.address),
        timeout=STEP_SECONDS,
    )
    try:
        await client.connect()
        await client.ehlo()
        with contextlib.suppress(aiosmtplib.SMTPException, OSError):
            await client.quit(timeout=1)
    except (aiosmtplib.SMTPException, OSError) as failed:
        return [smtp.wrong(f"the server doesn't answer ({type(failed).__name__})", "check INFLUENTS_SMTP_URL")]
    finally:
        client.close()
    return [smtp.ok("the server answers")]


async def rate_limit_store(patient: Patient) -> Sequence[Finding]:
    """Whether the shared store answers."""
    url = patient.settings.rate_limit_store
    if url is None:
        return [rates.ok("each process counts for itself")] if patient.settings.rate_limit != "off" else []
    pool = pool_of(url.get_secret_value())
    try:
        await Valkey(connection_pool=pool).ping()
    except (ValkeyError, OSError) as failed:
        return [
            rates.wrong(
                f"the store doesn't answer ({type(failed).__name__}): each process counts for itself meanwhile",
                "check INFLUENTS_RATE_LIMIT_STORE",
            )
        ]
    finally:
        await pool.disconnect()
    return [rates.ok("the store answers")]


async def outside_issuer(patient: Patient) -> Sequence[Finding]:
    """Whether the keys of whose tokens we take can be had."""
    settings = patient.settings
    if settings.oidc_issuer is None:
        return []
    try:
        await IssuersKeys(settings.oidc_issuer, settings.oidc_jwks_url).key(None)
    except IssuerUnreachable:
        return [
            oidc.wrong(
                "its keys can't be fetched: nobody can sign in by it",
                "check INFLUENTS_OIDC_ISSUER, or set INFLUENTS_OIDC_JWKS_URL",
            )
        ]
    return [oidc.ok("its keys can be fetched")]
