"""The house keeps its shape: packages, imports, and what may stand in a file."""

import ast
import dataclasses
import importlib
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import domain

ROOT = Path(__file__).parent.parent
PACKAGES = ("domain", "db", "resolvers", "engine", "schema", "influents")
CLOCKS = {"now", "utcnow", "today", "time", "monotonic", "perf_counter"}


def files(*packages: str) -> Iterator[Path]:
    for package in packages:
        yield from sorted((ROOT / package).rglob("*.py"))


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imported(path: Path) -> Iterator[str]:
    """The top of each name that a file imports."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (each.name.split(".")[0] for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_comes_from_this_repository(package: str) -> None:
    """`schema` and `db` are names that others use too: none of theirs may stand in for ours."""
    found = importlib.import_module(package).__file__

    assert found is not None
    assert Path(found) == ROOT / package / "__init__.py"


def test_imports_point_one_way() -> None:
    """The contracts of pyproject.toml, all of them kept."""
    command = Path(sys.executable).parent / "lint-imports"
    checked = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert ", 0 broken" in checked.stdout


def test_the_domain_needs_nothing_but_python() -> None:
    others = {
        (named(path), name)
        for path in files("domain")
        for name in imported(path)
        if name not in sys.stdlib_module_names | {"domain"}
    }

    assert others == set()


def test_the_domain_knows_no_clock() -> None:
    """The time is an argument: what a rule says of a moment can be tried at any."""
    asked = {
        (named(path), node.lineno)
        for path in files("domain")
        for node in nodes(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS
    }

    assert asked == set()
    assert not any(name in {"time", "random", "secrets"} for path in files("domain") for name in imported(path))


def test_what_the_domain_holds_is_never_changed() -> None:
    held = []
    for module in pkgutil.walk_packages(domain.__path__, "domain."):
        for thing in vars(importlib.import_module(module.name)).values():
            if isinstance(thing, type) and dataclasses.is_dataclass(thing) and thing.__module__ == module.name:
                held.append(thing)
                assert thing.__dataclass_params__.frozen, thing  # type: ignore[attr-defined]  # of every dataclass
                assert "__slots__" in vars(thing), thing
    assert len(held) > 30


def test_nothing_is_printed() -> None:
    """People at the command line are told by a console, everybody else by logs."""
    printed = {
        (named(path), node.lineno)
        for path in files(*PACKAGES)
        for node in nodes(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    }

    assert printed == set()


def test_nothing_is_left_to_be_done_in_a_comment() -> None:
    unfinished = [
        (named(path), number)
        for path in files(*PACKAGES)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if any(word in line for word in ("TODO", "FIXME", "XXX", "NotImplementedError"))
    ]

    assert unfinished == []


def test_every_file_says_what_it_is() -> None:
    silent = [named(path) for path in files(*PACKAGES) if ast.get_docstring(ast.parse(path.read_text("utf-8"))) is None]

    assert silent == []


def test_tests_are_no_packages_and_mirror_them() -> None:
    ours = [path for path in (ROOT / "tests").rglob("*.py") if not {".venv", "node_modules"} & set(path.parts)]
    assert [path for path in ours if path.name == "__init__.py"] == []
    folders = {path.parent.name for path in ours if path.name.startswith("test_")}
    assert folders == {"tests", "domain", "db", "resolvers", "engine", "schema", "edge", "laws", "faults", "benchmarks"}


def test_lock_files_name_no_host_that_packages_come_from() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-node.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text, name
        assert "index-url" not in text, name
    for folder in ("explorer", "examples/federation", "tests/clients"):
        assert '"resolved"' not in (ROOT / folder / "package-lock.json").read_text(encoding="utf-8"), folder
