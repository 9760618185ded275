"""What people change about their accounts: addresses, passwords, sessions, the charter (product.md, section 5)."""

from datetime import timedelta

from domain.accounts import EmailPurpose
from domain.refusals import Refusal, RefusalCode, Unauthenticated

LINK_LASTS = {
    EmailPurpose.VERIFY_EMAIL: timedelta(hours=24),
    EmailPurpose.CHANGE_EMAIL: timedelta(hours=24),
    EmailPurpose.RESET_PASSWORD: timedelta(hours=1),
}
"""How long a mailed link is good for: it is good once, and a newer one of the same purpose replaces it."""

RECENT_SIGN_IN = timedelta(minutes=10)
"""How old a sign-in may be for what a stolen session must not take away: the export of everything held."""


class LinkExpired(Refusal):
    """A mailed link that is too old, was replaced by a newer one, or never was one."""

    code = RefusalCode.TOKEN_EXPIRED


class LinkUsed(Refusal):
    """A mailed link is good once."""

    code = RefusalCode.ALREADY_DONE


class EmailAlreadyVerified(Refusal):
    """There is nothing left to verify."""

    code = RefusalCode.ALREADY_DONE


class EmailUnchanged(Refusal):
    """The address that the account has already."""

    code = RefusalCode.ALREADY_DONE


class SomebodyHasJustLeft(Refusal):
    """Whom something was about, or was to be told of it, deleted their account while it was being done."""

    code = RefusalCode.CONFLICT


class WrongPassword(Refusal):
    """Not the password of the one who is signed in."""

    code = RefusalCode.WRONG_CREDENTIALS


class UnknownSession(Refusal):
    """None of one's own sessions that last."""

    code = RefusalCode.NOT_FOUND


class SignInAgain(Unauthenticated):
    """Signed in, but too long ago for this."""
