"""What was measured, on a page: tables between its marks, and a picture of the ratios."""

from benchmarks.side_by_side import growth, report, upkeep
from benchmarks.side_by_side.picture import drawing
from benchmarks.side_by_side.variants import ROOT

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
    if growth.FILE.is_file():
        _between("growth", growth.markdown(growth.read()))
    if upkeep.FILE.is_file():
        _between("upkeep", upkeep.markdown(upkeep.read()))


def _between(name: str, text: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    begins, ends = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before, mark, rest = page.partition(begins)
    _, other, after = rest.partition(ends)
    if not mark or not other:
        raise LookupError(f"{PAGE} has no {begins} with {ends}")
    PAGE.write_text(f"{before}{begins}\n\n{text}\n\n{ends}{after}", encoding="utf-8")
