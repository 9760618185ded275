"""What is run for real stays true: the Dockerfile, compose.yaml, systemd's units, the proxy's file and the secrets."""

import configparser
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from typer.main import get_command

from influents.cli import app
from influents.commands.running import Mistake, read_settings
from influents.http.connections import BoundedProtocol
from influents.settings import SECRETS_VARIABLE, Settings
from influents.stopping import GOODBYE_SECONDS
from tests.container import Step, ignored, steps

ROOT = Path(__file__).parents[2]
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
OURS = [".venv/bin/python", "-m", "influents"]
PINNED = re.compile(r"[a-z0-9/-]+:\d+\.\d+[\w.-]*")
FIELDS = {
    "image", "build", "init", "read_only", "tmpfs", "cap_drop", "security_opt", "secrets", "networks", "environment",
    "stop_grace_period", "restart", "depends_on", "command", "healthcheck", "volumes", "shm_size", "ports",
}  # fmt: skip
"""What a service of ours may say, of what Compose knows."""


def variables() -> set[str]:
    """Every setting by the variable that sets it."""
    return {str(field.validation_alias or f"INFLUENTS_{name.upper()}") for name, field in Settings.model_fields.items()}


NEEDED = {"DATABASE_URL", "INFLUENTS_SECRET_KEY"}
"""Secrets without which nothing starts for real."""


def secrets() -> set[str]:
    """Those of them that nobody else may read."""
    return {
        str(field.validation_alias or f"INFLUENTS_{name.upper()}")
        for name, field in Settings.model_fields.items()
        if field.annotation == SecretStr | None
    }


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:  # Any: YAML
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    read: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return read


def ours(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: each for name, each in compose["services"].items() if str(each["image"]).startswith("influents:")}


def dockerfile() -> list[Step]:
    return list(steps((ROOT / "Dockerfile").read_text(encoding="utf-8")))


def check_command(words: list[str]) -> None:
    """It is one of the command line's, with options that it has, or a module that there is."""
    if words[2] != "influents":
        assert (ROOT / (words[2].replace(".", "/") + ".py")).is_file(), words
        return
    assert words[:3] == OURS
    command = getattr(get_command(app), "commands", {})[words[3]]
    options = {option for each in command.params for option in (*each.opts, *each.secondary_opts)}
    assert set(words[4:]) <= options, words


def seconds(duration: str) -> float:
    return float(duration.removesuffix("s"))


def test_the_image_is_made_of_what_is_there_and_runs_as_nobody() -> None:
    taken = dockerfile()
    last = taken[max(number for number, step in enumerate(taken) if step.directive == "FROM") :]
    copied = [step.words for step in taken if step.directive == "COPY" and not step.rest.startswith("--from")]
    names = {name for words in copied for name in words[:-1]}
    stages = {step.rest.partition(" AS ")[2] for step in taken if step.directive == "FROM"}

    for step in taken:
        if step.directive == "FROM" and (base := step.rest.partition(" AS ")[0]) not in stages:
            assert PINNED.fullmatch(base), base
            assert re.match(r"python:3\.1[1-9]\.", base)
    assert all((ROOT / name).exists() and not ignored(name) for name in names)
    assert {"domain", "db", "resolvers", "schema", "influents"} <= names
    assert [step.rest for step in last if step.directive == "USER"] == ["10001:10001"]
    assert last[-1].directive == "CMD"
    check_command(last[-1].words)
    for step in last:
        if step.directive == "ENV":
            assert {word.split("=")[0] for word in step.words} <= variables()


@pytest.mark.parametrize("name", [".env", ".git", ".data", "deploy/secrets/DATABASE_URL", "tests", ".venv"])
def test_what_is_secret_or_of_no_use_stays_out_of_the_image(name: str) -> None:
    assert ignored(name)
    assert not ignored("influents/app.py")
    assert ignored("explorer/node_modules/react")
    assert ignored("influents/__pycache__")


def test_services_say_what_compose_knows_with_images_that_are_pinned(compose: dict[str, Any]) -> None:
    assert set(compose) - {"name", "services", "networks", "volumes", "secrets"} == {
        "x-influents", "x-settings", "x-answering"
    }  # fmt: skip
    for name, service in compose["services"].items():
        assert set(service) <= FIELDS, name
        assert PINNED.fullmatch(service["image"]), name
        assert set(service.get("networks", [])) <= set(compose["networks"])
        assert set(service.get("secrets", [])) <= set(compose["secrets"])
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in compose["volumes"] or (ROOT / source).exists(), volume
    assert len([name for name in ours(compose) if name.startswith("app-")]) == 2
    assert {"database", "proxy", "worker", "migrate"} <= set(compose["services"])


def test_our_services_are_set_by_settings_and_run_commands_that_there_are(compose: dict[str, Any]) -> None:
    for name, service in ours(compose).items():
        assert set(service["environment"]) <= variables() | {SECRETS_VARIABLE}, name
        check_command(service.get("command", next(s for s in dockerfile() if s.directive == "CMD").words))
        health = service.get("healthcheck", {})
        if "test" in health:
            assert health["test"][0] == "CMD"
            check_command(health["test"][1:])
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"]
        assert service["init"] is True
        assert not service.get("ports"), "only the proxy is for everybody"


def test_nothing_secret_stands_in_compose_and_what_strangers_reach_is_the_proxy(compose: dict[str, Any]) -> None:
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    assert not re.search(r"postgresql://|(?:PASSWORD|SECRET_KEY|SECRET|DATABASE_URL):(?! \{file)", text)
    assert [name for name, each in compose["services"].items() if each.get("ports")] == ["proxy"]
    assert compose["services"]["proxy"]["networks"] == ["front"]
    assert compose["services"]["database"]["networks"] == ["inside"]


def test_what_is_needed_is_waited_for(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for name, service in services.items():
        for other, how in service.get("depends_on", {}).items():
            assert other in services
            match how["condition"]:
                case "service_completed_successfully":
                    assert services[other]["restart"] == "no", other
                case "service_healthy":
                    health = services[other].get("healthcheck") or ours(compose).get(other)
                    assert health, other
                case condition:
                    raise AssertionError(f"{name} waits for {condition}")
    assert all("migrate" in each.get("depends_on", {}) for name, each in ours(compose).items() if name != "migrate")
    assert services["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}


def test_times_fit_together(compose: dict[str, Any]) -> None:
    """Whoever stops it waits longer than it takes; the proxy notices in time, and lets go of connections first."""
    from influents.commands.serving import GRACE_SECONDS
    from influents.worker.working import GRACE_SECONDS as WORKERS_GRACE

    proxy = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    told = dict(re.findall(r"(health_interval|health_timeout|keepalive|lb_try_duration) (\w+)", proxy))
    for service in (compose["services"]["app-1"], compose["services"]["app-2"]):
        delay = float(service["environment"]["INFLUENTS_STOP_DELAY"])
        takes = delay + GOODBYE_SECONDS + GRACE_SECONDS + WORKERS_GRACE
        assert takes < seconds(service["stop_grace_period"])
        assert delay >= seconds(told["health_interval"]) + seconds(told["health_timeout"])
        assert float(service["environment"]["INFLUENTS_KEEP_ALIVE_SECONDS"]) > seconds(told["keepalive"])
    for unit in UNITS:
        if found := re.search(r"INFLUENTS_STOP_DELAY=(\d+)", unit.read_text(encoding="utf-8")):
            stops = re.search(r"TimeoutStopSec=(\d+)", unit.read_text(encoding="utf-8"))
            assert stops
            assert float(found[1]) + GOODBYE_SECONDS + GRACE_SECONDS + WORKERS_GRACE < float(stops[1])
    assert BoundedProtocol.head_seconds < GRACE_SECONDS


def test_the_proxy_asks_what_there_is_and_says_nothing_of_its_clients_that_they_say_themselves() -> None:
    proxy = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    assert "health_uri /readyz" in proxy
    assert "header_up Influents-Gateway {file./run/secrets/INFLUENTS_GATEWAY_SECRET}" in proxy
    assert "header_up X-Forwarded-For {remote_host}" in proxy
    assert "header_up -Traceparent" in proxy
    assert len(re.findall(r"\{$", proxy, re.MULTILINE)) == len(re.findall(r"^\s*\}$", proxy, re.MULTILINE))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_run_our_commands_with_our_settings(unit: Path) -> None:
    parser = configparser.RawConfigParser(strict=False, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment]  # names keep their case
    text = unit.read_text(encoding="utf-8")
    parser.read_string(text)
    service = dict(parser["Service"])
    words = service["ExecStart"].split()
    assert words[0] == f"{service['WorkingDirectory']}/.venv/bin/python"
    check_command([".venv/bin/python", *words[1:]])
    set_here = " ".join(re.findall(r"^Environment=(.*)$", text, re.MULTILINE)).split()
    named = [word.split("=")[0] for word in set_here]
    credentials = re.findall(r"^LoadCredential=(\w+):", text, re.MULTILINE)
    assert set(named) <= variables() | {SECRETS_VARIABLE, "PYTHONDONTWRITEBYTECODE"}
    assert sorted(credentials) == sorted(secrets()), "every secret that settings know"
    assert set(re.findall(r"^SetCredential=(\w+):\\n$", text, re.MULTILINE)) == secrets() - NEEDED
    assert (service["DynamicUser"], service["ProtectSystem"], service["NoNewPrivileges"]) == ("yes", "strict", "yes")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    python = shutil.which("python3") or sys.executable
    for unit in (*UNITS, ROOT / "deploy" / "systemd" / "influents.target"):
        text = unit.read_text(encoding="utf-8").replace("/opt/influents/.venv/bin/python", python)
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    files = sorted(map(str, tmp_path.glob("influents*")))
    checked = subprocess.run(["systemd-analyze", "verify", *files], capture_output=True, text=True, check=False)
    told = [line for line in checked.stderr.splitlines() if "influents" in line]
    assert (checked.returncode, told) == (0, [])


def test_secrets_are_made_once_and_read_by_the_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy2(ROOT / "deploy" / "make-secrets", tmp_path)

    def made_now() -> dict[str, str]:
        subprocess.run([tmp_path / "make-secrets"], check=True)
        return {file.name: file.read_text(encoding="ascii") for file in (tmp_path / "secrets").iterdir()}

    made = made_now()
    assert made_now() == made
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    for name in [name for name in os.environ if name.startswith(("INFLUENTS_", "DATABASE_"))]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(SECRETS_VARIABLE, str(tmp_path / "secrets"))

    settings = read_settings()

    assert settings.database_url is not None
    assert settings.database_url.get_secret_value() == made["DATABASE_URL"]
    assert made["POSTGRES_PASSWORD"] in made["DATABASE_URL"]
    assert settings.secret_key is not None
    assert settings.secret_key.get_secret_value() == made["INFLUENTS_SECRET_KEY"]
    assert settings.gateway_secret is not None
    (tmp_path / "secrets" / "INFLUENTS_SMTP_URL").write_text("\n", encoding="ascii")
    assert read_settings().smtp_url is None, "an empty line sets nothing"
    monkeypatch.setenv(SECRETS_VARIABLE, str(tmp_path / "none"))
    with pytest.raises(Mistake, match="is no folder"):
        read_settings()


def test_the_probe_tells_whether_anybody_is_ready_there() -> None:
    probe = [sys.executable, "-m", "influents.probe", "9"]
    done = subprocess.run(probe, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "doesn't answer" in done.stderr
