"""Accounts: what somebody must give to have one, and how signing in is refused (product.md, section 5)."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from domain import fields
from domain.ids import TerritoryCode
from domain.refusals import Refusal, RefusalCode
from domain.words import Locale

MAXIMUM_EMAIL = 254
MINIMUM_PASSWORD = 12
MAXIMUM_PASSWORD = 256
"""Characters, so 1,024 bytes of UTF-8 at most: room for any passphrase, none for making the server work."""
MINIMUM_HANDLE = 3
MAXIMUM_HANDLE = 30
MAXIMUM_FULL_NAME = 120

RESERVED_HANDLES = frozenset(
    """
    abuse account admin administrateur administration administrator administratrice aide anonyme anonymous api
    association charter charte citizen citizens citoyen citoyenne citoyens compte contact deleted equipe event
    events everyone evenement evenements graphiql graphql healthz help influent influente influents info login
    logout mail me metrics moderateur moderation moderator moderators moderatrice moderateurs moi node none noreply
    null official officiel officielle organisation organisations organization organizations postmaster readyz root
    security securite settings signin signout signup staff subscription subscriptions support system systeme team
    undefined user users viewer webmaster www
    """.split()  # noqa: SIM905 - words to be read, not a column of 80 lines
)
"""Compared without - and _: neither an address of ours nor somebody who speaks for us."""

_HANDLE = re.compile(r"[a-z](?:[-_]?[a-z0-9])*")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")


class ProfileVisibility(StrEnum):
    """What of a profile the public sees: all, what the handle alone may tell, or nothing."""

    PUBLIC = "PUBLIC"
    PSEUDONYMOUS = "PSEUDONYMOUS"
    HIDDEN = "HIDDEN"


class EmailPurpose(StrEnum):
    """What a mailed link is for."""

    VERIFY_EMAIL = "VERIFY_EMAIL"
    CHANGE_EMAIL = "CHANGE_EMAIL"
    RESET_PASSWORD = "RESET_PASSWORD"  # noqa: S105 - a purpose, not a password


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp:
    """What somebody gives to have an account. What tells who they are stays out of its repr, and so out of logs."""

    email: str = field(repr=False)
    password: str = field(repr=False)
    handle: str
    full_name: str | None = field(default=None, repr=False)
    territory: TerritoryCode | None = None
    visibility: ProfileVisibility = ProfileVisibility.PSEUDONYMOUS
    discoverable: bool = False
    locale: Locale = Locale.FR
    charter_version: str
    at_least_fifteen: bool
    at_least_eighteen: bool = False


class InvalidEmail(Refusal):
    """Not somebody at some place."""

    code = RefusalCode.INVALID


class EmailTaken(Refusal):
    """That address has an account already."""

    code = RefusalCode.TAKEN


class PasswordTooObvious(Refusal):
    """One character over and over, or the address or handle that it is meant to protect."""

    code = RefusalCode.INVALID


class InvalidHandle(Refusal):
    """Not letters and digits, with single - or _ inside."""

    code = RefusalCode.INVALID


class HandleReserved(Refusal):
    """A word that Influents keeps to itself."""

    code = RefusalCode.NOT_ALLOWED


class HandleTaken(Refusal):
    """Handles are never given to another, not even after their first owner left."""

    code = RefusalCode.TAKEN


class TooYoungToSignUp(Refusal):
    """Under fifteen nobody can sign up."""

    code = RefusalCode.TOO_YOUNG


class TooYoungToBePublic(Refusal):
    """Who doesn't say they are 18 is never PUBLIC."""

    code = RefusalCode.TOO_YOUNG


class TooYoungToBeFound(Refusal):
    """Who doesn't say they are 18 is never discoverable."""

    code = RefusalCode.TOO_YOUNG


class CharterNotAccepted(Refusal):
    """Another version of the charter than the one in force, `version`."""

    code = RefusalCode.CHARTER_NOT_ACCEPTED


class AssessmentAlreadyUsed(Refusal):
    """A self-assessment is good for one sign-up."""

    code = RefusalCode.ALREADY_DONE


class AssessmentTokenExpired(Refusal):
    """A self-assessment is good for 24 hours."""

    code = RefusalCode.TOKEN_EXPIRED


class AssessmentTokenInvalid(Refusal):
    """Not a token that `evaluateInfluence` gave."""

    code = RefusalCode.INVALID


class WrongCredentials(Refusal):
    """The address or the password is wrong; which of them isn't told."""

    code = RefusalCode.WRONG_CREDENTIALS


class AccountSuspended(Refusal):
    """Moderators keep it from acting; told to who knows its password alone."""

    code = RefusalCode.NOT_ALLOWED


class RefreshTokenExpired(Refusal):
    """The session has ended, or never was."""

    code = RefusalCode.TOKEN_EXPIRED


def check_sign_up(sign_up: SignUp, *, charter_version: str) -> Iterator[Refusal]:
    """What is wrong with a sign-up, each at its field; `charter_version` is the one in force.

    Whether the address, the handle and the territory are free or known is for the database to say.
    """
    yield from check_email(sign_up.email)
    yield from check_password(sign_up.password, "password", unlike=(sign_up.email, sign_up.handle))
    yield from check_handle(sign_up.handle)
    yield from fields.text(sign_up.full_name, "fullName", maximum=MAXIMUM_FULL_NAME)
    if not sign_up.at_least_fifteen:
        yield TooYoungToSignUp("atLeastFifteen")
    yield from check_exposure(
        visibility=sign_up.visibility,
        discoverable=sign_up.discoverable,
        at_least_eighteen=sign_up.at_least_eighteen,
    )
    if sign_up.charter_version != charter_version:
        yield CharterNotAccepted("charterVersion", version=charter_version)


def check_exposure(*, visibility: ProfileVisibility, discoverable: bool, at_least_eighteen: bool) -> Iterator[Refusal]:
    """Keep minors from being shown by name or found, at sign-up and whenever they change their settings."""
    if at_least_eighteen:
        return
    if visibility is ProfileVisibility.PUBLIC:
        yield TooYoungToBePublic("visibility")
    if discoverable:
        yield TooYoungToBeFound("discoverable")


def check_email(email: str) -> Iterator[Refusal]:
    """Refuse an address that is too long or isn't one at all. Its finer format is the API's scalar to check."""
    wrong = tuple(fields.text(email, "email", minimum=1, maximum=MAXIMUM_EMAIL))
    yield from wrong
    if not wrong and not _EMAIL.fullmatch(email.strip()):
        yield InvalidEmail("email")


def check_password(password: str, *path: str, unlike: Iterable[str] = ()) -> Iterator[Refusal]:
    """Refuse a password that is too short or too long, too simple, or one of `unlike` (the address, the handle)."""
    if len(password) > MAXIMUM_PASSWORD:
        yield fields.TooLong(*path, maximum=MAXIMUM_PASSWORD)
        return
    kept = kept_password(password)
    if len(kept) < MINIMUM_PASSWORD:
        yield fields.TooShort(*path, minimum=MINIMUM_PASSWORD)
    elif len(set(kept)) == 1 or kept.casefold() in {other.strip().casefold() for other in unlike}:
        yield PasswordTooObvious(*path)


def check_handle(handle: str) -> Iterator[Refusal]:
    """Refuse a handle that isn't one, or that is reserved. It is taken as it stands: capitals are refused."""
    if len(handle) < MINIMUM_HANDLE:
        yield fields.TooShort("handle", minimum=MINIMUM_HANDLE)
    elif len(handle) > MAXIMUM_HANDLE:
        yield fields.TooLong("handle", maximum=MAXIMUM_HANDLE)
    elif not _HANDLE.fullmatch(handle):
        yield InvalidHandle("handle")
    elif re.sub(r"[-_]", "", handle) in RESERVED_HANDLES:
        yield HandleReserved("handle")


def kept_password(password: str) -> str:
    """A password as it is hashed: NFKC, since keyboards differ in how they write an é. 256 characters at most."""
    return unicodedata.normalize("NFKC", password)


def normalized_email(email: str) -> str:
    """The form of an address that its uniqueness is decided on, and that it is looked up by; not to be written to.

    Trimmed, NFKC, lower case, the domain in ASCII. Dots and plus signs stay: they are the mail server's business.
    What is longer than an address can be comes back as it is: normalizing takes time by the square of the length.
    """
    if len(email.strip()) > MAXIMUM_EMAIL:
        return email
    local, at, domain = unicodedata.normalize("NFKC", email.strip()).lower().strip().rpartition("@")
    return local + at + ".".join(map(_ascii_label, domain.split(".")))


def surely_one_address(one: str, other: str) -> bool:
    """Whether two addresses are one mailbox's beyond doubt: normalizing takes what looks alike for one."""
    one, other = one.strip(), other.strip()
    plain = one.isascii() and other.isascii()
    return one == other or (plain and normalized_email(one) == normalized_email(other))


def _ascii_label(label: str) -> str:
    return label if label.isascii() else f"xn--{label.encode('punycode').decode('ascii')}"
