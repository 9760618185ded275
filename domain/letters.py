"""Letters: what is written to whom, in which language, and where it leads. How it looks is not decided here."""

from dataclasses import dataclass, field

from domain.mails import Mail, MailTemplate
from domain.notifications import Notification, subject, told
from domain.words import Locale, Sentence

_PLACES = {
    MailTemplate.VERIFY_EMAIL: "verify-email",
    MailTemplate.CHANGE_EMAIL: "verify-email",
    MailTemplate.RESET_PASSWORD: "reset-password",
    MailTemplate.EMAIL_TAKEN: "settings",
    MailTemplate.IDENTITY_LINKED: "settings",
}
_VERIFYING = (MailTemplate.VERIFY_EMAIL, MailTemplate.CHANGE_EMAIL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Whom a letter is for."""

    email: str = field(repr=False)
    name: str = field(repr=False)
    locale: Locale
    verified: bool
    wants_notifications: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Something to be mailed.

    `place` is where its link leads, below the address of the web application, and `token` what that link carries.
    What is `announced` was not asked for, and can be done without.
    """

    to: str = field(repr=False)
    name: str = field(repr=False)
    locale: Locale
    subject: Sentence
    text: Sentence
    action: Sentence
    place: str
    token: str | None = field(default=None, repr=False)
    announced: bool


def account_letter(mail: Mail, reader: Reader, *, to: str) -> Letter | None:
    """A mail about an account; None where it may not be sent.

    An address that was never verified gets nothing but its verification (product.md, section 5), and so does a new
    one, `to`, that is not the account's yet.
    """
    if mail.template not in _VERIFYING and not reader.verified:
        return None
    key = f"mail-{mail.template.value.lower().replace('_', '-')}"
    return Letter(
        to=to,
        name=reader.name,
        locale=reader.locale,
        subject=Sentence(f"{key}-subject"),
        text=Sentence(f"{key}-text"),
        action=Sentence(f"{key}-action"),
        place=_PLACES[mail.template],
        token=mail.token,
        announced=False,
    )


def notification_letter(
    notification: Notification,
    reader: Reader,
    *,
    event: str | None,
    event_slug: str | None,
    organization: str | None,
) -> Letter | None:
    """A notification as a mail; None for those who don't want any, or whose address was never verified.

    Args:
        notification: What happened.
        reader: Whom it is told.
        event: The title of its event, as the reader may see it.
        event_slug: The name of that event in addresses.
        organization: The name of its organisation.
    """
    if not (reader.verified and reader.wants_notifications):
        return None
    return Letter(
        to=reader.email,
        name=reader.name,
        locale=reader.locale,
        subject=subject(notification, event=event, organization=organization),
        text=told(notification, event=event, organization=organization),
        action=Sentence("mail-see-event" if event_slug else "mail-see-notifications"),
        place=f"events/{event_slug}" if event_slug else "notifications",
        announced=True,
    )
