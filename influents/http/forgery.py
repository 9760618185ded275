"""Requests that another site's page makes its visitors' browsers send.

POST takes JSON alone, which no page may send across sites without the browser asking us first. A GET changes nothing,
and its answer can't be read from elsewhere; still, no page may have others' browsers ask questions.
"""

from collections.abc import Mapping

from influents.http.origins import Origins
from influents.operations.refusing import BadRequest

ASKED_FIRST = ("authorization", "x-requested-with", "apollo-require-preflight", "graphql-preflight")
"""With one of these, a browser asks first whether another site's page may send the request at all."""


def check_not_forged(headers: Mapping[str, str], origins: Origins) -> None:
    """Whether a GET comes from no page, from one of ours or one that may, or is one that browsers ask about first.

    Raises:
        BadRequest: another site's page may have sent it by itself.
    """
    if any(headers.get(name) for name in ASKED_FIRST):
        return
    origin = headers.get("origin")
    if origin is None:
        taken = headers.get("sec-fetch-site", "none") in {"none", "same-origin"}
    else:
        taken = origins.allows(origin, headers.get("host"))
    if not taken:
        raise BadRequest(403, "FORBIDDEN", "From another site's page, send the header X-Requested-With, or use POST.")
