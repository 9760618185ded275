"""The whole journey over a real socket, against the service as a process of its own: HTTP alone, nothing else."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

CHECKOUT = Path(__file__).parents[2]
ANSWERS = """{ questionnaire { questions { code choices { code } } } }"""
EVALUATE = """query($answers: [AnswerInput!]!) { evaluateInfluence(answers: $answers) {
  influence { level rank { code label(locale: FR) } points } breakdown { weight maximum question { code } } token } }"""
SIGN_UP = """mutation($input: SignUpInput!) { signUp(input: $input) {
  session { accessToken refreshToken viewer { email citizen { id handle influence { level points } } } }
  errors { code message field } } }"""
CREATE = """mutation($input: CreateOrganizationInput!) { createOrganization(input: $input) {
  organization { id slug verified } errors { code field } } }"""
PROPOSE = """mutation($input: ProposeEventInput!) { proposeEvent(input: $input) {
  event { id slug status points territory { code name } } errors { code message field } } }"""
REGISTER = """mutation($event: ID!) { register(input: {event: $event}) {
  participation { status event { registeredCount } } errors { code message } } }"""
CODE = """query($slug: String!) { event(slug: $slug) { checkInCode viewerParticipation { status } } }"""
CHECK_IN = """mutation($event: ID!, $code: String!) { checkIn(input: {event: $event, code: $code}) {
  participation { id status pointsAwarded evidence ledgerEntry { explanation(locale: FR) } }
  errors { code message } } }"""
PROFILE = """query($handle: String!) { citizen(handle: $handle) { id name
  influence { level rank { code label(locale: FR) } points earnedPoints explanation(locale: EN) }
  participations { totalCount edges { node { event { title themes { label(locale: FR) } } } } }
  ledger { edges { node { id kind points balance explanation(locale: FR) } } } } }"""

REFRESH = """mutation($token: String!) { refreshSession(input: {refreshToken: $token}) {
  session { accessToken refreshToken } } }"""
SIGN_OUT = """mutation($token: String!) { signOut(input: {refreshToken: $token}) { errors { code } } }"""


@dataclass
class Client:
    """Somebody with a browser."""

    http: httpx.Client
    token: str | None = None

    def __call__(self, query: str, **variables: object) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        answer = self.http.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
        assert answer.headers["cache-control"] == "no-store"
        body = answer.json()
        assert "errors" not in body, body
        return body["data"]

    def sign_up(self, handle: str, **more: object) -> Any:
        charter = self("{ charter { version } }")["charter"]["version"]
        usual = {
            "email": f"{handle}@example.org",
            "password": "une phrase de passe assez longue",
            "handle": handle,
            "charterVersion": charter,
            "atLeastFifteen": True,
            "atLeastEighteen": True,
        }
        payload = self(SIGN_UP, input=usual | more)["signUp"]
        assert payload["errors"] == []
        self.token = payload["session"]["accessToken"]
        return payload["session"]


class Service:
    """`python -m influents serve`, with a data folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.environment = os.environ | {
            "INFLUENTS_DATA_DIR": str(folder),
            "INFLUENTS_PORT": "0",
            "PYTHONPATH": str(CHECKOUT),
            "COLUMNS": "200",
        }
        self.environment.pop("DATABASE_URL", None)
        self.log = folder / "serve.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "influents", "serve", "--no-demo"],
                env=self.environment,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stderr=log,
            )

    def address(self) -> str:
        """Where it listens, once it does."""
        for _ in range(300):
            said = self.log.read_text(encoding="utf-8")
            if "POST http://" in said:
                return said.split("POST ")[1].split("/graphql")[0]
            assert self.process.poll() is None, said
            time.sleep(0.1)
        raise AssertionError(self.log.read_text(encoding="utf-8"))

    def command(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "influents", *words],
            env=self.environment,
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return done.stdout

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


@pytest.fixture
def service() -> Iterator[Service]:
    folder = Path(tempfile.mkdtemp(prefix="influents-journey-"))
    folder.chmod(0o755)  # for root, PostgreSQL runs as another user
    started = Service(folder)
    yield started
    if started.process.poll() is None:
        started.process.kill()
        started.process.wait(30)
    shutil.rmtree(folder, ignore_errors=True)


def test_from_the_questionnaire_to_a_public_profile(service: Service) -> None:
    with httpx.Client(base_url=service.address(), timeout=20) as http:
        # 1. The questionnaire, and what the most active answers come to.
        nobody = Client(http)
        questions = nobody(ANSWERS)["questionnaire"]["questions"]
        most = [{"question": each["code"], "choice": each["choices"][-1]["code"]} for each in questions]
        evaluation = nobody(EVALUATE, answers=most)["evaluateInfluence"]
        assert (evaluation["influence"]["level"], evaluation["influence"]["rank"]["label"]) == (20, "Influent")
        assert len(evaluation["breakdown"]) == len(questions)

        # 2. Signing up with it, and without.
        organizer, nath = Client(http), Client(http)
        organizer.sign_up("demotic")
        session = nath.sign_up(
            "nath", assessmentToken=evaluation["token"], visibility="PUBLIC", fullName="Nathan Berto"
        )
        assert session["viewer"]["citizen"]["influence"] == {"level": 20, "points": 36_100}

        # 3. An organisation, verified at the command line, and the reference event.
        made = organizer(CREATE, input={"name": "DemoTIC", "kind": "ASSOCIATION"})["createOrganization"]["organization"]
        assert "DemoTIC is verified" in service.command("verify", "organization", made["slug"])
        starts = datetime.now(UTC) + timedelta(minutes=10)
        barcamp = {
            "title": "Barcamp Datajournalisme",
            "description": "Apprendre à lire les données publiques, ensemble.",
            "format": "IN_PERSON",
            "startsAt": starts.isoformat(),
            "endsAt": (starts + timedelta(hours=4, minutes=30)).isoformat(),
            "themes": ["PUBLIC_ADMINISTRATION"],
            "engagement": 3,
            "venue": {
                "name": "Cantine Numérique",
                "address": "20 rue de la Paix",
                "postalCode": "44000",
                "city": "Nantes",
            },
            "organization": made["id"],
            "submit": True,
        }
        event = organizer(PROPOSE, input=barcamp)["proposeEvent"]["event"]
        assert (event["status"], event["points"], event["slug"]) == ("PUBLISHED", 200, "barcamp-datajournalisme")
        assert event["territory"] == {"code": "FR-44", "name": "Loire-Atlantique"}

        # 4. Found by words and by what contains its territory; taken part in; the points once.
        found = nobody(
            'query { events(filter: {search: "donnees publiques", territory: "FR-PDL"}) { edges { node { id } } } }'
        )
        assert [edge["node"]["id"] for edge in found["events"]["edges"]] == [event["id"]]
        assert nath(REGISTER, event=event["id"])["register"]["participation"]["status"] == "REGISTERED"
        assert nath(CODE, slug=event["slug"])["event"]["checkInCode"] is None
        code = organizer(CODE, slug=event["slug"])["event"]["checkInCode"]
        for _ in range(2):
            attended = nath(CHECK_IN, event=event["id"], code=code.lower())["checkIn"]
            assert attended["participation"]["status"] == "ATTENDED"
            assert attended["participation"]["pointsAwarded"] == 200

        # 5. The profile, as anybody sees it; every entry explained.
        profile = nobody(PROFILE, handle="nath")["citizen"]
        assert profile["name"] == "nath (Nathan Berto)"
        assert (profile["influence"]["points"], profile["influence"]["earnedPoints"]) == (36_300, 200)
        assert profile["participations"]["totalCount"] == 1
        entries = [edge["node"] for edge in profile["ledger"]["edges"]]
        assert [(entry["kind"], entry["points"]) for entry in entries] == [
            ("PARTICIPATION", 200),
            ("SELF_ASSESSMENT", 36_100),
        ]
        assert (
            entries[0]["explanation"]
            == "«\u00a0Barcamp Datajournalisme\u00a0»\u00a0: 200\u00a0points (3\u00a0étoiles, 4\u00a0h\u00a030)."
        )

        # 6. The same by a gateway, and by ids.
        references = [{"__typename": "Citizen", "handle": "nath"}, {"__typename": "Event", "slug": event["slug"]}]
        entities = nobody(
            "query($of: [_Any!]!) { _entities(representations: $of) { __typename ... on Citizen { id } } }",
            of=references,
        )["_entities"]
        assert entities == [{"__typename": "Citizen", "id": profile["id"]}, {"__typename": "Event"}]
        assert (
            nobody("query($id: ID!) { node(id: $id) { __typename } }", id=event["id"])["node"]["__typename"] == "Event"
        )
        assert nobody("{ viewer { email } }")["viewer"] is None

        # 7. Refreshed and signed out: the old tokens stop at once.
        refreshed = nath(REFRESH, token=session["refreshToken"])["refreshSession"]["session"]
        nath(
            "mutation($t: String!) { signOut(input: {refreshToken: $t}) { errors { code } } }",
            t=refreshed["refreshToken"],
        )
        ended = http.post(
            "/graphql",
            content=json.dumps({"query": "{ viewer { email } }"}),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {refreshed['accessToken']}"},
        )
        assert (ended.status_code, ended.json()["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")

    assert service.stop() == 0
    log = service.log.read_text(encoding="utf-8")
    assert "unexpected error" not in log
    secrets = (
        "nath@example.org",
        "une phrase de passe",
        evaluation["token"],
        refreshed["refreshToken"],
        "Nathan Berto",
    )
    assert not [secret for secret in secrets if secret in log]
