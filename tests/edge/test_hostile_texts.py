"""Texts that are made to cost more than their length, or to hide what is in them."""

import json
import time

import httpx
import pytest

from influents.authentication import MAXIMUM_BODY
from influents.http.negotiation import JSON, Accepted
from influents.operations.json_objects import MAXIMUM_VALUES, nesting, outside_strings
from tests.edge.over_http import code, post

STRICT = {"Accept": "application/graphql-response+json"}
SOON = 5.0  # seconds: what is looked at more than once takes minutes


@pytest.mark.parametrize("opening", [b"", b'"', b'{"query": "', b'{"query": "\\"\\"\\"'])
async def test_a_body_costs_its_length(http: httpx.AsyncClient, opening: bytes) -> None:
    for unit in (b'\\"', b'"', b'""', b"\\", b"[", b'"\\', b"{}", b'"a"', b"\\u0000", b"\n", b'"""', b"#", b'#"\n'):
        body = opening + unit * ((MAXIMUM_BODY - 100) // len(unit))
        for whole in (body, body + b'"}'):
            began = time.perf_counter()
            answer = await post(http, whole, **STRICT)
            assert time.perf_counter() - began < SOON, unit
            assert answer.status_code in (400, 413), unit


@pytest.mark.parametrize("opening", ["", '"', '"""', "{ a "])
async def test_a_document_costs_its_length(http: httpx.AsyncClient, opening: str) -> None:
    for unit in ('"', '\\"', "#", '"""', '\\"""', '#"\n', "{", "a ", ",", "1", "\\u{0", "@a", "$a:"):
        room = (MAXIMUM_BODY - 1_000) // len(json.dumps(unit)[1:-1])
        began = time.perf_counter()
        answer = await post(http, {"query": opening + unit * room}, **STRICT)
        assert time.perf_counter() - began < SOON, unit
        assert answer.status_code == 400, unit


@pytest.mark.parametrize("unit", ['"', '\\"', ",", ";", "; ", ";a", "/", "*/*;q=", 'a/b;c="', "\t"])
def test_an_accept_header_costs_its_length(unit: str) -> None:
    began = time.perf_counter()
    for opening in ("", '"', 'a/b;c="'):
        Accepted(opening + unit * 30_000).best(JSON)
    assert time.perf_counter() - began < SOON


@pytest.mark.parametrize("value", ["1", "{}", '""', "[]"])
async def test_values_are_counted_before_they_are_built(http: httpx.AsyncClient, value: str) -> None:
    many = ", ".join([value] * (MAXIMUM_VALUES + 1))
    answer = await post(http, f'{{"query": "{{ a }}", "variables": {{"a": [{many}]}}}}'.encode(), **STRICT)
    assert (answer.status_code, code(answer)) == (400, "QUERY_TOO_COMPLEX")


async def test_commas_and_brackets_in_texts_are_no_values(http: httpx.AsyncClient) -> None:
    text = ",[{" * MAXIMUM_VALUES
    query = "query($slug: String!) { event(slug: $slug) { id } }"
    answer = await post(http, {"query": query, "variables": {"slug": text}}, **STRICT)
    assert (answer.status_code, answer.json()) == (200, {"data": {"event": None}})


@pytest.mark.parametrize(
    "document",
    [
        "{a" * 900 + "}" * 900,
        '#"\n' + "{a" * 900 + "}" * 900 + '\n#"',
        '{ a(b: "#") ' + "{a" * 900 + "}" * 901,
        '{ a(b: """ \\""" " """) ' + "{a" * 900 + "}" * 901,
        '{ a(b: "\\"") ' + "{a" * 900 + "}" * 901,
        "{ a(b: " + "[" * 900 + "]" * 900 + ") }",
        "{ a(b: " + "{a:" * 900 + "1" + "}" * 900 + ") }",
        "query($a: " + "[" * 900 + "Int" + "]" * 900 + ") { a }",
    ],
)
async def test_nesting_is_seen_whatever_stands_around_it(http: httpx.AsyncClient, document: str) -> None:
    answer = await post(http, {"query": document}, **STRICT)
    assert (answer.status_code, code(answer)) == (400, "QUERY_TOO_COMPLEX")


@pytest.mark.parametrize(
    "document",
    [
        "# " + "{" * 900 + "\n{ __typename }",
        '{ event(slug: "' + "{" * 900 + '") { id } }',
        '{ event(slug: """' + '[ " "" \\""" ' * 90 + '""") { id } }',
    ],
)
async def test_brackets_in_comments_and_strings_are_no_nesting(http: httpx.AsyncClient, document: str) -> None:
    answer = await post(http, {"query": document}, **STRICT)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("written", "deep"),
    [
        (b"", 0),
        (b"[]", 1),
        (b'{"a": [{}]}', 3),
        (b'"[[["', 0),
        (b'"\\"[["[', 1),
        (b'"\\\\"[[', 2),
        (b'"\\\\\\"[["[', 1),
        (b"]]]][", 0),
        (b'"[[[', 0),
    ],
)
def test_how_deep_brackets_go(written: bytes, deep: int) -> None:
    assert max(0, nesting(outside_strings(written))) == deep
