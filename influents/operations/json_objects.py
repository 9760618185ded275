"""JSON objects from strangers, with bounds on how deep they go, on numbers, and on the characters in their texts.

What may be large is looked at by what is quick: one look at each byte, and at values one by one only where it must be.
"""

import json
import re
from itertools import accumulate
from typing import Any, Final

from influents.operations.refusing import BadRequest

MAXIMUM_NESTING: Final = 64
MAXIMUM_DIGITS: Final = 25
_LONG_NUMBER = re.compile(rf"\d{{{MAXIMUM_DIGITS + 1}}}".encode())
_TELLING_ESCAPE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_UNKEPT = re.compile("[\x00\ud800-\udfff]")
MAXIMUM_VALUES: Final = 20_000
"""Far more than the largest of our inputs has."""
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}


def json_object(written: bytes) -> dict[str, Any]:  # Any: JSON
    """A JSON object whose nesting and numbers are bounded, and whose texts can be kept.

    Raises:
        BadRequest: it is none.
    """
    outside = outside_strings(written)
    if sum(map(outside.count, (b",", b"[", b"{"))) > MAXIMUM_VALUES:
        raise BadRequest(400, "QUERY_TOO_COMPLEX", f"A request has {MAXIMUM_VALUES} values at most.")
    if nesting(outside) > MAXIMUM_NESTING:
        raise _no_object()
    decoder = _COUNTING_DIGITS if _LONG_NUMBER.search(outside) else _DECODER
    try:
        document = decoder.decode(written.decode("utf-8"))
    except (ValueError, RecursionError):
        raise _no_object() from None
    if not isinstance(document, dict):
        raise BadRequest(400, "BAD_REQUEST", "That is no JSON object: batches are not taken.")
    if _TELLING_ESCAPE.search(written):
        _check_texts(document)
    return document


def _no_object() -> BadRequest:
    return BadRequest(400, "BAD_REQUEST", "That is no JSON object in UTF-8, or nested too deeply.")


def outside_strings(written: bytes) -> bytes:
    """JSON without its strings."""
    plain = written.replace(rb"\\", b"").replace(rb"\"", b"")  # now every quote begins or ends a string
    return b"".join(plain.split(b'"')[::2])


def nesting(outside: bytes) -> int:
    """How deep brackets go: known before anything is built from them."""
    return max(accumulate(map(_STEPS.__getitem__, outside.translate(None, _NO_BRACKETS))), default=0)


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


_DECODER = json.JSONDecoder(parse_constant=_no_constant)
_COUNTING_DIGITS = json.JSONDecoder(parse_int=_integer, parse_constant=_no_constant)
