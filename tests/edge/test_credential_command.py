"""`python -m influents credential verify`: offline, without a database or settings, by the real service's files."""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from domain.events import Event
from influents.cli import app
from influents.node import ROOT
from influents.settings import Settings
from resolvers import desk
from resolvers.badge_keys import BadgeIssuer
from resolvers.context import Context
from tests.asking import Ask
from tests.clock import Clock
from tests.factories import Town
from tests.ledgers import me
from tests.live import serving
from tests.nodejs import run_script

NEXT = "the secret that signs next, 32 bytes"
MINE = "{ viewer { participations { edges { node { credential { jwt } } } } } }"
FILES = {
    "issuer.json": "/credentials/issuer",
    "status-1.jwt": "/credentials/status/1",
    "keys.json": "/.well-known/credential-keys.json",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A folder with a credential, and what anybody may fetch of the service at `address`."""

    folder: Path
    address: str
    owner: Context
    event: Event
    nath: Context

    async def fetch(self) -> None:
        """Download what is published, as docs/partners.md says."""
        async with httpx.AsyncClient(base_url=self.address) as http:
            for name, path in FILES.items():
                (self.folder / name).write_bytes((await http.get(path)).content)

    def verify(self, *words: str, sent: bytes = b"") -> tuple[int, str, str]:
        """What the command ends with, prints, and says to people."""
        with contextlib.chdir(self.folder):
            told = CliRunner().invoke(app, ["credential", "verify", *words], input=sent)
        return told.exit_code, told.stdout, told.stderr


@pytest.fixture
async def shown(town: Town, clock: Clock, tmp_path: Path) -> AsyncIterator[Shown]:
    """Somebody attended a week ago, and took their credential away."""
    from schema.build import build

    clock.now = datetime.now(UTC).replace(microsecond=0) - timedelta(days=14)
    owner, nath = await town.citizen(), await town.citizen("nath")
    event = await town.event(owner, (await town.organization(owner, "DemoTIC")).id)
    await town.attend(nath, event)
    clock.now = datetime.now(UTC)
    answer = await Ask(build())(nath, MINE)
    (edge,) = answer["viewer"]["participations"]["edges"]
    (tmp_path / "nath.jwt").write_text(edge["node"]["credential"]["jwt"] + "\n", encoding="ascii")
    async with serving(town.services) as address:
        found = Shown(tmp_path, address, owner, event, nath)
        await found.fetch()
        yield found


async def test_it_says_in_plain_words_what_was_attended_and_that_it_holds(shown: Shown) -> None:
    code, out, err = shown.verify("nath.jwt")

    assert (code, err) == (0, "")
    first, *_, signature, standing = out.splitlines()
    assert first == "nath took part in “Barcamp Datajournalisme”, held by DemoTIC."
    assert "  How long  4 h 30 min\n  Theme     Administration publique\n" in out
    assert "  Issuer    https://influents.test/credentials/issuer\n" in out
    assert signature.startswith("The signature holds, by the key ")
    assert standing.startswith("It is not revoked, by the status list of ")
    assert standing.endswith((" minutes old.", " minute old."))


async def test_from_standard_input_by_bare_keys_and_for_programs_where_there_are_no_settings(shown: Shown) -> None:
    """A process of its own, with nothing of a service: no database, and a setting that no service would start with."""
    words = ["credential", "verify", "-", "--keys", "keys.json", "--status", "status-1.jwt", "--json"]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "influents",
        *words,
        cwd=shown.folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "INFLUENTS_PORT": "none at all"},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate((shown.folder / "nath.jwt").read_bytes())

    told = json.loads(out)
    assert process.returncode == 0
    assert (told["holds"], told["name"], told["minutes"], told["organizer"]) == (True, "nath", 270, "DemoTIC")
    assert told["statusList"] == "https://influents.test/credentials/status/1"
    assert 0 <= told["statusListAgeSeconds"] < 600


async def test_a_withdrawal_shows_once_the_list_is_fetched_again(shown: Shown) -> None:
    await desk.confirm_attendance(shown.owner, shown.event.id, attended=[], absent=[me(shown.nath)])
    before, _, _ = shown.verify("nath.jwt")

    await shown.fetch()
    code, out, err = shown.verify("nath.jwt")
    as_json, told, said = shown.verify("nath.jwt", "--json")

    assert (before, code, out, as_json, said) == (0, 1, "", 1, "")
    assert err.startswith("influents: the credential: it is revoked, by the list of ")
    assert json.loads(told)["holds"] is False


async def test_what_is_missing_or_too_large_is_told_in_a_line(shown: Shown) -> None:
    (shown.folder / "status-1.jwt").unlink()
    (shown.folder / "huge").write_bytes(bytes(300 * 1024))

    told = [
        shown.verify("nath.jwt"),
        shown.verify("nath.jwt", "--keys", "elsewhere.json"),
        shown.verify("huge"),
        shown.verify("."),
        shown.verify("-"),
    ]

    assert [code for code, _, _ in told] == [1] * 5
    assert [len(err.splitlines()) for _, _, err in told] == [1] * 5
    assert "curl -o status-1.jwt https://influents.test/credentials/status/1" in told[0][2]
    assert "curl -o issuer.json" in told[1][2]
    code, out, _ = shown.verify("nath.jwt", "--skip-status")
    assert (code, "was not looked at" in out) == (0, True)


async def test_jose_reads_it_as_we_do(shown: Shown) -> None:
    file = str(shown.folder / "nath.jwt")
    before = await run_script("verify-credential.mjs", shown.address, file)

    await desk.confirm_attendance(shown.owner, shown.event.id, attended=[], absent=[me(shown.nath)])

    assert before == {"event": "Barcamp Datajournalisme", "places": 131_072, "revoked": False}
    assert (await run_script("verify-credential.mjs", shown.address, file))["revoked"] is True


def test_the_next_key_is_told_before_it_signs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DATABASE_URL", "INFLUENTS_SECRET_KEY", "INFLUENTS_CREDENTIAL_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    missing = CliRunner().invoke(app, ["credential", "key"])
    assert (missing.exit_code, missing.stdout) == (1, "")

    monkeypatch.setenv("INFLUENTS_CREDENTIAL_KEY", NEXT)
    told = CliRunner().invoke(app, ["credential", "key"])
    signing = BadgeIssuer(secret=NEXT.encode(), address="https://influents.test")
    assert told.stdout == f"{signing.jwks()['keys'][0]['x']}\n"
    published = BadgeIssuer(
        secret=b"the secret that signs meanwhile, 32 bytes",
        address="https://influents.test",
        published=Settings(_env_file=None, credential_public_keys=told.stdout).published_credential_keys,  # type: ignore[call-arg]  # pydantic-settings' own
    )
    assert signing.jwks()["keys"][0] in published.jwks()["keys"]
    assert list(tmp_path.iterdir()) == []  # no secret is made by asking


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"credential_key": "x" * 31}, "INFLUENTS_CREDENTIAL_KEY must have 32 bytes"),
        ({"credential_public_keys": "x" * 42}, "INFLUENTS_CREDENTIAL_PUBLIC_KEYS are"),
        ({"credential_public_keys": "A" * 43 + "@2027-02-30"}, "INFLUENTS_CREDENTIAL_PUBLIC_KEYS are"),
        ({"credential_public_keys": "A" * 43 + "," + "A" * 43}, "INFLUENTS_CREDENTIAL_PUBLIC_KEYS are"),
    ],
)
def test_keys_that_are_none_are_refused_at_the_start(wrong: dict[str, str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Settings(_env_file=None, **wrong)  # type: ignore[arg-type, call-arg]
