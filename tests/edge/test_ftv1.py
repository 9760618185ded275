"""Traces for gateways, in the format that Apollo's own package reads."""

import json
from typing import Any

import httpx
import pytest

from schema import tracing
from tests.edge.over_http import post
from tests.factories import Town
from tests.nodejs import run_script

TRACED = {"apollo-federation-include-trace": "ftv1"}
QUERY = """{ somebody: citizen(handle: "nath") { name influence { level } }
  themes { code label } broken: node(id: "nonsense") { id } }"""


async def decoded(answer: httpx.Response) -> dict[str, Any]:
    trace: dict[str, Any] = await run_script("decode-trace.mjs", answer.json()["extensions"]["ftv1"])
    return trace


async def test_every_field_is_in_the_trace_with_its_times_and_its_error(http: httpx.AsyncClient, town: Town) -> None:
    await town.citizen("nath")

    answer = await post(http, {"query": QUERY}, **TRACED)
    trace = await decoded(answer)

    somebody, themes, broken = trace["root"]["child"]
    assert (somebody["responseName"], somebody["originalFieldName"]) == ("somebody", "citizen")
    assert (somebody["type"], somebody["parentType"]) == ("Citizen", "Query")
    name, influence = somebody["child"]
    assert (name["responseName"], name["type"], name["parentType"]) == ("name", "String!", "Citizen")
    assert "originalFieldName" not in name
    assert [each["responseName"] for each in influence["child"]] == ["level"]
    assert [each["index"] for each in themes["child"]] == [0, 1, 2, 3, 4, 5]
    assert [each["responseName"] for each in themes["child"][0]["child"]] == ["code", "label"]
    assert 0 < somebody["startTime"] < somebody["endTime"] <= name["startTime"] < name["endTime"] <= trace["durationNs"]
    (told,) = answer.json()["errors"]
    (error,) = broken["error"]
    assert error["message"] == told["message"]
    assert json.loads(error["json"]) == told
    assert error["location"] == told["locations"]
    assert trace["fieldExecutionWeight"] == 1
    assert trace["endTime"]["seconds"] >= trace["startTime"]["seconds"] > 1_700_000_000


async def test_nothing_is_traced_unless_it_is_asked_for(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracing.Trace, "begin", lambda *_: pytest.fail("a field was noted"))
    for headers in ({}, {"apollo-federation-include-trace": "other"}):
        answer = await post(http, {"query": "{ themes { code } }"}, **headers)
        assert "extensions" not in answer.json()


async def test_what_was_refused_is_an_error_of_the_whole(http: httpx.AsyncClient) -> None:
    answer = await post(http, {"query": "{ nothing }"}, **TRACED)
    trace = await decoded(answer)

    assert [each["message"] for each in trace["root"]["error"]] == [each["message"] for each in answer.json()["errors"]]
    assert "child" not in trace["root"]


async def test_errors_are_masked_in_traces_too(http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from resolvers import citizens as resolve

    async def fails(*_: object) -> None:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr(resolve, "citizen_by_handle", fails)
    answer = await post(http, {"query": '{ citizen(handle: "nath") { name } }'}, **TRACED)
    trace = await decoded(answer)

    (error,) = trace["root"]["child"][0]["error"]
    assert json.loads(error["json"])["extensions"]["code"] == "INTERNAL"
    assert "secret" not in json.dumps(trace)


async def test_a_trace_has_an_end_however_much_was_asked(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracing, "MOST_FIELDS", 3)
    trace = await decoded(await post(http, {"query": "{ themes { code label } }"}, **TRACED))

    assert trace["isIncomplete"] is True
    assert len(trace["root"]["child"][0]["child"]) == 1
