"""The dashboard and the alert rules ask for metrics that there are, by labels that these have, and each alert says what
to do.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest
import yaml
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.parser import text_string_to_metric_families

from influents.settings import Settings
from influents.stopping import Stopping
from influents.telemetry import metrics
from influents.telemetry.exposition import for_operators
from influents.telemetry.readiness import Readiness, State
from influents.telemetry.tallies import Durations, Tally
from influents.worker.working import duties_of
from resolvers.context import Services
from tests.factories import Town

ROOT = Path(__file__).parents[2]
DASHBOARD = json.loads((ROOT / "deploy/grafana/influents.json").read_text(encoding="utf-8"))
RULES = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]
OPERATIONS = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
OF_PROMETHEUS = {"up": {"job", "instance"}}
OF_EACH = {"job", "instance", "le"}
"""What Prometheus adds, and buckets have."""
SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "gauge": ("",)}
NAME = re.compile(r"\b((?:influents|process|python)_\w+|up)\b(?:\{([^}]*)\})?")
LABEL = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"([^\"]*)\"")
GROUPED = re.compile(r"\b(?:by|without)\s*\(([^)]*)\)")


def queries() -> Iterator[tuple[str, str]]:
    """Everything that Prometheus is asked: where, and what."""
    yield from ((rule["alert"], rule["expr"]) for rule in RULES)
    for panel in DASHBOARD["panels"]:
        yield from ((panel["title"], target["expr"]) for target in panel.get("targets", ()))


@pytest.fixture
async def known(services: Services, town: Town) -> Mapping[str, set[str]]:
    """Every sample that a process can tell, with its labels."""
    found = dict(OF_PROMETHEUS)
    for metric in vars(metrics).values():
        if isinstance(metric, MetricWrapperBase):
            for suffix in SUFFIXES[str(metric._type)]:
                found[f"{metric._name}{suffix}"] = set(metric._labelnames)
        elif isinstance(metric, Tally | Durations):
            for suffix in SUFFIXES["counter" if isinstance(metric, Tally) else "histogram"]:
                found[f"{metric.name}{suffix}"] = set(metric.labels)
    await town.citizen()  # whose mail waits
    transport = httpx.ASGITransport(for_operators(services, Readiness(services.database, Stopping())))
    async with httpx.AsyncClient(transport=transport, base_url="http://influents.test") as operators:
        told = (await operators.get("/metrics")).text
    for family in text_string_to_metric_families(told):
        for sample in family.samples:
            found.setdefault(sample.name, set(sample.labels))
    return found


async def test_whatever_is_asked_for_is_measured_by_those_labels(known: Mapping[str, set[str]]) -> None:
    for where, query in queries():
        named = NAME.findall(query)
        assert named, where
        for name, labels in named:
            assert name in known, f"{where}: {name}"
            asked = {label for label, _ in LABEL.findall(labels)}
            assert asked <= known[name] | OF_EACH, f"{where}: {name}{{{labels}}}"
        grouped = {label.strip() for labels in GROUPED.findall(query) for label in labels.split(",")}
        assert grouped <= OF_EACH.union(*(known[name] for name, _ in named)), where
        assert query.count("(") == query.count(")"), where


def test_values_that_are_asked_for_are_words_of_ours(services: Services, tmp_path: Path) -> None:
    words = {
        "state": set(State) | {"in use", "idle"},
        "duty": {duty.name for duty in duties_of(Settings(data_dir=tmp_path), services)},
    }
    asked = [(label, value) for _, query in queries() for label, value in LABEL.findall(query)]
    assert {label for label, _ in asked} >= words.keys() - {"state"}
    assert all(value in words[label] for label, value in asked if label in words)


def test_each_alert_says_what_it_is_and_the_page_what_to_do() -> None:
    told = re.findall(r"^\| `(Influents\w+)` \| (.+) \|$", OPERATIONS, re.MULTILINE)

    assert [name for name, _ in told] == [rule["alert"] for rule in RULES]
    assert all(rule["labels"]["severity"] in {"critical", "warning", "info"} for rule in RULES)
    assert all(rule["annotations"]["summary"] and rule["annotations"]["description"] for rule in RULES)
    assert all(re.fullmatch(r"\d+[smh]", rule.get("for", "1m")) for rule in RULES)
    assert {rule["annotations"]["runbook"] for rule in RULES} == {"docs/operations.md#alerts"}
    assert "\n## Alerts\n" in OPERATIONS


def test_whatever_an_alert_looks_at_is_on_the_dashboard() -> None:
    shown = {
        name
        for panel in DASHBOARD["panels"]
        for each in panel.get("targets", ())
        for name, _ in NAME.findall(each["expr"])
    }
    looked_at = {name for rule in RULES for name, _ in NAME.findall(rule["expr"])} - {"up", "process_max_fds"}

    assert looked_at <= shown


def test_the_dashboard_is_one_that_grafana_takes() -> None:
    panels = DASHBOARD["panels"]
    variables = {each["name"] for each in DASHBOARD["templating"]["list"]}

    assert len({panel["id"] for panel in panels}) == len(panels)
    assert set(re.findall(r"\$\{?([a-z]\w*)", json.dumps(panels))) == variables
    places = [
        (cell["x"] + x, cell["y"] + y)
        for cell in (p["gridPos"] for p in panels)
        for x in range(cell["w"])
        for y in range(cell["h"])
    ]
    assert len(places) == len(set(places)), "no panel lies on another"
    assert max(x for x, _ in places) < 24
