"""Traces as gateways of a federation ask for them: format "ftv1", a base64 Protocol Buffers message in `extensions`.

A gateway that reports how long fields take sends a header; the answer then tells, for each field, when it began and
ended, and its errors as they were answered. Of the format's messages this declares what is filled in here.
"""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from typing import Any, Final

import orjson
from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from schema.tracing import Place, Trace

HEADER: Final = "apollo-federation-include-trace"
FORMAT: Final = "ftv1"
SECOND: Final = 1_000_000_000

Answered = Mapping[str, Any]  # Any: JSON

_SCALARS = {
    "bool": FieldDescriptorProto.TYPE_BOOL,
    "double": FieldDescriptorProto.TYPE_DOUBLE,
    "int32": FieldDescriptorProto.TYPE_INT32,
    "int64": FieldDescriptorProto.TYPE_INT64,
    "string": FieldDescriptorProto.TYPE_STRING,
    "uint32": FieldDescriptorProto.TYPE_UINT32,
    "uint64": FieldDescriptorProto.TYPE_UINT64,
}
_MESSAGES: Mapping[str, Mapping[str, tuple[int, str]]] = {
    "Moment": {"seconds": (1, "int64"), "nanos": (2, "int32")},
    "Location": {"line": (1, "uint32"), "column": (2, "uint32")},
    "Error": {"message": (1, "string"), "location": (2, "Location*"), "time_ns": (3, "uint64"), "json": (4, "string")},
    "Node": {
        "response_name": (1, "string"),
        "index": (2, "uint32"),
        "type": (3, "string"),
        "start_time": (8, "uint64"),
        "end_time": (9, "uint64"),
        "error": (11, "Error*"),
        "child": (12, "Node*"),
        "parent_type": (13, "string"),
        "original_field_name": (14, "string"),
    },
    "Trace": {
        "end_time": (3, "Moment"),
        "start_time": (4, "Moment"),
        "duration_ns": (11, "uint64"),
        "root": (14, "Node"),
        "field_execution_weight": (31, "double"),
        "is_incomplete": (33, "bool"),
    },
}
"""Each message's fields: their numbers, and what they hold; a * where that is a list."""


def asked_for(headers: Mapping[str, str]) -> Trace | None:
    """A trace to be filled in where a request asks for one."""
    return Trace() if headers.get(HEADER, "").strip().lower() == FORMAT else None


def with_trace(body: dict[str, Any], trace: Trace | None) -> dict[str, Any]:
    """An answer with the trace of how it came about, if there is one."""
    if trace is not None:
        body["extensions"] = {**(body.get("extensions") or {}), FORMAT: encoded(trace, body.get("errors") or ())}
    return body


def encoded(trace: Trace, errors: Iterable[Answered]) -> str:
    """A trace as it is sent. Of errors it tells what was answered, and no more."""
    message = _new("Trace")
    _set_moment(message.start_time, trace.began_at)
    _set_moment(message.end_time, trace.began_at + trace.duration)
    message.duration_ns = trace.duration
    message.field_execution_weight = 1.0
    message.root.SetInParent()
    if not trace.complete:
        message.is_incomplete = True
    nodes: dict[Place, Any] = {(): message.root}  # Any: messages are made when the program runs
    for span in trace.spans:
        node = _node(nodes, span.path)
        node.type, node.parent_type, node.start_time = span.type, span.parent_type, span.began
        if span.path[-1] != span.name:
            node.original_field_name = span.name
        if span.ended is not None:
            node.end_time = span.ended
    for error in errors:
        _add_error(nodes[_known(nodes, tuple(error.get("path", ())))], error, trace)
    return b64encode(message.SerializeToString()).decode("ascii")


def _node(nodes: dict[Place, Any], path: Place) -> Any:  # Any: a message
    """The node of a place, made with those that it lies in."""
    if path not in nodes:
        made = _node(nodes, path[:-1]).child.add()
        if isinstance(path[-1], int):
            made.index = path[-1]
        else:
            made.response_name = path[-1]
        nodes[path] = made
    return nodes[path]


def _known(nodes: Mapping[Place, object], path: Place) -> Place:
    """The place of an error, or what it lies in: an operation that was refused has the root alone."""
    while path not in nodes:
        path = path[:-1]
    return path


def _add_error(node: Any, error: Answered, trace: Trace) -> None:  # Any: a message
    told = node.error.add(
        message=error["message"], json=orjson.dumps(error, default=str).decode(), time_ns=trace.duration
    )
    for place in error.get("locations", ()):
        told.location.add(line=place["line"], column=place["column"])


def _set_moment(moment: Any, nanoseconds: int) -> None:  # Any: a message
    moment.seconds, moment.nanos = divmod(nanoseconds, SECOND)


def _classes() -> Mapping[str, type[Message]]:
    file = FileDescriptorProto(name="influents/ftv1.proto", package=FORMAT, syntax="proto2")
    file.message_type.extend(_described(name, fields) for name, fields in _MESSAGES.items())
    pool = DescriptorPool()
    pool.Add(file)
    return {name: GetMessageClass(pool.FindMessageTypeByName(f"{FORMAT}.{name}")) for name in _MESSAGES}


def _described(name: str, fields: Mapping[str, tuple[int, str]]) -> DescriptorProto:
    described = DescriptorProto(name=name)
    for field, (number, kind) in fields.items():
        each = described.field.add(name=field, number=number)
        each.label = FieldDescriptorProto.LABEL_REPEATED if kind.endswith("*") else FieldDescriptorProto.LABEL_OPTIONAL
        if kind in _SCALARS:
            each.type = _SCALARS[kind]
        else:
            each.type, each.type_name = FieldDescriptorProto.TYPE_MESSAGE, f".{FORMAT}.{kind.rstrip('*')}"
    return described


_CLASSES = _classes()


def _new(name: str) -> Any:  # Any: a message, whose fields `_MESSAGES` names
    return _CLASSES[name]()
