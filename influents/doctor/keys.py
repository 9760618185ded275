"""Keys: whether those that are published under the public address are those that these settings sign by."""

import asyncio
import http.client
from collections.abc import Mapping, Sequence
from typing import Any

from influents.doctor.configuration import is_local
from influents.doctor.findings import Finding, Subject
from influents.doctor.patient import Patient
from influents.oidc import is_safe, json_at
from influents.opening import badge_issuer_of, secret_of
from resolvers.tokens import Tokens

subject = Subject("keys")

Keys = Mapping[str, Any]  # Any: JSON


async def published(patient: Patient) -> Sequence[Finding]:
    """Ask the public address, as those do who check tokens and credentials."""
    settings, address = patient.settings, patient.address.rstrip("/")
    if settings.secret_key is None or settings.issuer is None or is_local(address) or not is_safe(address):
        return []  # the settings' check says so
    tokens = Tokens(secret=secret_of(settings), issuer=address, others=settings.other_secrets).jwks()
    ours = {"jwks.json": tokens, "credential-keys.json": badge_issuer_of(settings, address).jwks()}
    found = []
    for name, keys in ours.items():
        url = f"{address}/.well-known/{name}"
        try:
            found.append(compared(name, await asyncio.to_thread(json_at, url), keys))
        except (OSError, http.client.HTTPException, ValueError) as failed:
            found.append(
                subject.warning(
                    f"{url} can't be fetched from here ({type(failed).__name__})", "look whether others can"
                )
            )
    return found


def compared(name: str, theirs: Any, ours: Keys) -> Finding:  # Any: JSON of whoever answers there
    """What it is that these keys are published, and those are ours."""
    there, here = _names(theirs), _names(ours)
    if not here or here[0] not in there:
        return subject.wrong(
            f"{name} doesn't publish what these settings sign by",
            "use the same secret keys in every process, and here",
        )
    if set(there) != set(here):
        return subject.warning(
            f"{name} publishes {len(there)} keys, these settings {len(here)}",
            "use the same secret keys in every process, and here",
        )
    return subject.ok(f"{name} publishes what these settings sign by")


def _names(keys: Any) -> list[str]:  # Any: JSON
    listed = keys.get("keys") if isinstance(keys, dict) else None
    return [str(each.get("x")) for each in listed or () if isinstance(each, dict)]
