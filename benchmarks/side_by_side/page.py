"""What was measured, on a page: tables between its marks, and a picture of the ratios."""

from typing import TypeVar

from benchmarks.side_by_side import growth, report, upkeep
from benchmarks.side_by_side.figures import Figures
from benchmarks.side_by_side.picture import drawing
from benchmarks.side_by_side.variants import ROOT

F = TypeVar("F")
PAGE, PICTURE = ROOT / "docs" / "performance.md", ROOT / "docs" / "side-by-side.svg"


def write_page() -> None:
    """Put the last runs' figures into docs/performance.md, and draw docs/side-by-side.svg.

    Raises:
        OSError, ValueError: nothing was measured yet.
        LookupError: the page has no marks.
    """
    rows, about = report.read()
    _between("side by side", report.markdown(rows, about))
    PICTURE.write_text(drawing(rows), encoding="utf-8")
    _put("growth", growth.FIGURES)
    _put("upkeep", upkeep.FIGURES)


def _put(name: str, figures: Figures[F]) -> None:
    if (found := figures.read()) is not None:
        _between(name, figures.markdown(found))


def _between(name: str, text: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    begins, ends = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before, mark, rest = page.partition(begins)
    _, other, after = rest.partition(ends)
    if not mark or not other:
        raise LookupError(f"{PAGE} has no {begins} with {ends}")
    PAGE.write_text(f"{before}{begins}\n\n{text}\n\n{ends}{after}", encoding="utf-8")
