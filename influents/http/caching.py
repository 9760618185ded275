"""Which answers caches may keep, and asking whether one is still good.

Those of queries that are known here by a hash or an id, asked by GET by nobody in particular, about what is for
everybody. Whatever else is answered is `no-store`.
"""

import hashlib
import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from starlette.requests import Request
from starlette.responses import Response

from influents.operations.asking import Operation
from schema.access import for_everybody
from schema.build import InfluentsSchema

VARY = "Accept, Accept-Language, Authorization"
KEPT = ("ETag", "Last-Modified", "Cache-Control", "Vary")
"""What is said again where the body isn't."""
_TAG = re.compile(r'(?:W/)?("[^"]*")')


class SharedAnswers:
    """Lets caches keep answers for so many seconds."""

    def __init__(self, schema: InfluentsSchema, *, seconds: int) -> None:
        self.schema = schema
        self.seconds = seconds

    def can_hold(self, operation: Operation) -> bool:
        """Whether the answer to a query of somebody whom we don't know may be somebody else's too."""
        known = operation.known
        if operation.kept and known.for_everybody is None:
            known.for_everybody = for_everybody(self.schema.core, known.document)
        return operation.kept and known.for_everybody is True

    def shared(self, request: Request, answer: Response) -> Response:
        """The answer as caches may keep it; without its body where the client has it already."""
        return shared(request, answer, seconds=self.seconds)


def shared(request: Request, answer: Response, *, seconds: int, changed: datetime | None = None) -> Response:
    """An answer as caches may keep it for so many seconds; without its body where the client has it already.

    `changed` is when what it tells changed last, where that is known.
    """
    return kept(request, answer, control=f"public, max-age={seconds}", changed=changed)


def kept(request: Request, answer: Response, *, control: str, changed: datetime | None = None) -> Response:
    """An answer as `Cache-Control` says; without its body where the client has it already."""
    tag = f'"{hashlib.sha256(answer.headers["content-type"].encode() + bytes(answer.body)).hexdigest()[:32]}"'
    answer.headers["ETag"] = tag
    answer.headers["Cache-Control"] = control
    if changed is not None:
        answer.headers["Last-Modified"] = format_datetime(changed.astimezone(UTC), usegmt=True)
    if not _has(request, tag, changed):
        return answer
    again = {name: answer.headers[name] for name in KEPT if name in answer.headers}
    return Response(status_code=304, headers=again)


def _has(request: Request, tag: str, changed: datetime | None) -> bool:
    """Whether the client has the answer: by its tag, or where it names none, by the time of its last change."""
    if "if-none-match" in request.headers:
        return not _tags(request).isdisjoint({tag, "*"})
    since = request.headers.get("if-modified-since")
    if changed is None or since is None:
        return False
    try:
        return changed.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):  # no date, or one without a zone
        return False


def _tags(request: Request) -> set[str]:
    """What `If-None-Match` names."""
    header = request.headers.get("if-none-match", "")
    return {"*"} if header.strip() == "*" else set(_TAG.findall(header))
