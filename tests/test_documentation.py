"""What is written is held against the code: settings, commands, links, worked examples, and the README's walk."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatch
from pathlib import Path
from uuid import UUID

import pytest
from slugify import slugify
from typer.main import get_command

from db.reference.policies import policy_files
from domain.assessment import level_at
from domain.ids import EventId
from domain.points import EarlierAward, ScoredEvent, Span, participation_award
from domain.policy import Policy
from domain.questionnaire import QUESTIONNAIRE
from domain.skills import Holding
from domain.words import ThemeCode
from influents.cli import app
from influents.embedded import binaries
from influents.settings import SECRETS_VARIABLE, Settings

ROOT = Path(__file__).parents[1]
BESIDES = {binaries.VARIABLE, SECRETS_VARIABLE, "INFLUENTS_CHROMIUM"}
"""Read from the environment alone, and by no `Settings`."""
START = datetime(2026, 9, 1, 18, tzinfo=UTC)
SOMEBODY = UUID(int=1)


def _ignored() -> set[str]:
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    return {line.strip("/") for line in lines} | {".git"}


def kept() -> Iterator[Path]:
    """Every file of the repository, none that is built or installed."""
    ignored = _ignored()
    for folder, folders, names in os.walk(ROOT):
        here = Path(folder)
        folders[:] = [
            each for each in folders if not _is_any_of(ignored, each, (here / each).relative_to(ROOT).as_posix())
        ]
        yield from (here / name for name in names if not _is_any_of(ignored, name))


def _is_any_of(patterns: set[str], *names: str) -> bool:
    return any(fnmatch(name, pattern) for name in names for pattern in patterns)


def pages() -> dict[str, str]:
    return {
        file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8") for file in kept() if file.suffix == ".md"
    }


PAGES = pages()
README, CONTRIBUTING, SCORING = PAGES["README.md"], PAGES["CONTRIBUTING.md"], PAGES["docs/scoring.md"]


def rows(text: str, header: str) -> list[list[str]]:
    """The cells of the table under a header that begins so."""
    after = text.split(f"\n{header}", 1)[1].splitlines()[2:]
    lines = after[: next((number for number, line in enumerate(after) if not line.startswith("|")), len(after))]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def code_in(text: str) -> list[str]:
    """What stands in code blocks and code spans."""
    return re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL)


def settings() -> dict[str, str]:
    """Every variable of the settings, with its default as one would write it; nothing where there is none."""
    found = {}
    for name, field in Settings.model_fields.items():
        alias = field.validation_alias
        variable = alias if isinstance(alias, str) else f"{Settings.model_config.get('env_prefix')}{name}".upper()
        default = field.default
        found[variable] = "" if default is None else str(default).lower() if isinstance(default, bool) else str(default)
    return found


def test_the_example_of_settings_names_each_with_its_default() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert dict(re.findall(r"^# ([A-Z_]+)=(.*)$", example, re.MULTILINE)) == settings()
    assert all(line.startswith("# ") for line in example.splitlines() if line)


def test_the_readme_names_each_setting_with_its_default() -> None:
    told = {name.strip("`"): default.strip("`") for name, default, _ in rows(README, "| Variable |")}
    expected = settings() | dict.fromkeys(BESIDES, "")
    assert told == {name: default or "none" for name, default in expected.items()}


def installed() -> dict[str, str]:
    """What others wrote and the tests run, with its version."""
    found = dict(re.findall(r"^([\w-]+)==([\w.]+)", _source("tests/clients/requirements.txt"), re.MULTILINE))
    for manifest in ("explorer/package.json", "tests/clients/package.json"):
        packages = json.loads(_source(manifest))
        found |= packages.get("dependencies", {}) | packages.get("devDependencies", {})
    return found


def test_the_readme_names_what_passes_with_its_version_and_a_test_that_shows_it() -> None:
    named = [row for row in rows(README, "| What others wrote |") if row[0]]
    assert {name: version for name, version, *_ in named} == {name: installed()[name] for name, *_ in named}
    assert all((ROOT / test.strip("`")).is_file() for *_, test in rows(README, "| What others wrote |"))


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", PAGES[page]):
        if re.match(r"https?://", link):
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / page).parent / path if path else ROOT / page
        assert target.exists(), link
        if anchor:
            headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}, link


@pytest.mark.parametrize("page", PAGES)
def test_files_and_functions_that_are_named_are_there(page: str) -> None:
    text = PAGES[page]
    for path in re.findall(r"`((?:influents|schema|resolvers|db|domain|tests|explorer|docs|\.ci)/[\w./-]*)`", text):
        assert (ROOT / path).exists(), path
    for name, path in re.findall(r"`(\w+)`\s(?:of|in)\s`([\w/]+\.py)`", text):
        assert re.search(rf"^ *(async def|def|class) {name}\b|^ *{name}\b.*[:=]", _source(path), re.MULTILINE), name


def _source(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.* ## ", _source("Makefile"), re.MULTILINE))


@pytest.mark.parametrize("page", PAGES)
def test_what_is_to_be_made_can_be_made(page: str) -> None:
    named = {each for code in code_in(PAGES[page]) for each in re.findall(r"(?:^|`)make ([a-z-]+)", code, re.MULTILINE)}
    assert named <= targets()


def test_contributors_are_told_of_everything_that_can_be_made() -> None:
    told = {row[0].strip("`").removeprefix("make ") for row in rows(CONTRIBUTING, "| | |")}
    assert told | {"help"} == targets()


def commands() -> set[str]:
    """Every command of the command line, by its words."""

    def below(command: object, words: tuple[str, ...]) -> Iterator[str]:
        inner: Mapping[str, object] = getattr(command, "commands", {})
        if not inner:
            yield " ".join(words)
        for name, each in inner.items():
            yield from below(each, (*words, name))

    return set(below(get_command(app), ()))


def test_the_readme_names_every_command() -> None:
    told = [row[0].strip("`").removeprefix("python -m influents ") for row in rows(README, "| Command |")]
    words = {" ".join(word for word in each.split() if word.islower() and not word.startswith("-")) for each in told}
    assert words == commands()


@pytest.mark.parametrize("page", PAGES)
def test_commands_that_are_named_exist(page: str) -> None:
    for words in re.findall(r"python -m influents((?: [a-z]+)+)", PAGES[page]):
        assert any(f"{words.strip()} ".startswith(f"{command} ") for command in commands()), words


def policy() -> Policy:
    return next(each for each, _ in policy_files() if each.version == "2026-1")


def test_levels_start_where_it_is_written() -> None:
    told = [(int(level), int(points), rank.split()[0]) for level, points, rank in rows(SCORING, "| Level |")]
    assert told == [
        (level, points, policy().rank_of(level)) for level, points in enumerate(policy().level_points, start=1)
    ]


def _minutes(written: str) -> timedelta | None:
    match = re.fullmatch(r"(\d+) h(?: (\d+))?", written)
    return timedelta(hours=int(match[1]), minutes=int(match[2] or 0)) if match else None


@pytest.mark.parametrize("row", rows(SCORING, "| Stars |"), ids=lambda row: row[-1])
def test_worked_examples_are_what_the_code_computes(row: list[str]) -> None:
    stars, lasts, effort, skill, earlier, at_once, worth, brings, _ = row
    long, given, overlap = _minutes(lasts), _minutes(effort), _minutes(at_once)
    assert long is not None
    event = ScoredEvent(
        id=EventId(UUID(int=2)),
        span=Span(START, START + long),
        effort_minutes=given // timedelta(minutes=1) if given else None,
        engagement=int(stars),
        themes=(ThemeCode.CULTURE,),
        counted_organizer=SOMEBODY if earlier.isdigit() else None,
    )
    awards = [
        EarlierAward(Span(START - timedelta(days=number), START - timedelta(days=number, hours=-1)), SOMEBODY)
        for number in range(1, 1 + int(earlier if earlier.isdigit() else 0))
    ]
    if overlap:
        awards.append(EarlierAward(Span(START - timedelta(hours=1), START + overlap), None))
    held = [Holding(ThemeCode.CULTURE, START - timedelta(days=30))] if skill == "yes" else []

    award = participation_award(event, holdings=held, earlier=awards, policy=policy())

    assert (award.base_points, award.points) == (int(worth), int(brings))


def test_the_questionnaire_weighs_what_is_written() -> None:
    told = [
        (question.strip("`"), re.findall(r"`([\w-]+)` (\d+)", choices), sensitive)
        for question, choices, sensitive in rows(SCORING, "| Question |")
    ]
    assert told == [
        (
            question.code,
            [(choice.code, str(choice.weight)) for choice in question.choices],
            "yes" if question.sensitive else "no",
        )
        for question in QUESTIONNAIRE.questions
    ]
    assert sum(question.maximum for question in QUESTIONNAIRE.questions) == 100
    assert [level_at(score) for score in (11, 12, 15, 16, 19, 83, 84, 100)] == [1, 2, 2, 3, 3, 19, 20, 20]


def test_a_decision_is_called_by_its_title() -> None:
    decisions = {name: text for name, text in PAGES.items() if re.match(r"docs/decisions/\d", name)}
    assert decisions
    for number, (name, text) in enumerate(sorted(decisions.items()), start=1):
        title = text.splitlines()[0].removeprefix("# ")
        assert name == f"docs/decisions/{number:04}-{slugify(title)}.md"
        assert f"{number}. [{title}]({Path(name).name})" in PAGES["docs/decisions/README.md"]
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences", "Alternatives"]


ELSEWHERE = re.compile(
    r"(?<![\w.$}-])/(?:home|Users|work|workspace)/\w"  # a place on somebody's machine
    r"|(?:pypi|pythonhosted|test\.pypi)\.org|registry\.(?:npmjs|yarnpkg)\.\w|npm\.pkg\.github"  # a registry
    r"|^ *\"resolved\":|^--(?:extra-)?index-url",
    re.MULTILINE,
)


def test_nothing_names_a_machine_or_a_registry() -> None:
    for file in kept():
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture
        assert not ELSEWHERE.findall(text), file.relative_to(ROOT)


def walk(page: str, title: str) -> str:
    """The shell commands of a section, as they stand there."""
    section = page.split(f"\n## {title}\n")[1].split("\n## ", maxsplit=1)[0]
    return "\n".join(re.findall(r"```sh\n(.*?)```", section, re.DOTALL))


TOWN = """
from datetime import UTC, datetime
from influents.commands.running import run
from influents.town import build_town
run(lambda services: build_town(services, seed=44, now=datetime.now(UTC).replace(microsecond=0), citizens=20))
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the service listens, as a process of its own with a small town."""
    folder = Path(tempfile.mkdtemp(prefix="influents-walk-"))
    folder.chmod(0o755)  # for root, PostgreSQL runs as another user
    environment = os.environ | {
        "INFLUENTS_DATA_DIR": str(folder),
        "INFLUENTS_PORT": "0",
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "200",
    }
    environment.pop("DATABASE_URL", None)
    log = folder / "serve.log"
    with log.open("w") as told:
        service = subprocess.Popen(
            [sys.executable, "-m", "influents", "serve", "--no-demo"], env=environment, cwd=folder, stderr=told
        )
    try:
        while "POST http" not in log.read_text(encoding="utf-8"):
            assert service.poll() is None, log.read_text(encoding="utf-8")
            time.sleep(0.1)
        subprocess.run([sys.executable, "-c", TOWN], env=environment, cwd=folder, check=True, timeout=90)
        yield log.read_text(encoding="utf-8").split("POST ")[1].split("/graphql")[0]
    finally:
        service.send_signal(signal.SIGTERM)
        service.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.timeout(240)  # a service is started and a town is built, however busy the machine
@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("bash")), reason="curl and bash are not both here")
def test_the_walk_of_the_readme_leads_to_the_profile(address: str) -> None:
    steps = walk(README, "A walk through it")
    assert "http://127.0.0.1:8000" in steps

    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", steps.replace("http://127.0.0.1:8000", address)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    shown = re.findall(r"```json\n(.*?)\n```", README, re.DOTALL)
    assert shown
    assert all(line in done.stdout for line in shown)
    assert done.stdout.count('"errors": []') == 3


@pytest.mark.timeout(240)
@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("bash")), reason="curl and bash are not both here")
def test_partners_walk_through_events_without_graphql(address: str) -> None:
    steps = walk((ROOT / "docs/partners.md").read_text(encoding="utf-8"), "Events without GraphQL")
    assert "API=http://127.0.0.1:8000\n" in steps

    found_all = 'curl() { command curl --fail --silent --show-error "$@"; }\n'
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", found_all + steps.replace("http://127.0.0.1:8000", address)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("END:VCALENDAR") == 2
    assert '"@context":"https://schema.org"' in done.stdout
    assert "</feed>" in done.stdout
