"""JSON objects from strangers, with bounds on how deep they go, on numbers, and on the characters in their texts."""

import json
import re
from typing import Any

from influents.operations.refusing import BadRequest

MAXIMUM_NESTING = 64
MAXIMUM_DIGITS = 25
_UNKEPT = re.compile("[\x00\ud800-\udfff]")


def json_object(written: bytes) -> dict[str, Any]:  # Any: JSON
    """A JSON object whose nesting and numbers are bounded, and whose texts can be kept.

    Raises:
        BadRequest: it is none.
    """
    no_object = BadRequest(400, "BAD_REQUEST", "The body is no JSON object in UTF-8, or nested too deeply.")
    if nesting(written) > MAXIMUM_NESTING:
        raise no_object
    try:
        document = json.loads(written.decode("utf-8"), parse_int=_integer, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise no_object from None
    if not isinstance(document, dict):
        raise BadRequest(400, "BAD_REQUEST", "The body is one JSON object; batches are not taken.")
    _check_texts(document)
    return document


def nesting(written: bytes) -> int:
    """How deep brackets go, outside of strings: known before anything is built from them."""
    depth = deepest = 0
    for bracket in re.findall(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', written, re.DOTALL):
        if bracket in b"[{":
            depth += 1
            deepest = max(deepest, depth)
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
