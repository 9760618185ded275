"""Identities that an outside issuer vouches for (FranceConnect, ProConnect, a Keycloak), linked to accounts.

A link is a way into an account, so it takes what other ways take: the password, or a verified address that the issuer
has verified too, where the operator trusts it with that. No account comes of an identity: signing up, with the charter
and the age, stays ours.
"""

from dataclasses import dataclass, field
from datetime import datetime

from domain.refusals import Refusal, RefusalCode

LONGEST_SUBJECT = 255
"""As OpenID Connect bounds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VouchedFor:
    """What an outside token says, once it is known to be good: who somebody is at their issuer."""

    issuer: str
    subject: str = field(repr=False)
    verified_email: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideIdentity:
    """An identity that is linked to an account."""

    issuer: str
    linked_at: datetime


class IdentityTokenInvalid(Refusal):
    """Not a token of the outside issuer that is good now."""

    code = RefusalCode.INVALID


class IdentityTaken(Refusal):
    """That identity is linked to another account."""

    code = RefusalCode.TAKEN


class AnotherIdentityLinked(Refusal):
    """The account is linked to another identity of the same issuer: unlink that one first."""

    code = RefusalCode.ALREADY_DONE


class UnknownIdentity(Refusal):
    """None of one's own."""

    code = RefusalCode.NOT_FOUND
