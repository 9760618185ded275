"""What may be asked for by GET: queries alone, which change nothing, and none whose variables belong into no URL."""

from graphql import OperationType

from influents.operations.asking import Operation
from influents.operations.refusing import BadRequest

BY_POST_ALONE = {"evaluateInfluence"}
"""URLs are kept in histories and logs: answers to the self-assessment must not be."""


def check_readable(operation: Operation) -> None:
    """Whether an operation may come by GET.

    Raises:
        BadRequest: it may not.
    """
    if operation.kind != OperationType.QUERY:
        raise _by_post("Only queries go by GET: send this by POST.")
    if private := operation.fields & BY_POST_ALONE:
        raise _by_post(f"`{min(private)}` goes by POST alone: what it is asked with belongs into no URL.")


def _by_post(message: str) -> BadRequest:
    return BadRequest(405, "METHOD_NOT_ALLOWED", message, headers={"Allow": "POST"})
