"""`python -m influents.explorer_build`: builds GraphiQL (`explorer/`) with npm, unless what is there is up to date.

Uses the machine's Node where there is one, else puts the one of requirements-node.txt into this virtual environment.
Ends with 1 and a line on stderr where it can't: the service runs without GraphiQL.
"""

import hashlib
import sys
import time
from pathlib import Path

from influents.node import ROOT, NodeError, install_packages, run, wanted_node

EXPLORER = ROOT / "explorer"
_OLDEST_NODE = 20


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
    stamp = _stamp(explorer)
    return stamp.is_file() and stamp.read_text(encoding="ascii") == sources(explorer)


def build(explorer: Path = EXPLORER) -> None:
    """Leaves `explorer/dist/`; raises NodeError."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    started = time.monotonic()
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("GraphiQL: {task.description}"), BarColumn(24), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        step = progress.add_task("looking for Node", total=3)
        node = wanted_node(oldest=_OLDEST_NODE)
        progress.update(step, description="fetching its packages", advance=1)
        install_packages(explorer, node.npm)
        progress.update(step, description="bundling", advance=1)
        made_from = sources(explorer)
        run([node.path, "build.mjs"], explorer)
        _stamp(explorer).write_text(made_from, encoding="ascii")
        progress.advance(step)
    console.print(f"GraphiQL is built, in {time.monotonic() - started:.0f} s.", highlight=False)


def _stamp(explorer: Path) -> Path:
    return explorer / "dist" / "sources.sha256"


def main() -> int:
    if up_to_date():
        return 0
    try:
        build()
    except (NodeError, OSError) as error:
        sys.stderr.write(f"GraphiQL was not built ({error}). The API works without it; `make explorer` tries again.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
