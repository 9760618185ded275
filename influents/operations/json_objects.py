"""JSON objects from strangers, with bounds on how deep they go, on numbers, and on the characters in their texts.

What may be large is looked at by what is quick: one look at each byte, and at values one by one only where it must be.
"""

import json
import re
from contextlib import suppress
from typing import Any, Final

import orjson

from influents.operations.refusing import BadRequest

MAXIMUM_NESTING: Final = 64
MAXIMUM_DIGITS: Final = 25
LONG: Final = 19
"""Digits that a number may have so that every reader takes it for the same."""
_TELLING_ESCAPE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_UNKEPT = re.compile("[\x00\ud800-\udfff]")
MAXIMUM_VALUES: Final = 20_000
"""Far more than the largest of our inputs has."""
_NO_SIGNS = bytes(byte for byte in range(256) if byte not in b'[]{},:"')
_AS_BRACES, _NO_BRACES = bytes.maketrans(b"[]", b"{}"), b",:"
_AS_ZEROS = bytes.maketrans(b"123456789", b"000000000")


def json_object(written: bytes) -> dict[str, Any]:  # Any: JSON
    """A JSON object whose nesting and numbers are bounded, and whose texts can be kept.

    Raises:
        BadRequest: it is none.
    """
    if len(written) > MAXIMUM_VALUES or written.count(b"{") + written.count(b"[") > MAXIMUM_NESTING:
        _check_shape(outside_strings(written))  # what is shorter and has fewer brackets can't be too much
    try:
        document = _read(written)
    except (ValueError, RecursionError):
        raise _no_object() from None
    if not isinstance(document, dict):
        raise BadRequest(400, "BAD_REQUEST", "That is no JSON object: batches are not taken.")
    if _TELLING_ESCAPE.search(written):
        _check_texts(document)
    return document


def _check_shape(signs: bytes) -> None:
    if sum(map(signs.count, (b",", b"[", b"{"))) > MAXIMUM_VALUES:
        raise BadRequest(400, "QUERY_TOO_COMPLEX", f"A request has {MAXIMUM_VALUES} values at most.")
    if nesting(signs) > MAXIMUM_NESTING:
        raise _no_object()


def _no_object() -> BadRequest:
    return BadRequest(400, "BAD_REQUEST", "That is no JSON object in UTF-8, or nested too deeply.")


def outside_strings(written: bytes) -> bytes:
    """What JSON is put together with: brackets, commas and colons, but for those in its strings."""
    plain = written.replace(rb"\\", b"").replace(rb"\"", b"")  # now every quote begins or ends a string
    return b"".join(plain.translate(None, _NO_SIGNS).replace(b'""', b"").split(b'"')[::2])


def nesting(signs: bytes) -> int:
    """How deep brackets go, known before anything is built from them: how often those go that have nothing in them.

    Beyond what is too deep nobody counts, and what doesn't fit together is too deep.
    """
    braces, deep = signs.translate(_AS_BRACES, _NO_BRACES), 0
    while braces and deep <= MAXIMUM_NESTING:
        braces, deep = braces.replace(b"{}", b""), deep + 1
    return deep


def _read(written: bytes) -> object:
    """By orjson, which is the quicker; what it doesn't read, or would make a float of, by the standard library."""
    if b"0" * LONG not in written.translate(_AS_ZEROS):
        with suppress(orjson.JSONDecodeError):
            return orjson.loads(written)
    return _DECODER.decode(written.decode("utf-8"))


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
    if len(digits.removeprefix("-")) > MAXIMUM_DIGITS:
        raise ValueError
    return int(digits)


def _no_constant(name: str) -> float:
    raise ValueError(name)


_DECODER: Final = json.JSONDecoder(parse_int=_integer, parse_constant=_no_constant)
