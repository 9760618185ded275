"""Documents are read once as long as they are asked for."""

from collections import Counter
from importlib import import_module

import pytest
from graphql import GraphQLSyntaxError

from engine.cache import Recent
from resolvers.context import Context
from schema.build import build
from schema.documents import MOST_CHARACTERS, MOST_DOCUMENTS, Documents
from tests.asking import Ask


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often a document is parsed, and how often validated."""
    done: Counter[str] = Counter()

    def counted(place: str, name: str, counts: str) -> None:
        module = import_module(place)
        original = getattr(module, name)

        def call(*arguments: object, **named: object) -> object:
            done[counts] += 1
            return original(*arguments, **named)

        monkeypatch.setattr(module, name, call)

    counted("schema.documents", "parse", "parsed")
    counted("schema.limits.checking", "validate", "validated")
    return done


async def test_a_document_is_parsed_and_validated_once(nobody: Context, work: Counter[str]) -> None:
    ask = Ask(build())
    query = "query($code: TerritoryCode!) { territory(code: $code) { code } }"
    for code in ("FR-44", "FR-49", "FR-44"):
        assert (await ask(nobody, query, code=code))["territory"]["code"] == code
    assert work == {"parsed": 1, "validated": 1}


async def test_what_does_not_fit_is_told_each_time(nobody: Context, work: Counter[str]) -> None:
    ask = Ask(build())
    told = [await ask(nobody, "{ nothing }") for _ in range(3)]
    assert [each.codes for each in told] == [["GRAPHQL_VALIDATION_FAILED"]] * 3
    assert work["validated"] == 3


async def test_variables_are_looked_at_each_time(nobody: Context) -> None:
    ask = Ask(build())
    query = "query($code: TerritoryCode!) { territory(code: $code) { code } }"
    assert (await ask(nobody, query, code="FR-44")).errors == []
    assert (await ask(nobody, query, code="nonsense")).codes == ["BAD_USER_INPUT"]
    assert (await ask(nobody, query)).codes == ["BAD_USER_INPUT"]


def test_what_is_remembered_is_bounded() -> None:
    documents = Documents(tokens=2_000)
    for number in range(MOST_DOCUMENTS + 10):
        documents.parsed(f"{{ a{number} }}")
    assert len(documents._known) == MOST_DOCUMENTS

    long = "#" * (MOST_CHARACTERS // 3) + "\n"
    for number in range(5):
        documents.parsed(f"{long}{{ a{number} }}")
    assert len(documents._known) == 2


def test_what_is_no_document_is_not_remembered() -> None:
    documents = Documents(tokens=2_000)
    with pytest.raises(GraphQLSyntaxError):
        documents.parsed("{")
    assert len(documents._known) == 0


def test_what_is_put_again_counts_once() -> None:
    recent: Recent[int] = Recent(most=2, characters=10)
    recent.put("a", 1, length=6)
    recent.put("a", 2, length=6)
    recent.put("b", 3, length=4)
    assert (recent.get("a"), recent.get("b")) == (2, 3)
    recent.put("c", 4, length=1)
    assert (recent.get("a"), recent.get("b"), recent.get("c")) == (None, 3, 4)
