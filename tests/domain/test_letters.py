"""Who gets which letter, and where it leads."""

from uuid import UUID

import pytest

from domain.ids import CitizenId, NotificationId
from domain.letters import Reader, account_letter, notification_letter
from domain.mails import Mail, MailTemplate
from domain.notifications import Notification, NotificationKind
from domain.words import Locale
from tests.clock import START

SOMEBODY = CitizenId(UUID(int=1))
TOLD = Notification(
    id=NotificationId(UUID(int=2)),
    citizen_id=SOMEBODY,
    kind=NotificationKind.EVENT_CHANGED,
    event_id=None,
    created_at=START,
)


def reader(*, verified: bool = True, wants: bool = True) -> Reader:
    return Reader(email="nath@example.org", name="Nath", locale=Locale.EN, verified=verified, wants_notifications=wants)


@pytest.mark.parametrize("verified", [True, False])
@pytest.mark.parametrize("wants", [True, False])
def test_notifications_go_to_verified_addresses_of_those_who_want_them(verified: bool, wants: bool) -> None:
    letter = notification_letter(
        TOLD, reader(verified=verified, wants=wants), event="Barcamp", event_slug="barcamp", organization=None
    )
    assert (letter is not None) == (verified and wants)


def test_a_notification_leads_to_its_event_or_to_all_of_them() -> None:
    about = notification_letter(TOLD, reader(), event="Barcamp", event_slug="barcamp", organization=None)
    other = notification_letter(TOLD, reader(), event=None, event_slug=None, organization=None)

    assert about is not None
    assert other is not None
    assert (about.place, other.place) == ("events/barcamp", "notifications")
    assert about.announced
    assert other.subject.parameters["about"] == "nothing"


@pytest.mark.parametrize("template", list(MailTemplate))
def test_an_unverified_address_gets_what_verifies_it_alone(template: MailTemplate) -> None:
    mail = Mail(template, "secret")
    verifying = template in (MailTemplate.VERIFY_EMAIL, MailTemplate.CHANGE_EMAIL)

    assert (account_letter(mail, reader(verified=False), to="a@b.org") is not None) == verifying
    assert account_letter(mail, reader(verified=True, wants=False), to="a@b.org") is not None


@pytest.mark.parametrize("mail", [Mail(MailTemplate.EMAIL_TAKEN), Mail(MailTemplate.VERIFY_EMAIL, "secret")])
def test_a_mail_is_read_back_from_the_outbox(mail: Mail) -> None:
    assert Mail.of(mail.payload) == mail


@pytest.mark.parametrize("payload", [{}, {"template": "NONSENSE"}, {"template": None}])
def test_what_is_no_mail_is_refused(payload: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="MailTemplate"):
        Mail.of(payload)


def test_secrets_and_addresses_stay_out_of_what_is_printed() -> None:
    mail = Mail(MailTemplate.VERIFY_EMAIL, "secret")
    letter = account_letter(mail, reader(), to="new@example.org")
    printed = f"{mail!r} {letter!r} {reader()!r}"
    assert "MailTemplate.VERIFY_EMAIL" in printed
    assert not {word for word in ("secret", "example.org", "Nath'") if word in printed}
