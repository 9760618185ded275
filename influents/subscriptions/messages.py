"""Messages of graphql-transport-ws: what a client says, read with care, and what it is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from influents.operations.json_objects import json_object
from influents.operations.refusing import BadRequest

PROTOCOL = "graphql-transport-ws"
LONGEST_ID = 128
LONGEST_REASON = 123
"""Bytes that a WebSocket's closing may say."""
Json = dict[str, Any]  # Any: JSON


class Close(Exception):  # noqa: N818
    """The socket is to be closed, with a code and why."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason.encode()[:LONGEST_REASON].decode(errors="ignore")


@dataclass(frozen=True, slots=True)
class Said:
    """What a client says: its type, the operation it is about, and the rest."""

    type: str
    id: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict, repr=False)  # Any: JSON


def read(text: str) -> Said:
    """A message that a client may send.

    Raises:
        Close: it is none.
    """
    try:
        message = json_object(text.encode("utf-8", "surrogatepass"))
    except BadRequest as wrong:
        raise Close(4400, f"Invalid message: {wrong.message}") from None
    type_, id_, payload = message.get("type"), message.get("id", ""), message.get("payload")
    if type_ not in {"connection_init", "ping", "pong", "subscribe", "complete"}:
        raise Close(4400, "Invalid message: `type` is none that a client sends.")
    of_operation = type_ in {"subscribe", "complete"}
    if of_operation and not (isinstance(id_, str) and 0 < len(id_) <= LONGEST_ID):
        raise Close(4400, f"Invalid message: `id` is a string of 1 to {LONGEST_ID} characters.")
    if not isinstance(payload, dict if type_ == "subscribe" else dict | None):
        raise Close(4400, "Invalid message: `payload` is an object.")
    return Said(type_, id_ if of_operation else "", payload or {})


def ack() -> bytes:
    return orjson.dumps({"type": "connection_ack"})


def pong(payload: Mapping[str, Any]) -> bytes:
    return orjson.dumps({"type": "pong", "payload": payload} if payload else {"type": "pong"})


def result(id: str, body: Json) -> bytes:
    """A result; where it holds errors alone, the operation was refused, or is over, and nothing follows."""
    if "data" in body:
        return orjson.dumps({"id": id, "type": "next", "payload": body}, default=str)
    return orjson.dumps({"id": id, "type": "error", "payload": body["errors"]}, default=str)


def complete(id: str) -> bytes:
    return orjson.dumps({"id": id, "type": "complete"})
