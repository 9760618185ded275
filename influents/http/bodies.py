"""Reading the body of a request, bounded in size and time."""

import asyncio
import re

from starlette.requests import ClientDisconnect, Request

from influents.operations.refusing import BadRequest

BODY_SECONDS = 5.0
_JSON = re.compile(r'\s*application/json\s*(;\s*charset\s*=\s*"?utf-?8"?\s*)?', re.IGNORECASE)


def check_media_type(request: Request) -> None:
    """Whether the body of a POST is one that can be read, known before it is.

    Raises:
        BadRequest: it isn't JSON in UTF-8, or compressed.
    """
    sent = request.headers.get("content-type", "")
    if not _JSON.fullmatch(sent) or request.headers.get("content-encoding", "identity").lower() != "identity":
        raise BadRequest(
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            "Send application/json, in UTF-8, not compressed.",
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
        )


async def body(request: Request, *, maximum: int) -> bytes:
    """The body, where it has `maximum` bytes at most; no more than that is ever held.

    Raises:
        BadRequest: it is larger, slow, or breaks off.
    """
    too_large = BadRequest(413, "PAYLOAD_TOO_LARGE", f"A request has {maximum} bytes at most.")
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared[: len(str(maximum)) + 1]) > maximum:
        raise too_large
    read = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                if len(read) + len(chunk) > maximum:
                    raise too_large
                read += chunk
    except TimeoutError:
        raise BadRequest(408, "REQUEST_TIMEOUT", f"A request is sent within {BODY_SECONDS:g} seconds.") from None
    except ClientDisconnect:
        raise BadRequest(400, "BAD_REQUEST", "The request broke off.") from None
    return bytes(read)
