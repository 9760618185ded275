"""Reading the body of a request, bounded in size and time."""

import re
from collections.abc import Mapping

from starlette.types import Receive

from influents.operations.refusing import BadRequest
from influents.patience import Within

BODY_SECONDS = 5.0
_JSON = re.compile(r'\s*application/json\s*(;\s*charset\s*=\s*"?utf-?8"?\s*)?', re.IGNORECASE)


def check_media_type(headers: Mapping[str, str]) -> None:
    """Whether the body of a POST is one that can be read, known before it is.

    Raises:
        BadRequest: it isn't JSON in UTF-8, or compressed.
    """
    sent = headers.get("content-type", "")
    if not _JSON.fullmatch(sent) or headers.get("content-encoding", "identity").lower() != "identity":
        raise BadRequest(
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            "Send application/json, in UTF-8, not compressed.",
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
        )


async def body(receive: Receive, headers: Mapping[str, str], *, maximum: int) -> bytes:
    """The body, where it has `maximum` bytes at most; no more than that is ever held.

    Raises:
        BadRequest: it is larger, slow, or breaks off.
    """
    declared = headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared[: len(str(maximum)) + 1]) > maximum:
        raise _too_large(maximum)
    try:
        with Within(BODY_SECONDS):
            return await _read(receive, maximum)
    except TimeoutError:
        raise BadRequest(408, "REQUEST_TIMEOUT", f"A request is sent within {BODY_SECONDS:g} seconds.") from None


async def _read(receive: Receive, maximum: int) -> bytes:
    read, more = bytearray(), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BadRequest(400, "BAD_REQUEST", "The request broke off.")
        chunk, more = message.get("body", b""), message.get("more_body", False)
        if len(read) + len(chunk) > maximum:
            raise _too_large(maximum)
        read += chunk
    return bytes(read)


def _too_large(maximum: int) -> BadRequest:
    return BadRequest(413, "PAYLOAD_TOO_LARGE", f"A request has {maximum} bytes at most.")
