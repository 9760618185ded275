"""Letters as messages, addresses, and who carries them."""

import asyncio
import ssl
import stat
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from uuid import UUID

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from domain.ids import DeliveryId
from domain.letters import Letter
from domain.words import Locale, Sentence
from influents.mail.addresses import SmtpServer, deliverable, is_sender
from influents.mail.carrying import FolderCarrier, NotSent, SmtpCarrier
from influents.mail.composing import Letterhead, compose, host_of, one_line
from tests.clock import START
from tests.post_office import open_mailbox

HEAD = Letterhead(sender="Influents <noreply@influents.test>", host="influents.test", web_url="https://web.test")
ID = DeliveryId(UUID("0197f0a0-0000-7000-8000-000000000001"))


def letter(**changes: object) -> Letter:
    usual: dict[str, object] = {
        "to": "nath@example.org",
        "name": "Nath",
        "locale": Locale.FR,
        "subject": Sentence("mail-verify-email-subject"),
        "text": Sentence("mail-verify-email-text"),
        "action": Sentence("mail-verify-email-action"),
        "place": "verify-email",
        "token": "se/cr?t",
        "announced": False,
    }
    return Letter(**usual | changes)  # type: ignore[arg-type]  # the fields of Letter, by name


def told(event: str, locale: Locale = Locale.FR) -> Letter:
    """A notification about an event of that title."""
    said = {"about": "event", "event": event}
    return letter(
        locale=locale,
        subject=Sentence("subject-event-changed", said),
        text=Sentence("notification-event-changed", said),
        action=Sentence("mail-see-event"),
        place="events/barcamp",
        token=None,
        announced=True,
    )


def set_and_read(of: Letter) -> EmailMessage:
    """A message as who receives it reads it."""
    message = compose(of, id=ID, written_at=START, head=HEAD)
    read = message_from_bytes(message.as_bytes(), policy=SMTP)
    assert isinstance(read, EmailMessage)
    return read


def bodies(message: EmailMessage) -> tuple[str, str]:
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    return text.get_content(), html.get_content()


def test_both_languages_say_the_same_in_text_and_html() -> None:
    french, english = set_and_read(letter()), set_and_read(letter(locale=Locale.EN))
    link = "https://web.test/verify-email#token=se%2Fcr%3Ft"

    assert (french["Subject"], english["Subject"]) == ("Confirmez votre adresse", "Confirm your address")
    assert (french["Content-Language"], english["Content-Language"]) == ("fr", "en")
    for message, greeting in ((french, "Bonjour Nath,"), (english, "Hello Nath,")):
        for body in bodies(message):
            assert greeting in body
            assert link in body
    assert '<html lang="fr">' in bodies(french)[1]
    assert "vôtre" in bodies(french)[0]


def test_headers_tell_machines_what_it_is() -> None:
    asked, announced = set_and_read(letter()), set_and_read(told("Vélorution"))

    for message in (asked, announced):
        assert message["From"] == "Influents <noreply@influents.test>"
        assert message["Date"].datetime == START
        assert message["Message-ID"] == "<0197f0a0000070008000000000000001@influents.test>"
        assert message["Auto-Submitted"] == "auto-generated"
    assert "List-Unsubscribe" not in asked
    assert announced["List-Unsubscribe"] == "<https://web.test/settings>"
    assert announced["Subject"] == "Changement\u00a0: Vélorution"
    assert "https://web.test/settings" in bodies(announced)[0]


EVIL = "Fête\r\nBcc: all@example.org\r\n\r\n<script>alert(1)</script>"


def test_a_title_or_a_name_adds_no_header_and_no_markup() -> None:
    for of in (told(EVIL), letter(name=EVIL)):
        message = set_and_read(of)
        text, html = bodies(message)
        assert message["Bcc"] is None
        assert message["To"] == "nath@example.org"
        assert "<script>" not in html
        assert "&lt;script&gt;" in html
        assert "<script>alert(1)</script>" in text
    assert "Fête Bcc: all@example.org" in set_and_read(told(EVIL))["Subject"]


@given(st.text(max_size=400))
def test_any_title_can_be_mailed_and_stays_in_its_line(title: str) -> None:
    message = set_and_read(told(title.encode("utf-8", "replace").decode()))
    assert set(message.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Content-Language",
        "Auto-Submitted", "List-Unsubscribe", "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert len(message["Subject"].splitlines()) == 1


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1
    assert one_line(one_line(text)) == one_line(text)


def test_addresses_are_written_as_the_network_has_them() -> None:
    assert deliverable("nath@élections.fr") == "nath@xn--lections-90a.fr"
    assert deliverable("élise@example.org") == "élise@example.org"
    assert set_and_read(letter(to="nath@élections.fr"))["To"] == "nath@xn--lections-90a.fr"


@pytest.mark.parametrize("to", ["nobody", "a@b@c", "a b@c.org", "a@b.org\r\nBcc: c@d.org", "", "a@" + "b" * 300])
def test_what_is_no_address_is_given_up(to: str) -> None:
    with pytest.raises(NotSent, match="not an address") as refused:
        compose(letter(to=to), id=ID, written_at=START, head=HEAD)
    assert refused.value.for_good


@pytest.mark.parametrize(
    ("given", "fine"),
    [
        ("Influents <noreply@example.org>", True),
        ("noreply@example.org", True),
        ("Réseau <noreply@mail.local>", True),
        ("noreply@élections.fr", False),
        ("a@b.org, c@d.org", False),
        ("Influents", False),
        ("a@b.org\r\nBcc: c@d.org", False),
        ("", False),
    ],
)
def test_a_sender_is_one_address(given: str, fine: bool) -> None:
    assert is_sender(given) is fine


def test_hosts_are_found_in_addresses() -> None:
    assert [host_of(each) for each in ("https://api.influents.fr/graphql", "http://127.0.0.1:8000", "nonsense")] == [
        "api.influents.fr",
        "127.0.0.1",
        "localhost",
    ]


def test_a_server_is_read_from_its_url() -> None:
    assert SmtpServer.at("smtp://nath%40x:p%2Fw@mail.test") == SmtpServer(
        host="mail.test", port=587, username="nath@x", password="p/w", starttls=True
    )
    assert SmtpServer.at("smtps://u:p@mail.test") == SmtpServer(
        host="mail.test", port=465, username="u", password="p", tls=True, starttls=False
    )
    assert SmtpServer.at("smtp://mail.test:25?starttls=no") == SmtpServer(host="mail.test", port=25, starttls=False)
    assert SmtpServer.at("smtp://127.0.0.1:1025").starttls is None
    assert "secret" not in repr(SmtpServer.at("smtp://u:secret@mail.test"))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.test",
        "http://mail.test",
        "smtp://",
        "smtp://mail.test/path",
        "smtp://mail.test:99999",
        "smtp://mail.test?tls=maybe",
        "smtp://u:secret@mail.test?starttls=no",
    ],
)
def test_a_url_that_names_no_safe_server_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as refused:
        SmtpServer.at(url)
    assert "secret" not in str(refused.value)


async def test_nothing_is_said_to_a_server_that_offers_no_tls() -> None:
    async with open_mailbox() as mailbox:
        server = SmtpServer(host="127.0.0.1", port=mailbox.port, username="u", password="secret", starttls=True)
        with pytest.raises(NotSent):
            await SmtpCarrier(server, "influents.test").send(
                compose(letter(), id=ID, written_at=START, head=HEAD), name="x"
            )
    assert [line.split()[0] for line in mailbox.lines] == ["EHLO"]


async def test_a_server_whose_certificate_nobody_vouches_for_is_told_nothing(tmp_path: Path) -> None:
    heard: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(1))
        writer.close()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    carrier = SmtpCarrier(SmtpServer.at(f"smtps://u:secret@127.0.0.1:{port}"), "influents.test")
    with pytest.raises(NotSent):
        await carrier.send(compose(letter(), id=ID, written_at=START, head=HEAD), name="x")
    server.close()

    assert b"".join(heard) == b""


def self_signed(folder: Path) -> Path:
    """A key and a certificate for 127.0.0.1 that nobody knows."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ) + certificate.public_bytes(serialization.Encoding.PEM)
    path = folder / "server.pem"
    path.write_bytes(pem)
    return path


async def test_an_address_beyond_ascii_is_sent_where_the_server_can() -> None:
    async with open_mailbox() as mailbox:
        await SmtpCarrier(SmtpServer.at(mailbox.url), "influents.test").send(
            compose(letter(to="élise@example.org"), id=ID, written_at=START, head=HEAD), name="x"
        )
    assert mailbox.recipients == ["élise@example.org"]
    assert mailbox.messages[0]["Subject"] == "Confirmez votre adresse"


async def test_without_a_server_each_mail_is_a_file_for_us_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    folder = FolderCarrier(tmp_path / "data" / "mail")
    message = compose(letter(), id=ID, written_at=START, head=HEAD)
    for _ in range(2):  # again, as after a crash
        await folder.send(message, name=f"{ID.hex}-{'a' * 32}")
    await folder.send(message, name=f"{ID.hex}-{'b' * 32}")

    kept = sorted(folder.folder.iterdir())
    said = "".join(capsys.readouterr()) + caplog.text
    assert [path.name for path in kept] == [f"{ID.hex}-{'a' * 32}.eml", f"{ID.hex}-{'b' * 32}.eml"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}
    assert stat.S_IMODE(folder.folder.stat().st_mode) == 0o700
    assert message_from_bytes(kept[0].read_bytes(), policy=SMTP)["To"] == "nath@example.org"
    assert str(kept[0]) in said
    assert "nath@example.org" not in said
    assert "se%2Fcr" not in said
    assert folder.readers() == {"a" * 32, "b" * 32}

    folder.drop("a" * 32)
    assert list(folder.folder.iterdir()) == [kept[1]]


async def test_a_folder_that_cannot_be_written_to_is_tried_again_later(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file, where the folder should be")
    with pytest.raises(NotSent, match="FileExistsError") as refused:
        await FolderCarrier(tmp_path / "mail").send(compose(letter(), id=ID, written_at=START, head=HEAD), name="x-y")
    assert not refused.value.for_good
