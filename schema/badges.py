"""Credentials: what a citizen takes away of what they took part in, for anybody to check without asking us."""

from datetime import datetime
from typing import Annotated, Self

import strawberry
from strawberry.scalars import JSON

from domain.badges import Badge, BadgeTexts, CredentialName
from domain.participations import Participation
from domain.words import Locale, Sentence
from resolvers import badges as resolve
from resolvers.badges import SignedBadge
from schema.enums import described
from schema.info import Info
from schema.scalars import URL
from schema.wording import say, theme_label

described(
    CredentialName,
    description="What a credential calls its citizen.",
    HANDLE="By their handle.",
    FULL_NAME="By the name on their account, whatever their profile shows of it; by their handle where they gave none.",
)
CalledBy = Annotated[
    CredentialName,
    strawberry.argument(
        name="calledBy",
        description="What it calls its citizen. Whoever they show it to reads that and no more of them.",
    ),
]


@strawberry.type(
    description="A signed statement of who took part in what, for how long and on what theme: an Open Badge 3.0, which "
    "is a Verifiable Credential 2.0. It is for its citizen to keep and to show: anybody can check it offline, with the "
    "keys at `issuer` and the list at `statusList`, and `python -m influents credential verify` does. It is revoked in "
    "that list when attendance is withdrawn.",
)
class Credential:
    jwt: str = strawberry.field(description="The credential with its signature, a JWT: what to keep as a file.")
    claims: JSON = strawberry.field(description="What it says, to be shown: the payload of `jwt`.")
    valid_from: datetime = strawberry.field(description="When attendance was established.")
    issuer: URL = strawberry.field(description="Who issues it: where the profile and the public keys are found.")
    status_list: URL = strawberry.field(description="Where the list is found that says whether it is revoked.")

    @classmethod
    def of(cls, facts: Badge, signed: SignedBadge) -> Self:
        said = signed.claims
        return cls(
            jwt=signed.token,
            claims=JSON(said),
            valid_from=facts.valid_from,
            issuer=URL(said["issuer"]["id"]),
            status_list=URL(said["credentialStatus"]["statusListCredential"]),
        )


async def credential_of(
    info: Info, participation: Participation, called_by: CredentialName, locale: Locale | None
) -> Credential | None:
    """The viewer's credential of a participation, in words of a language; None where there is none for them."""
    facts = await resolve.badge(info.context, participation, called_by)
    if facts is None:
        return None
    return Credential.of(facts, resolve.signed(info.context, facts, _texts(facts, locale or info.context.locale)))


def _texts(facts: Badge, locale: Locale) -> BadgeTexts:
    details = facts.event.details

    def words(key: str) -> str:
        return say(Sentence(key, {"title": details.title}), locale)

    return BadgeTexts(
        locale=locale.value,
        description=words("badge-description"),
        criteria=words("badge-criteria"),
        evidence=words(f"badge-evidence-{facts.evidence.value.lower().replace('_', '-')}"),
        duration=words("badge-duration"),
        theme=words("badge-theme"),
        themes=[say(theme_label(theme), locale) for theme in details.themes],
    )
