"""What a credential says of a participation, and the lists that say which credentials hold no longer.

A credential is an Open Badge 3.0: a Verifiable Credential (2.0) that its citizen takes away. Lists are Bitstring Status
Lists (1.0). The names in these documents are those of the standards.
"""

import gzip
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from domain.events import Event, EventDetails
from domain.participations import AttendanceEvidence, Participation, ParticipationStatus
from domain.policy import Policy

LIST_SIZE = 131_072
"""Places in a status list. Who fetches one asks about so many people that nobody learns whom they mean."""
LIST_FILL = LIST_SIZE // 2
"""How many of them are used: the places of a list are drawn, and a draw should find a free one soon."""
A_DAY = timedelta(days=1)

VERIFIABLE = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"

Json = dict[str, Any]  # Any: JSON


class StatusEntry(NamedTuple):
    """Where a credential stands in the status lists. The place was drawn: it tells nothing of when, or of whom."""

    list_number: int
    place: int


class CredentialName(StrEnum):
    """What a credential calls its citizen."""

    HANDLE = "HANDLE"
    FULL_NAME = "FULL_NAME"


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """The facts of a credential.

    Attributes:
        name: What its citizen chose to be called.
        organizer: Who held the event, as the citizen may see them; None where that profile is hidden or gone.
        minutes: How long it took.
        evidence: How attendance was established.
        valid_from: When it was.
    """

    event: Event
    status: StatusEntry
    called: CredentialName
    name: str
    organizer: str | None
    minutes: int
    evidence: AttendanceEvidence
    valid_from: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeTexts:
    """What a credential says in words, in the language `locale`."""

    locale: str
    description: str
    criteria: str
    evidence: str
    duration: str
    theme: str
    themes: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where the issuer, events and status lists are found, from the service's own address on."""

    service: str

    @property
    def issuer(self) -> str:
        """The issuer's profile: its id, and where its keys are listed."""
        return f"{self.service}/credentials/issuer"

    def key(self, key_id: str) -> str:
        return f"{self.issuer}/keys/{key_id}"

    def status_list(self, number: int) -> str:
        return f"{self.service}/credentials/status/{number}"

    def event(self, slug: str) -> str:
        return f"{self.service}/events/{slug}"


def attests(participation: Participation) -> bool:
    """Whether there is something to attest: attendance that stands."""
    return participation.status is ParticipationStatus.ATTENDED


def minutes_of(details: EventDetails, policy: Policy) -> int:
    """How long it took: what its organisers say, else its length; of days on end, what these count."""
    if details.effort_minutes is not None:
        return details.effort_minutes
    elapsed = details.span.ends_at - details.span.starts_at
    return policy.long_event_minutes if elapsed > A_DAY else elapsed // timedelta(minutes=1)


def list_to_draw_from(newest: int, taken: int) -> int:
    """The newest list, until so many of its places are taken; then the next."""
    return newest if taken < LIST_FILL else newest + 1


def credential(badge: Badge, texts: BadgeTexts, at: Addresses) -> Json:
    """What is signed: the credential's own members, and the registered claims of a JWT that repeat some of them.

    The same facts and texts give the same. Nothing in it names its citizen but the name that they chose, so that two
    credentials lead to one person by that name alone.
    """
    event, event_id = badge.event, at.event(badge.event.slug)
    status_id = f"{at.status_list(badge.status.list_number)}#{badge.status.place}"
    credential_id = f"urn:uuid:{uuid5(NAMESPACE_URL, status_id)}"
    achievement: Json = {
        "id": event_id,
        "type": ["Achievement"],
        "achievementType": "ext:CivicParticipation",
        "inLanguage": texts.locale,
        "name": event.details.title,
        "description": texts.description,
        "criteria": {"narrative": texts.criteria},
        "tag": list(texts.themes),
        "resultDescription": [
            _result_description(f"{event_id}#duration", texts.duration, "ext:Duration"),
            _result_description(f"{event_id}#theme", texts.theme, "ext:Theme"),
        ],
    }
    if badge.organizer is not None:
        achievement["creator"] = {"id": f"{event_id}#organizer", "type": ["Profile"], "name": badge.organizer}
    return {
        "@context": [VERIFIABLE, OPEN_BADGES],
        "id": credential_id,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": event.details.title,
        "issuer": profile(at),
        "validFrom": written(badge.valid_from),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "identityType": "name" if badge.called is CredentialName.FULL_NAME else "userName",
                    "identityHash": badge.name,
                    "hashed": False,
                }
            ],
            "activityStartDate": written(event.details.starts_at),
            "activityEndDate": written(event.details.ends_at),
            "achievement": achievement,
            "result": [
                _result(f"{event_id}#duration", duration(badge.minutes)),
                *(_result(f"{event_id}#theme", theme.value) for theme in event.details.themes),
            ],
        },
        "evidence": [{"type": ["Evidence"], "narrative": texts.evidence}],
        "credentialStatus": {
            "id": status_id,
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(badge.status.place),
            "statusListCredential": at.status_list(badge.status.list_number),
        },
        **registered(at.issuer, credential_id, badge.valid_from),
    }


def status_list(number: int, revoked: Iterable[int], at: Addresses, *, valid_from: datetime, seconds: int) -> Json:
    """A list of which credentials are revoked, as it is at `valid_from`; ask again after so many seconds."""
    list_id = at.status_list(number)
    return {
        "@context": [VERIFIABLE],
        "id": list_id,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": at.issuer,
        "validFrom": written(valid_from),
        "credentialSubject": {
            "id": f"{list_id}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "ttl": seconds * 1000,
            "encodedList": encoded(revoked),
        },
        **registered(at.issuer, list_id, valid_from),
    }


def profile(at: Addresses) -> Json:
    """Who issues, as each credential says it."""
    return {"id": at.issuer, "type": ["Profile"], "name": "Influents", "url": at.service}


def registered(issuer: str, id: str, valid_from: datetime) -> Mapping[str, object]:
    """The claims of a JWT that stand for what the credential says itself."""
    return {"iss": issuer, "jti": id, "nbf": int(valid_from.timestamp())}


def encoded(revoked: Iterable[int]) -> str:
    """A status list's bits, the first at the left: compressed the same each time, in base64url after a `u`."""
    bits = bytearray(LIST_SIZE // 8)
    for index in revoked:
        bits[index // 8] |= 0x80 >> index % 8
    return "u" + urlsafe_b64encode(gzip.compress(bits, mtime=0)).rstrip(b"=").decode("ascii")


def duration(minutes: int) -> str:
    """So many minutes as ISO 8601 writes them: PT4H30M."""
    hours, rest = divmod(minutes, 60)
    return "PT" + (f"{hours}H" if hours else "") + (f"{rest}M" if rest or not hours else "")


def written(moment: datetime) -> str:
    """A moment, to the second, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _result_description(id: str, name: str, type_: str) -> Json:
    return {"id": id, "type": ["ResultDescription"], "name": name, "resultType": type_}


def _result(description: str, value: str) -> Json:
    return {"type": ["Result"], "resultDescription": description, "value": value}
