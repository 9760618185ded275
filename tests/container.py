"""Takes the steps of the Dockerfile in a fresh folder, without an engine, and runs what comes of it.

`python -m tests.container` does what an image is built by: each stage is a folder; COPY copies what `.dockerignore`
lets through, RUN runs, USER is obeyed where root may, and places of the image are places below the folder. What an
engine would fetch is not fetched: for `FROM python:…` this machine's Python stands in.
"""

import fnmatch
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.ports import free_port

CHECKOUT = Path(__file__).parents[1]
PATIENCE = 900
DIRECTIVES = {"FROM", "WORKDIR", "RUN", "COPY", "ENV", "USER", "EXPOSE", "HEALTHCHECK", "CMD"}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a Dockerfile: `RUN`, and what stands after it."""

    directive: str
    rest: str

    @property
    def words(self) -> list[str]:
        return list(map(str, json.loads(self.rest))) if self.rest.startswith("[") else shlex.split(self.rest)


@dataclass(slots=True)
class Stage:
    """What has come of a stage: its root, and how its programs run."""

    root: Path
    base: str
    env: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    user: str | None = None
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)

    def place(self, path: str) -> Path:
        """Where a place of the image is on this machine."""
        return self.root / os.path.normpath(Path(self.folder) / path).lstrip("/")

    def moved(self, words: str) -> str:
        """Words that name places of the image, naming those of this machine."""
        return re.sub(r"(?<![\w.])/(?=(?:influents|var/lib)\b)", f"{self.root}/", words)

    def environment(self) -> dict[str, str]:
        ours = {name: os.environ[name] for name in ("PATH", "LANG", "HOME", "PIP_CONFIG_FILE") if name in os.environ}
        proxies = {name: value for name, value in os.environ.items() if name.lower().endswith(("_proxy", "_bundle"))}
        registries = {name: value for name, value in os.environ.items() if name.lower().startswith(("pip_", "npm_"))}
        return ours | proxies | registries | {name: self.moved(value) for name, value in self.env.items()}

    def start(self, command: list[str], **more: str) -> subprocess.Popen[bytes]:
        """A program of the image, as its user where this machine lets us."""
        user, group = identity(self.user)
        return subprocess.Popen(
            [self.moved(word) for word in command],
            cwd=self.place("."),
            env=self.environment() | more,
            user=user,
            group=group,
        )


def steps(dockerfile: str) -> Iterator[Step]:
    """Its lines, comments left out and continued lines joined."""
    text = re.sub(r"^\s*#.*\n", "", dockerfile, flags=re.MULTILINE)
    for line in re.sub(r"\\\n", " ", text).splitlines():
        if line.strip():
            directive, rest = line.strip().split(None, 1)
            if directive not in DIRECTIVES:
                raise ValueError(f"a step that isn't known here: {directive}")
            yield Step(directive, rest)


def build(dockerfile: str, folder: Path) -> Stage:
    """Take every step; what comes of the last stage."""
    stages: dict[str, Stage] = {}
    stage: Stage | None = None
    for step in steps(dockerfile):
        sys.stderr.write(f"{step.directive} {step.rest}\n")
        if step.directive == "FROM":
            stage = _begun(step, stages, folder)
        else:
            assert stage is not None, "a step before FROM"
            _take(step, stage, stages)
    assert stage is not None
    return stage


def _begun(step: Step, stages: dict[str, Stage], folder: Path) -> Stage:
    base, _, name = step.rest.partition(" AS ")
    name = name or "last"
    if base in stages:
        shutil.copytree(stages[base].root, folder / name, symlinks=True)
        stages[name] = Stage(folder / name, base, dict(stages[base].env), stages[base].folder)
        _move_environment(folder / base, folder / name)
    else:
        (folder / name).mkdir()
        stages[name] = Stage(folder / name, base)
    return stages[name]


def _take(step: Step, stage: Stage, stages: Mapping[str, Stage]) -> None:
    match step.directive:
        case "WORKDIR":
            stage.folder = step.rest
            stage.place(".").mkdir(parents=True, exist_ok=True)
        case "ENV":
            stage.env |= dict(word.split("=", 1) for word in step.words)
        case "USER":
            stage.user = step.rest
        case "COPY":
            _copy(step.words, stage, stages)
        case "RUN":
            python = Path(sys.executable).resolve()
            user, group = identity(stage.user)
            environment = stage.environment()
            environment["PATH"] = f"{_named_python(stage.root.parent, python)}:{environment['PATH']}"
            subprocess.run(
                ["/bin/sh", "-eu", "-c", stage.moved(step.rest)],
                cwd=stage.place("."),
                env=environment,
                check=True,
                timeout=PATIENCE,
                user=user,
                group=group,
            )
        case "CMD":
            stage.command = step.words
        case "HEALTHCHECK":
            stage.health = json.loads(step.rest.split(" CMD ", 1)[1])


def _copy(words: list[str], stage: Stage, stages: Mapping[str, Stage]) -> None:
    source = stages[words.pop(0).removeprefix("--from=")] if words[0].startswith("--from=") else None
    *names, target = words
    for name in names:
        origin = source.place(name) if source else CHECKOUT / name
        place = stage.place(target) / Path(name).name if target.endswith("/") else stage.place(target)
        place.parent.mkdir(parents=True, exist_ok=True)
        if origin.is_dir():
            left_out = None if source else _left_out
            shutil.copytree(origin, place, symlinks=True, dirs_exist_ok=True, ignore=left_out)
        else:
            assert source or not ignored(name), f"{name} is left out by .dockerignore"
            shutil.copy2(origin, place)
    if source is not None:
        _move_environment(source.root, stage.root)


def ignored(path: str) -> bool:
    """Whether `.dockerignore` leaves a place of the checkout out: the last line that fits it counts."""
    out = False
    for line in (CHECKOUT / ".dockerignore").read_text(encoding="utf-8").split():
        pattern = line.removeprefix("!")
        parents = [path, *(parent.as_posix() for parent in Path(path).parents if parent != Path())]
        short = [Path(each).name for each in parents] if pattern.startswith("**/") else parents
        if any(fnmatch.fnmatch(each, pattern.removeprefix("**/")) for each in short):
            out = not line.startswith("!")
    return out


def _left_out(folder: str, names: list[str]) -> set[str]:
    here = Path(folder).relative_to(CHECKOUT)
    return {name for name in names if ignored((here / name).as_posix())}


def _move_environment(before: Path, after: Path) -> None:
    """A virtual environment knows where it is: in an image that stays the same, here it has moved."""
    for file in after.glob("influents/.venv/bin/*"):
        if file.is_file() and not file.is_symlink() and (text := file.read_bytes()).startswith(b"#!"):
            file.write_bytes(text.replace(str(before).encode(), str(after).encode()))
    for config in after.glob("influents/.venv/pyvenv.cfg"):
        config.write_text(config.read_text().replace(str(before), str(after)))


def _named_python(folder: Path, python: Path) -> Path:
    """A folder with a `python`, as the image has one."""
    named = folder / "bin"
    named.mkdir(exist_ok=True)
    if not (named / "python").exists():
        (named / "python").write_text(f'#!/bin/sh\nexec "{python}" "$@"\n')
        (named / "python").chmod(0o755)
    return named


def identity(user: str | None) -> tuple[int | None, int | None]:
    """Whom to run as: a step's USER where we are root and others may run this Python, else ourselves."""
    python = Path(sys.executable).resolve()
    open_to_all = all(folder.stat().st_mode & 0o001 for folder in (python, *python.parents))
    if user is None or os.geteuid() != 0 or not open_to_all:
        return None, None
    uid, gid = map(int, user.split(":"))
    return uid, gid


def main() -> int:
    """Build, migrate, serve until it is healthy, and stop, with the embedded PostgreSQL of this checkout."""
    from influents.embedded import start

    folder = Path(tempfile.mkdtemp(prefix="influents-container-"))
    folder.chmod(0o755)
    cluster = None
    try:
        stage = build((CHECKOUT / "Dockerfile").read_text(encoding="utf-8"), folder)
        cluster = start(folder / "database")
        _try(stage, cluster.url())
    finally:
        if cluster is not None:
            cluster.release()
        shutil.rmtree(folder, ignore_errors=True)
    sys.stderr.write("The image's steps lead to a service that is ready.\n")
    return 0


def _try(stage: Stage, url: str) -> None:
    import time
    import urllib.request

    port = str(free_port())
    more = {
        "DATABASE_URL": url,
        "INFLUENTS_SECRET_KEY": "0" * 48,
        "INFLUENTS_PORT": port,
        "INFLUENTS_HOST": "127.0.0.1",
    }
    assert stage.start([*stage.command[:3], "migrate"], **more).wait(PATIENCE) == 0
    service = stage.start(stage.command, **more)
    try:
        for _ in range(120):
            assert service.poll() is None, "it ended"
            if stage.start(stage.health, **more).wait(30) == 0:
                break
            time.sleep(0.5)
        else:
            raise AssertionError("it never was healthy")
        page = urllib.request.Request(f"http://127.0.0.1:{port}/graphql", headers={"Accept": "text/html"})
        assert b"graphiql/assets/" in urllib.request.urlopen(page, timeout=10).read()  # noqa: S310 - ours
        if identity(stage.user) != (None, None):
            writing = [*stage.command[:1], "-c", "open('written', 'w')"]
            assert stage.start(writing, **more).wait(30) != 0, "it can write where its code is"
    finally:
        service.terminate()
    assert service.wait(60) == 0, "it did not stop in peace"


if __name__ == "__main__":
    sys.exit(main())
