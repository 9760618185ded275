"""`python -m benchmarks.side_by_side`: this service, the hand-written limit and three servers on Node, side by side."""

import signal
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from types import FrameType
from typing import NoReturn

from rich.console import Console

from benchmarks.side_by_side.agreeing import Different
from benchmarks.side_by_side.growth import grow
from benchmarks.side_by_side.loading import CONNECTIONS, Unanswered
from benchmarks.side_by_side.page import write_page
from benchmarks.side_by_side.processes import NotRunning
from benchmarks.side_by_side.questions import DOCUMENTS, DRAWN, MUTATION
from benchmarks.side_by_side.report import LIMIT, OURS, PEERS, RESULTS, STOCK
from benchmarks.side_by_side.rounds import Pace
from benchmarks.side_by_side.rows import Size
from benchmarks.side_by_side.running import Options, bench
from benchmarks.side_by_side.variants import HERE, OLDEST_NODE
from influents.embedded import EmbeddedDatabaseError
from influents.node import Node, NodeError, install_packages, wanted_node

NAMES = (LIMIT, OURS, STOCK, *PEERS)
QUICK, WHOLE = Pace(warm=1.5, seconds=2, rounds=3), Pace(warm=3, seconds=4, rounds=7)


def parser() -> ArgumentParser:
    told = ArgumentParser(prog="python -m benchmarks.side_by_side", description=__doc__)
    told.add_argument(
        "what",
        nargs="?",
        default="run",
        choices=("run", "growth", "page"),
        help="run: all servers, side by side; growth: this one, as rows, items and processes become more; "
        "page: put what they wrote into docs/performance.md, and the picture beside it",
    )
    told.add_argument("--quick", action="store_true", help="under 6 minutes, and less certain")
    told.add_argument("--citizens", type=int, default=100_000)
    told.add_argument("--events", type=int, default=2_000)
    told.add_argument("--participations", type=int, default=1_000_000)
    told.add_argument("--rounds", type=int, help="how often everybody is asked everything")
    told.add_argument("--seconds", type=float, help="how long, each time")
    told.add_argument("--connections", type=int, default=CONNECTIONS, help="requests that are under way at once")
    told.add_argument("--only", default="", help="servers, with commas: limit,influents,yoga-jit …")
    told.add_argument("--questions", default=",".join((*DOCUMENTS, DRAWN, MUTATION)), help="with commas")
    told.add_argument("--seed", type=int, default=7, help="what the fourth query is drawn by")
    told.add_argument("--without-node", action="store_true", help="leave out the servers on Node")
    told.add_argument("--most", type=int, default=10_000_000, help="growth: participations, at most")
    told.add_argument("--keep", type=Path, help="a folder where the rows stay for another run")
    told.add_argument("--results", type=Path, default=RESULTS, help="the folder that figures are written to")
    return told


def problem(given: Namespace) -> str | None:
    """What can't be run."""
    asked = set(filter(None, given.questions.split(","))) - {*DOCUMENTS, DRAWN, MUTATION}
    names = set(filter(None, given.only.split(","))) - set(NAMES)
    if asked or names:
        return f"there is no {min(asked | names)}: servers are {', '.join(NAMES)}"
    if given.citizens < 200 or given.participations < given.citizens:  # noqa: PLR2004
        return "200 citizens at least, and as many participations"
    if given.events < 100 or given.events % 37 == 0 or 3 * given.participations > given.citizens * given.events:  # noqa: PLR2004
        return "100 events at least, no multiple of 37, and three times as many as a citizen takes part in"
    if min(given.connections, given.seconds or 1, given.rounds or 1) <= 0:
        return "connections, seconds and rounds are more than none"
    return None


def options(given: Namespace, console: Console) -> Options:
    pace = QUICK if given.quick else WHOLE
    seconds = given.seconds or pace.seconds
    return Options(
        size=Size(given.citizens, given.events, given.participations),
        pace=Pace(min(pace.warm, seconds), seconds, given.rounds or pace.rounds, given.connections),
        names=tuple(filter(None, given.only.split(","))),
        questions=tuple(filter(None, given.questions.split(","))),
        seed=given.seed,
        folder=given.keep,
        node=None if given.without_node else _node(console),
        results=given.results,
    )


def _node(console: Console) -> Node | None:
    """Node with the packages of package-lock.json; None where they can't be had: then the rest is measured."""
    try:
        with console.status("installing the servers on Node"):
            node = wanted_node(oldest=OLDEST_NODE)
            install_packages(HERE, node.npm)
    except (NodeError, OSError) as error:
        console.print(f"The servers on Node are left out ({error}).", style="yellow", highlight=False, markup=False)
        return None
    return node


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    """On SIGTERM: by way of every `finally`, which ends what was started."""
    raise SystemExit(143)


def main() -> int:
    signal.signal(signal.SIGTERM, _leave)
    console = Console(stderr=not sys.stdout.isatty(), width=None if sys.stdout.isatty() else 160)
    given = parser().parse_args()
    if wrong := problem(given):
        sys.stderr.write(f"The bench stopped: {wrong}\n")
        return 2
    try:
        if given.what == "page":
            write_page()
        elif given.what == "growth":
            grow(given.most, given.seconds or 3, given.results, console)
        else:
            bench(options(given, console), console)
    except (Different, Unanswered, NotRunning, EmbeddedDatabaseError, LookupError, ValueError, OSError) as wrong:
        sys.stderr.write(f"The bench stopped: {wrong}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
