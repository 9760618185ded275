"""Texts that are made to cost more than their length, or to hide what is in them."""

import json
import time

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from influents.authentication import MAXIMUM_BODY
from influents.http.negotiation import JSON, Accepted
from influents.operations.json_objects import (
    MAXIMUM_DIGITS,
    MAXIMUM_NESTING,
    MAXIMUM_VALUES,
    json_object,
    nesting,
    outside_strings,
)
from influents.operations.refusing import BadRequest
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
        (b'{"a": [{}, {"b": "c"}], "d": "", "e": [1]}', 3),
        (b'"[[["', 0),
        (b'"\\"[["[]', 1),
        (b'"\\\\"[[]]', 2),
        (b'"\\\\\\"[["[]', 1),
        (b'"[[[', 0),
        (b"[" * MAXIMUM_NESTING + b"]" * MAXIMUM_NESTING, MAXIMUM_NESTING),
        (b"[" * 900 + b"]" * 900, MAXIMUM_NESTING + 1),
        (b"[{" * 450 + b"}]" * 450, MAXIMUM_NESTING + 1),
        (b"]]]][", MAXIMUM_NESTING + 1),
    ],
)
def test_how_deep_brackets_go(written: bytes, deep: int) -> None:
    assert nesting(outside_strings(written)) == deep


json_texts = st.text(st.sampled_from('ab[]{},:"\\/0é'), max_size=12)
json_numbers = st.integers(-(10**24), 10**24) | st.floats(allow_nan=False, allow_infinity=False)
json_values = st.recursive(
    st.none() | st.booleans() | json_numbers | json_texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(json_texts, inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(json_texts, json_values, max_size=4), st.booleans(), st.sampled_from([None, 2]))
def test_what_is_json_is_read_as_it_was_written(value: dict[str, object], ascii: bool, indent: int | None) -> None:
    assert json_object(json.dumps(value, ensure_ascii=ascii, indent=indent).encode()) == value


@given(st.binary(max_size=40) | st.text(st.sampled_from('{}[]",:\\ 01e9.-"u'), max_size=MAXIMUM_DIGITS).map(str.encode))
@example(b'{"a":1e400}')
@example(b'{"a":NaN}')
@example(b'{"a":18446744073709551616}')
@example(b'{"a":"\\ud83d"}')
@example(b"\xef\xbb\xbf{}")
def test_what_is_no_json_is_refused_and_nothing_else(written: bytes) -> None:
    try:
        known = json.loads(written.decode(), parse_constant=int)  # which NaN is none of
    except ValueError:
        known = None
    read, refusal = None, None
    try:
        read = json_object(written)
    except BadRequest as refused:
        refusal = refused
    assert read == known or refusal is not None
    assert refusal is None or not isinstance(known, dict) or refusal.code == "BAD_USER_INPUT"
