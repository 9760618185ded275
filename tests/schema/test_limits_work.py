"""How much work it is to refuse or to take a document: counted in calls, not timed. It grows as the document does."""

import sys
from collections.abc import Callable
from types import FrameType

import pytest
from graphql import GraphQLError, parse

from schema.build import InfluentsSchema
from schema.errors import QueryTooComplex
from schema.limits.bounds import Bounds
from schema.limits.checking import check, meant_alone, unfit
from schema.limits.measuring import measure

CALLS_FOR_A_TOKEN = 250
"""A plain document takes some 80: reading, measuring and all rules of validation together."""


def calls(work: Callable[[], object]) -> int:
    """How many functions are called while something is done."""
    counted = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal counted
        counted += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted


def looked_at(schema: InfluentsSchema, text: str) -> None:
    """All that is done to a document before it is executed, or refused."""
    try:
        document = parse(text, max_tokens=Bounds().tokens)
        check(
            measure(schema.core, schema.prices, document, meant_alone(document, "Q0" if "Q0" in text else None), {}),
            Bounds(),
        )
        unfit(schema.core, document)
    except (GraphQLError, QueryTooComplex):
        pass


def fragments(number: int, body: str, on: str = "Query") -> str:
    return " ".join(
        f"fragment F{n} on {on} {{ {body.format(n=n, next=n + 1, around=(n + 1) % number)} }}" for n in range(number)
    )


def root(tokens: int) -> int:
    """So many fragments, each with as many spreads, come to so many tokens."""
    return int((tokens / 2) ** 0.5)


def spreads(number: int) -> str:
    return " ".join(f"...F{n}" for n in range(number))


NASTY: dict[str, Callable[[int], str]] = {
    "the same field again and again": lambda n: "{ " + "themes { code } " * (n // 4) + "}",
    "the same value again and again": lambda n: "{ themes { " + "code " * n + "} }",
    "aliases": lambda n: "{ " + " ".join(f"a{i}: themes {{ code }}" for i in range(n // 6)) + " }",
    "fields that aren't there": lambda n: "{ " + " ".join(f"u{i}" for i in range(n)) + " }",
    "inline fragments": lambda n: "{ " + "... on Query { themes { code } } " * (n // 9) + "}",
    "overlapping fragments": lambda n: "{ " + spreads(n // 13) + " } " + fragments(n // 13, "themes {{ code id }}"),
    "fragments that double": lambda n: '{ territory(code: "FR") { ...F0 } } '
    + fragments(n // 22, "parent {{ ...F{next} }} b: parent {{ ...F{next} }}", "Territory"),
    "fragments in a circle": lambda n: "{ ...F0 } " + fragments(n // 8, "...F{around}"),
    "fragments that all use each other": lambda n: "{ ...F0 } " + fragments(root(n), spreads(root(n))),
    "a chain of fragments": lambda n: "{ ...F0 } " + fragments(n // 8, "...F{next}"),
    "operations over many fragments": lambda n: " ".join(f"query Q{i} {{ ...F0 }}" for i in range(20))
    + fragments(n // 16, "...F{next}"),
    "variables nobody uses": lambda n: "query(" + " ".join(f"$v{i}: Int" for i in range(n // 4)) + ") { __typename }",
    "one argument many times": lambda n: "{ event(" + 'slug: "a" ' * (n // 3) + ") { id } }",
    "directives": lambda n: "{ __typename " + "@skip(if: true) " * (n // 6) + "}",
    "deep fields": lambda n: "{ " + ("node { " * 60 + "id" + " }" * 60) * (n // 180) + " }",
    "introspection": lambda n: "{ __schema { types { " + "fields { name } " * (n // 4) + "} } }",
    "long lists": lambda n: "{ nodes(ids: [" + '"a" ' * n + "]) { id } }",
    "deep lists": lambda n: "{ events(filter: {themes: " + "[" * 60 + "A " * n + "]" * 60 + "}) { totalCount } }",
    "comments": lambda n: "{ __typename }" + "\n#" * n,
}  # fmt: skip


@pytest.mark.parametrize("kind", NASTY)
def test_the_work_grows_as_the_document_does(schema: InfluentsSchema, kind: str) -> None:
    looked_at(schema, NASTY[kind](20))  # what is made once
    tokens = Bounds().tokens - 50
    small = calls(lambda: looked_at(schema, NASTY[kind](tokens // 4)))
    large = calls(lambda: looked_at(schema, NASTY[kind](tokens)))

    assert large <= CALLS_FOR_A_TOKEN * tokens
    assert large <= small * 8 + 20_000, "four times the document is far from sixteen times the work"


@pytest.mark.parametrize("kind", NASTY)
def test_a_document_beyond_the_limit_is_not_read_to_its_end(schema: InfluentsSchema, kind: str) -> None:
    tokens = Bounds().tokens
    assert calls(lambda: looked_at(schema, NASTY[kind](tokens * 20))) <= CALLS_FOR_A_TOKEN * tokens
