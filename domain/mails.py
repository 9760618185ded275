"""Mails that are no notifications: what the outbox holds of each until it is sent (product.md, section 5).

No address stands in an outbox: a mail with a token goes to the address that its token was made for, one without to
that of the account it is posted for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self


class MailTemplate(StrEnum):
    """What a mail is about."""

    VERIFY_EMAIL = "VERIFY_EMAIL"
    """With a token: a link that shows that an address is theirs, after signing up or when it is asked for again."""
    CHANGE_EMAIL = "CHANGE_EMAIL"
    """With a token, to the new address: a link that makes it the account's."""
    RESET_PASSWORD = "RESET_PASSWORD"  # noqa: S105 - a template, not a password
    """With a token: a link to choose another password."""
    EMAIL_TAKEN = "EMAIL_TAKEN"
    """Without a token, to the account that has the address which somebody else wanted to change theirs to."""
    IDENTITY_LINKED = "IDENTITY_LINKED"
    """Without a token, to the account that an outside identity opens from now on."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to be posted: `post(work, MAIL, Mail(template, token).payload, citizen_id=…, now=…)`.

    The token stays in the outbox, which nobody reads, until the mail has been sent or given up, and no longer.
    """

    template: MailTemplate
    token: str | None = field(default=None, repr=False)

    @property
    def payload(self) -> dict[str, str]:
        """It, as the outbox holds it."""
        about = {"template": self.template.value}
        return about if self.token is None else about | {"token": self.token}

    @classmethod
    def of(cls, payload: Mapping[str, object]) -> Self:
        """It, from the outbox.

        Raises:
            ValueError: the payload is of no mail.
        """
        token = payload.get("token")
        return cls(MailTemplate(str(payload.get("template"))), token if isinstance(token, str) else None)
