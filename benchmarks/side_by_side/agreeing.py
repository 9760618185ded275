"""Whether servers answer the same: what is named or packed in another way is made one, the rest must be equal."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any  # JSON

from benchmarks.side_by_side.loading import answer
from benchmarks.side_by_side.questions import Body, Dialect
from benchmarks.side_by_side.variants import Variant

_KEY = re.compile(r"(?:[a-z]+_)?([0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12})")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")
_HUNDREDTH = 0.0101
_MERGED = ("influence", "feedbackSummary")
_NAMED = ("rank",)


class Different(Exception):  # noqa: N818
    """Two servers answered differently; the message is one line with the first difference."""


async def compare(question: str, variants: Sequence[Variant], bodies: Mapping[Dialect, Sequence[Body]]) -> int:
    """Ask everybody the same, and hold the answers against each other; how many were.

    Args:
        question: What it is called.
        variants: Who is asked; the first is right.
        bodies: What is sent, by dialect.
    """
    first, *others = variants
    asked = list(zip(*bodies.values(), strict=True))
    for number in range(len(asked)):
        answers = {
            each.name: read(await answer(each.port, bodies[each.dialect][number], who=each.name), each.name)
            for each in variants
        }
        for other in others:
            found = difference(answers[first.name], answers[other.name])
            if found:
                raise Different(f"{question}: {other.name} answers otherwise than {first.name}: {found}")
    return len(asked)


def read(body: bytes, who: str) -> Any:
    """An answer's data as it is compared.

    Raises:
        Different: it has errors.
    """
    told = json.loads(body)
    if told.get("errors"):
        raise Different(f"{who} answers errors: {json.dumps(told['errors'])[:300]}")
    return plain(told["data"])


def plain(value: Any) -> Any:
    """A value without what is each server's own: edges, ids' forms, cursors, zones, where a level stands."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return _plain_object(value)
    if isinstance(value, str):
        return _plain_text(value)
    return value


def _plain_object(value: dict[str, Any]) -> Any:
    if set(value) == {"edges"}:
        return plain(value["edges"])
    if set(value) == {"node"}:
        return plain(value["node"])
    found: dict[str, Any] = {}
    for name, each in value.items():
        if name in _MERGED and isinstance(each, dict):
            found |= plain(each)
        elif name in _NAMED and isinstance(each, dict):
            found[name] = each["label"]
        elif name == "_entities":  # PostGraphile answers a set: in what order is the client's business
            found[name] = sorted(map(plain, each), key=json.dumps)
        elif name in ("cursor", "endCursor"):
            found[name] = each is not None
        else:
            found[name] = plain(each)
    return found


def _plain_text(value: str) -> str:
    if key := _KEY.fullmatch(value):
        return key[1].replace("-", "")
    if _MOMENT.fullmatch(value):
        # JavaScript's dates have no microseconds, which rows of an earlier run's mutations do
        return datetime.fromisoformat(value).astimezone(UTC).isoformat(timespec="milliseconds")
    return value


def difference(right: Any, other: Any, path: str = "data") -> str | None:
    """Where two values differ first, and how; None where they don't."""
    if isinstance(right, dict) and isinstance(other, dict):
        if right.keys() != other.keys():
            return f"{path} has {sorted(other)} instead of {sorted(right)}"
        pairs = [(f"{path}.{name}", right[name], other[name]) for name in right]
    elif isinstance(right, list) and isinstance(other, list):
        if len(right) != len(other):
            return f"{path} has {len(other)} items instead of {len(right)}"
        pairs = [(f"{path}[{place}]", one, two) for place, (one, two) in enumerate(zip(right, other, strict=True))]
    elif isinstance(right, float) and isinstance(other, float):
        # Two decimals are told: half of a hundredth goes up by one hand and down by another.
        return None if abs(right - other) < _HUNDREDTH else f"{path} is {other} instead of {right}"
    else:
        same = right == other and isinstance(right, bool) == isinstance(other, bool)
        return None if same else f"{path} is {other!r} instead of {right!r}"
    return next((found for where, one, two in pairs if (found := difference(one, two, where))), None)
