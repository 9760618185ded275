"""JSON objects from strangers, with bounds on how deep they go, on numbers, and on the characters in their texts."""

import json
import re
from typing import Any

from influents.operations.refusing import BadRequest

MAXIMUM_NESTING = 64
MAXIMUM_DIGITS = 25
_OUTSIDE_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)
"""Brackets, and strings to pass over. A string without an end is one too, so that no byte is looked at twice."""
_UNKEPT = re.compile("[\x00\ud800-\udfff]")


def json_object(written: bytes) -> dict[str, Any]:  # Any: JSON
    """A JSON object whose nesting and numbers are bounded, and whose texts can be kept.

    Raises:
        BadRequest: it is none.
    """
    no_object = BadRequest(400, "BAD_REQUEST", "That is no JSON object in UTF-8, or nested too deeply.")
    if nesting(written) > MAXIMUM_NESTING:
        raise no_object
    try:
        document = json.loads(written.decode("utf-8"), parse_int=_integer, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise no_object from None
    if not isinstance(document, dict):
        raise BadRequest(400, "BAD_REQUEST", "That is no JSON object: batches are not taken.")
    _check_texts(document)
    return document


def nesting(written: bytes, outside: re.Pattern[bytes] = _OUTSIDE_STRINGS) -> int:
    """How deep brackets go, outside of strings: known before anything is built from them. Too deep is deep enough."""
    depth = deepest = 0
    for found in outside.finditer(written):
        bracket = found[0]
        if bracket in b"[{":
            depth += 1
            deepest = max(deepest, depth)
            if deepest > MAXIMUM_NESTING:
                break
        elif bracket in b"]}":
            depth -= 1
    return deepest


def _check_texts(document: dict[str, Any]) -> None:
    """NUL and lone surrogates can't be kept by a database: they are refused wherever they stand."""
    waiting: list[object] = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str) and _UNKEPT.search(value):
            raise BadRequest(400, "BAD_USER_INPUT", "A text contains a character that cannot be kept.")
        if isinstance(value, dict):
            waiting.extend(value)
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _integer(digits: str) -> int:
    if len(digits) > MAXIMUM_DIGITS:
        raise ValueError
    return int(digits)


def _no_constant(name: str) -> float:
    raise ValueError(name)
