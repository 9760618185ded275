"""Entities are found by one function for all of a type."""

from collections.abc import Sequence

from engine import Each, find_entities
from engine.entities import Representation

CALLS: list[tuple[str, int]] = []
UNKNOWN = ValueError("no representation")


async def boats(representations: Sequence[Representation], fleet: dict[int, str]) -> Each[str | None]:
    CALLS.append(("Boat", len(representations)))
    return [fleet.get(each["number"]) if "number" in each else KeyError("number") for each in representations]


def people(representations: Sequence[Representation], _fleet: dict[int, str]) -> Each[str]:
    CALLS.append(("Person", len(representations)))
    raise LookupError("nobody")


async def test_all_of_a_type_are_found_by_one_call_and_put_in_order() -> None:
    CALLS.clear()
    sent: list[dict[str, object]] = [
        {"__typename": "Boat", "number": 2},
        {"__typename": "Person"},
        {"__typename": "Boat", "number": 1},
        {"__typename": "Boat", "number": 9},
        {"__typename": "Boat"},
        {"__typename": "Person"},
    ]
    before = [dict(each) for each in sent]

    found = await find_entities(sent, {"Boat": boats, "Person": people}, {1: "Nef", 2: "Ark"}, unknown=UNKNOWN)

    assert [each if isinstance(each, str | None) else type(each) for each in found] == [
        "Ark",
        LookupError,
        "Nef",
        None,
        KeyError,
        LookupError,
    ]
    assert sorted(CALLS) == [("Boat", 4), ("Person", 2)]
    assert sent == before


async def test_what_is_no_representation_takes_nothing_from_the_others() -> None:
    sent = [None, 3, {}, {"__typename": ["Boat"]}, {"__typename": "Ship"}, {"__typename": "Boat", "number": 1}]

    found = await find_entities(sent, {"Boat": boats}, {1: "Nef"}, unknown=UNKNOWN)

    assert found == [UNKNOWN] * 5 + ["Nef"]
    assert await find_entities([], {"Boat": boats}, {}, unknown=UNKNOWN) == []


async def test_a_function_that_answers_too_few_is_an_error_for_each() -> None:
    found = await find_entities([{"__typename": "Boat"}] * 2, {"Boat": lambda *_: ["one"]}, None, unknown=UNKNOWN)

    assert [str(each) for each in found] == ["1 values for 2 parents"] * 2
