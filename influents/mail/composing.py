"""Letters as messages: both languages, text and HTML, and headers that nobody's name can add to."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from pathlib import Path
from urllib.parse import quote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from domain.ids import DeliveryId
from domain.letters import Letter
from domain.words import Sentence
from influents.mail.addresses import deliverable
from influents.mail.carrying import NotSent
from schema.wording import say

SETTINGS = "settings"
FRENCH_SPACES = "\u00a0\u202f"
_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"], default=False),
    undefined=StrictUndefined,
    trim_blocks=True,
    keep_trailing_newline=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """What all letters have in common.

    `sender` is their From, `host` what their Message-IDs end in, `web_url` the address of the web application that
    their links lead to.
    """

    sender: str
    host: str
    web_url: str

    def link(self, place: str, token: str | None = None) -> str:
        """An address in the web application. A token goes after #: browsers send that to no server, no log has it."""
        return f"{self.web_url.rstrip('/')}/{place}" + (f"#token={quote(token, safe='')}" if token else "")


def host_of(address: str) -> str:
    """The host in the address of a service."""
    return urlsplit(address).hostname or "localhost"


def compose(letter: Letter, *, id: DeliveryId, written_at: datetime, head: Letterhead) -> EmailMessage:
    """The message of a letter.

    Args:
        letter: What is written to whom.
        id: What the Message-ID is made of: a letter that is sent again after a crash is known by it.
        written_at: Its date.
        head: What all letters have in common.

    Raises:
        NotSent: for good, where the address can't be written to.
    """
    try:
        to = deliverable(letter.to)
    except ValueError:
        raise NotSent("not an address", for_good=True) from None
    message = EmailMessage(policy=SMTP if to.isascii() else SMTPUTF8)
    message["From"] = head.sender
    username, _, domain = to.rpartition("@")
    message["To"] = Address(username=username, domain=domain)
    message["Subject"] = one_line(say(letter.subject, letter.locale))
    message["Date"] = written_at
    message["Message-ID"] = f"<{id.hex}@{head.host}>"
    message["Auto-Submitted"] = "auto-generated"
    if letter.announced:
        message["List-Unsubscribe"] = f"<{head.link(SETTINGS)}>"
    message.set_content(_set("letter.txt", letter, head), cte="quoted-printable")
    message.add_alternative(_set("letter.html", letter, head), subtype="html", cte="quoted-printable")
    message["Content-Language"] = letter.locale.value  # last: what begins with Content- moves into the parts
    return message


def one_line(text: str) -> str:
    """Text as a header may have it: line breaks and other controls would begin another header, or be refused."""
    plain = "".join(each if each.isprintable() or each in FRENCH_SPACES else " " for each in text)
    return re.sub(" +", " ", plain).strip(" ")


def _set(template: str, letter: Letter, head: Letterhead) -> str:
    def words(key: str, **parameters: object) -> str:
        return say(Sentence(key, parameters), letter.locale)

    return _templates.get_template(template).render(
        language=letter.locale.value,
        subject=one_line(say(letter.subject, letter.locale)),
        greeting=words("mail-greeting", name=one_line(letter.name)),
        text=say(letter.text, letter.locale),
        action=say(letter.action, letter.locale),
        link=head.link(letter.place, letter.token),
        link_help=words("mail-link"),
        why=words("mail-why-announced" if letter.announced else "mail-why-account"),
        settings=head.link(SETTINGS) if letter.announced else None,
        signature=words("mail-signature"),
    )
