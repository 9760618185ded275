import os
import shutil
from pathlib import Path

import pytest

from influents.explorer_build import EXPLORER, build, sources, up_to_date
from influents.node import NodeError


@pytest.fixture
def explorer(tmp_path: Path) -> Path:
    """The sources of GraphiQL's page, nothing installed or built."""
    return Path(shutil.copytree(EXPLORER, tmp_path / "explorer", ignore=shutil.ignore_patterns("node_modules", "dist")))


def test_a_build_is_up_to_date_until_a_source_or_the_lock_changes(explorer: Path) -> None:
    assert not up_to_date(explorer)
    (explorer / "dist").mkdir()
    for changed in ("src/main.jsx", "src/operations/1-questionnaire.graphql", "package-lock.json", "build.mjs"):
        (explorer / "dist" / "sources.sha256").write_text(sources(explorer))
        assert up_to_date(explorer)
        (explorer / changed).write_text((explorer / changed).read_text() + "\n")
        assert not up_to_date(explorer), changed


def test_without_the_network_it_fails_in_one_line(explorer: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "PATH": os.devnull,
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "npm_config_offline": "true",
        "npm_config_cache": str(explorer / "cache"),
    }.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(NodeError) as failure:
        build(explorer)
    assert len(str(failure.value).splitlines()) == 1
    assert not up_to_date(explorer)


def test_the_lock_names_no_registry() -> None:
    assert '"resolved"' not in (EXPLORER / "package-lock.json").read_text()
