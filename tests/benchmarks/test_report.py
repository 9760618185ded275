"""What is told of a run: ratios to the best of the others, and a picture of them."""

from xml.etree import ElementTree

from benchmarks.side_by_side.picture import drawing
from benchmarks.side_by_side.report import markdown, ratios
from benchmarks.side_by_side.rounds import Row


def row(variant: str, rate: float, cpu: float) -> Row:
    return Row(variant, "profile", rate, 1, 2, cpu, 0.5, 4, 100)


ROWS = [
    row("limit", 2_000, 0.4),
    row("influents", 1_500, 0.6),
    row("influents-graphql-core", 100, 9),
    row("yoga-jit", 500, 2),
    row("mercurius-jit", 1_000, 1),
]


def test_ratios_are_to_the_fastest_and_to_the_thriftiest() -> None:
    [(question, found)] = ratios(ROWS)

    assert question == "profile"
    assert found == {
        "of the best peer": 1.5,
        "of the limit": 0.75,
        "of graphql-core": 15,
        "server CPU, of the best peer's": 0.6,
    }


def test_without_others_there_are_no_ratios_to_them() -> None:
    [(_, found)] = ratios(ROWS[1:3])

    assert found["of the best peer"] is None
    assert found["of graphql-core"] == 15


def test_the_page_begins_with_the_ratios() -> None:
    lines = markdown(ROWS, {"system": "Linux"}).splitlines()

    assert lines[2] == "| profile | 1.50 | 0.75 | 15.00 | 0.60 |"
    assert "| profile | influents | 1,500 | 1.0 | 2.0 | 0.60 | 0.50 | 4 | 100 |" in lines
    assert lines[-1] == "- system: Linux"


def test_the_picture_has_a_bar_for_each_server() -> None:
    drawn = ElementTree.fromstring(drawing(ROWS))  # noqa: S314 - our own
    space = "{http://www.w3.org/2000/svg}"

    widths = [float(each.get("width", 0)) for each in drawn.iter(f"{space}rect")]
    assert len(widths) == len(ROWS)
    assert max(widths) == widths[0]
