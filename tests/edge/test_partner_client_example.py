"""`examples/partner-client`: generated from the schema, typed strictly, and run against a live service."""

import asyncio
import csv
import json
import os
import re
import shutil
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from db.tables import event
from domain.api_tokens import TokenScope
from domain.ids import EventId
from domain.organizations import Organization
from influents.node import ROOT
from resolvers import event_endings
from resolvers.certainty import certain
from resolvers.context import Context
from schema.ids import Kind, seal
from tests.at_once import how_many
from tests.clients.install import PYTHON
from tests.clock import Clock
from tests.edge.test_typed_clients import ran
from tests.factories import Town
from tests.live import listening, serving

EXAMPLE = ROOT / "examples" / "partner-client"
HEADER = ("external_id", "title", "description", "starts_at", "ends_at", "city", "venue", "postal_code", "themes")

pytestmark = pytest.mark.xdist_group("partner-client")  # it is generated once
needs_clients = pytest.mark.skipif(not PYTHON.exists(), reason="the clients are not installed: run `make clients`")


@pytest.fixture(scope="module")
async def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example where it may generate what it likes, two folders below the schema as in the checkout."""
    root = tmp_path_factory.mktemp("checkout")
    made = root / "examples" / EXAMPLE.name
    shutil.copytree(EXAMPLE, made, ignore=shutil.ignore_patterns(".venv", "influents_client"))
    shutil.copy(ROOT / "schema.graphql", root)
    await ran(made, PYTHON.parent / "ariadne-codegen")
    return made


Ended = tuple[int | None, list[str], list[str]]
"""What a program ended with, and the lines that it printed and said."""


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner's system: its folder, whom it asks, and what it may do there."""

    folder: Path
    url: str
    secret: str
    owner: Context
    organization: Organization

    async def run(self, name: str, *words: str, url: str | None = None) -> Ended:
        """What a program ends with, and the lines that it prints and says."""
        process = await asyncio.create_subprocess_exec(
            str(PYTHON),
            f"{name}.py",
            *words,
            "--organization",
            seal(Kind.ORGANIZATION, self.organization.id),
            cwd=self.folder,
            env={**os.environ, "INFLUENTS_URL": url or self.url, "INFLUENTS_TOKEN": self.secret},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await asyncio.wait_for(process.communicate(), 90)
        return process.returncode, out.decode().splitlines(), err.decode().splitlines()

    async def bring_in(
        self, agenda: Path, *words: str, url: str | None = None
    ) -> tuple[int | None, list[str], list[str]]:
        return await self.run("import_agenda", str(agenda), "--theme", "CULTURE", *words, url=url)


@pytest.fixture
async def partner(town: Town, folder: Path) -> AsyncIterator[Partner]:
    owner = await town.citizen()
    organization = await town.organization(owner, "DemoTIC")
    _, secret = await town.token(owner, organization.id, TokenScope.EVENTS_WRITE)
    async with serving(town.services) as address:
        yield Partner(folder, f"{address}/graphql", secret, owner, organization)


def agenda(town: Town, path: Path, rows: int, *bad: dict[str, str]) -> Path:
    """A CSV file of events to come, and of what is none."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER)
        writer.writeheader()
        for number in range(rows):
            starts_at = town.services.clock() + timedelta(days=7, hours=number)
            writer.writerow(row(number, starts_at.isoformat(), (starts_at + timedelta(hours=2)).isoformat()))
        for number, changes in enumerate(bad):
            writer.writerow(row(f"bad-{number}", "2026-10-01T18:00:00Z", "2026-10-01T20:00:00Z") | changes)
    return path


def row(number: object, starts_at: str, ends_at: str) -> dict[str, str]:
    return {
        "external_id": f"soiree-{number}",
        "title": f"Soirée {number}",
        "description": "Une soirée pour apprendre.",
        "starts_at": starts_at,
        "ends_at": ends_at,
        "city": "Nantes",
        "venue": "Cantine Numérique",
        "postal_code": "44000",
        "themes": "CULTURE ECONOMY",
    }


@needs_clients
async def test_it_is_typed_strictly(folder: Path) -> None:
    words = ["--strict", "--no-error-summary", "--python-version", "3.11", "--python-executable", str(PYTHON)]

    assert await ran(folder, sys.executable, "-m", "mypy", *words, ".") == ""


@needs_clients
async def test_an_agenda_comes_in_a_hundred_rows_at_a_time_and_again_changes_nothing(
    partner: Partner, town: Town, tmp_path: Path
) -> None:
    file = agenda(town, tmp_path / "agenda.csv", 250)

    dry = await partner.bring_in(file, "--dry-run")
    assert await how_many(town.services.database, event) == 0
    first, again = await partner.bring_in(file), await partner.bring_in(file)

    assert dry == (0, ["would be created 250, updated 0, unchanged 0, refused 0"], [])
    assert (first[0], first[1][1]) == (0, "created 250, updated 0, unchanged 0, refused 0")
    assert (again[0], again[1][1]) == (0, "created 0, updated 0, unchanged 250, refused 0")
    assert await how_many(town.services.database, event) == 250


@needs_clients
async def test_each_bad_row_is_told_at_its_place_and_harms_no_other(
    partner: Partner, town: Town, tmp_path: Path
) -> None:
    bad = [{"title": "x"}, {"starts_at": "tomorrow"}, {"themes": "MAGIC"}, {"ends_at": "2026-10-01T18:00:00Z"}]
    file = agenda(town, tmp_path / "agenda.csv", 2, *bad)

    code, out, err = await partner.bring_in(file)

    assert (code, out[-1]) == (1, "created 2, updated 0, unchanged 0, refused 4")
    assert [line.partition(":")[0] for line in sorted(err)] == ["line 4", "line 5", "line 6", "line 7"]
    assert "title" in next(line for line in err if line.startswith("line 4"))


@needs_clients
async def test_openagendas_json_brings_one_event_a_date_and_cancelled_ones_too(
    partner: Partner, town: Town, tmp_path: Path
) -> None:
    def timing(days: int) -> dict[str, str]:
        begin = town.services.clock() + timedelta(days=days)
        return {"begin": begin.isoformat(), "end": (begin + timedelta(hours=2)).isoformat()}

    where = {"name": "Cantine", "city": "Nantes", "postalCode": "44000", "latitude": 47.2, "longitude": -1.6}
    text = {"title": {"fr": "Atelier"}, "description": {"fr": "Apprendre ensemble."}, "location": where}
    events: list[Any] = [  # Any: JSON
        {"uid": 1, "timings": [timing(3), timing(10)], "attendanceMode": 1, **text},
        {"uid": 2, "timings": [timing(4)], "attendanceMode": 3, **text},
        {"uid": 3, "timings": [{"begin": "2026-10-01"}], **text},
        {"uid": 4},
        "no event at all",
    ]
    file = tmp_path / "agenda.json"
    file.write_text(json.dumps({"events": events}), encoding="utf-8")

    code, out, err = await partner.bring_in(file)

    assert (code, out[-1]) == (1, "created 3, updated 0, unchanged 0, refused 3")
    assert [line.partition(":")[0] for line in err] == ["event 3", "event 4", "event 5"]


@needs_clients
async def test_what_has_changed_since_is_read_back_cancelled_events_included(
    partner: Partner, town: Town, clock: Clock, tmp_path: Path
) -> None:
    await partner.bring_in(agenda(town, tmp_path / "agenda.csv", 120))
    code, out, err = await partner.run("read_changes", "--since", "2026-01-01T00:00:00Z")
    told = [json.loads(line) for line in out]
    assert (code, len(told), err) == (0, 120, [told[-1]["updatedAt"].replace("Z", "+00:00")])

    clock.advance(minutes=1)
    async with town.services.database.reading() as session:
        gone = await session.scalar(sa.select(event.c.id).where(event.c.external_id == "soiree-7"))
    await event_endings.cancel_event(
        partner.owner, EventId(certain(gone, "an event that came in")), reason="La salle est prise."
    )
    _, changed, _ = await partner.run("read_changes", "--since", clock().isoformat())

    (only,) = map(json.loads, changed)
    assert (only["externalId"], only["status"]) == ("soiree-7", "CANCELLED")


@needs_clients
async def test_it_waits_for_as_long_as_it_is_told_and_tries_again(partner: Partner, town: Town, tmp_path: Path) -> None:
    """In front of the service stands what refuses the first requests."""
    refusals = [Response(status_code=429, headers={"Retry-After": "1"}), PlainTextResponse("soon", 503)]
    refused: list[int] = []

    async def in_front(request: Request) -> Response:
        if refusals:
            refusal = refusals.pop(0)
            refused.append(refusal.status_code)
            return refusal
        async with httpx.AsyncClient() as http:
            passed = {name: request.headers[name] for name in ("authorization", "content-type")}
            answer = await http.post(partner.url, content=await request.body(), headers=passed)
        return Response(answer.content, answer.status_code, {"Content-Type": answer.headers["content-type"]})

    file = agenda(town, tmp_path / "agenda.csv", 3)
    async with listening(Starlette(routes=[Route("/graphql", in_front, methods=["POST"])])) as address:
        code, out, _ = await partner.bring_in(file, url=f"{address}/graphql")

    assert (code, out[-1], refused) == (0, "created 3, updated 0, unchanged 0, refused 0", [429, 503])


@needs_clients
async def test_what_cannot_be_done_is_told_in_a_line(partner: Partner, tmp_path: Path) -> None:
    garbage = tmp_path / "garbage.json"
    garbage.write_text("{", encoding="utf-8")
    good = tmp_path / "empty.json"
    good.write_text('[{"uid": 1}]', encoding="utf-8")
    stranger = Partner(partner.folder, partner.url, "influents_nobody", partner.owner, partner.organization)

    for told in (
        await partner.bring_in(garbage),
        await partner.bring_in(tmp_path / "missing.csv"),
        await stranger.run("read_changes", "--since", "2026-01-01T00:00:00Z"),
    ):
        assert (told[0], told[1], len(told[2])) == (1, [], 1)


def test_the_example_is_built_with_what_is_tried_here() -> None:
    def pins(path: Path) -> set[str]:
        return set(re.findall(r"^[a-z0-9-]+==\S+", path.read_text(encoding="utf-8"), re.MULTILINE))

    used, tried = pins(EXAMPLE / "requirements.txt"), pins(ROOT / "tests" / "clients" / "requirements.txt")
    assert used
    assert used <= tried
