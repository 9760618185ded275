"""The ratios as a picture: a bar for each server and question, as long as the requests a second that it answers."""

from collections.abc import Sequence
from html import escape

from benchmarks.side_by_side.report import LIMIT, OURS, PEERS, STOCK, questions
from benchmarks.side_by_side.rounds import Row

WIDTH, LABELS, NUMBERS, BAR, GAP, TITLE = 760, 190, 110, 16, 5, 30
COLOURS = {OURS: "#1a7f5a", LIMIT: "#8a8f98", STOCK: "#8fc7b1"}
OTHERS = "#c9a34a"
STYLE = "text { font: 13px system-ui, sans-serif; fill: #24292f } .title { font-weight: 600 } \
@media (prefers-color-scheme: dark) { text { fill: #d6dae0 } }"


def drawing(rows: Sequence[Row]) -> str:
    """An SVG: of the three questions that everybody answers, each as a share of the best peer's, which is 1."""
    shown = [name for name in questions(rows) if any(row.query == name and row.variant in PEERS for row in rows)]
    parts: list[str] = []
    top = 10.0
    for question in shown:
        found = [row for row in rows if row.query == question]
        best = max(row.requests_per_second for row in found if row.variant in PEERS)
        longest = max(row.requests_per_second for row in found) / best
        parts.append(f'<text class="title" x="10" y="{top + 16:.0f}">{escape(question)}</text>')
        top += TITLE
        for row in found:
            share = row.requests_per_second / best
            length = share / longest * (WIDTH - LABELS - NUMBERS)
            colour = COLOURS.get(row.variant, OTHERS)
            parts += [
                f'<text x="{LABELS - 10}" y="{top + 12:.0f}" text-anchor="end">{escape(row.variant)}</text>',
                f'<rect x="{LABELS}" y="{top:.0f}" width="{length:.1f}" height="{BAR}" rx="2" fill="{colour}"/>',
                f'<text x="{LABELS + length + 8:.0f}" y="{top + 12:.0f}">{share:.2f}</text>',
            ]
            top += BAR + GAP
        top += 8
    name = "Requests a second by server and question, as a share of the best of yoga, mercurius and PostGraphile"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top:.0f}" role="img">'
        f"<title>{name}</title><style>{STYLE}</style>{''.join(parts)}</svg>\n"
    )
