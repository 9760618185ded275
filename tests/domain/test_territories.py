import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.territories import department_of


@pytest.mark.parametrize(
    ("postal_code", "territory"),
    [
        ("44000", "FR-44"),
        ("01000", "FR-01"),
        ("95880", "FR-95"),
        ("72 000", "FR-72"),
        (" 35000 ", "FR-35"),
        ("75001", "FR-75C"),
        ("75116", "FR-75C"),
        ("20000", "FR-2A"),
        ("20137", "FR-2A"),
        ("20200", "FR-2B"),
        ("20620", "FR-2B"),
        ("20700", "FR-20R"),
        ("67000", "FR-67"),
        ("69003", "FR-69M"),
        ("69100", "FR-69M"),
        ("69400", "FR-69"),
        ("97110", "FR-971"),
        ("97133", "FR-BL"),
        ("97150", "FR-MF"),
        ("97200", "FR-972"),
        ("97300", "FR-973"),
        ("97400", "FR-974"),
        ("97500", "FR-PM"),
        ("97600", "FR-976"),
        ("98600", "FR-WF"),
        ("98714", "FR-PF"),
        ("98800", "FR-NC"),
    ],
)
def test_a_postal_code_tells_its_department(postal_code: str, territory: str) -> None:
    assert department_of(postal_code) == territory


@pytest.mark.parametrize(
    "postal_code",
    [
        "",
        "  ",
        "4400",
        "440000",
        "1201",
        "4400O",
        "H2X 1Y4",
        "FR-44",
        "٤٤٠٠٠",
        "00100",
        "96000",
        "98000",
        "98413",
        "99123",
    ],
)
def test_what_is_no_postal_code_of_france_tells_none(postal_code: str) -> None:
    assert department_of(postal_code) is None


@given(st.text())
def test_no_text_is_too_odd(text: str) -> None:
    assert (department_of(text) or "FR-").startswith("FR-")
