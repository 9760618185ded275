"""Corrections of a citizen's points by moderators (product.md, section 2)."""

from collections.abc import Iterator

from domain import fields
from domain.refusals import Refusal, RefusalCode

LARGEST = 100_000


class OwnInfluence(Refusal):
    """Moderators never adjust their own points."""

    code = RefusalCode.NOT_ALLOWED


class NothingToAdjust(Refusal):
    """Zero points correct nothing."""

    code = RefusalCode.OUT_OF_RANGE


def check_adjustment(points: int, reason: str) -> Iterator[Refusal]:
    """An adjustment gives or takes something, within bounds, and says why: everybody may read it."""
    if points == 0:
        yield NothingToAdjust("points", maximum=LARGEST)
    yield from fields.number(points, "points", minimum=-LARGEST, maximum=LARGEST)
    yield from fields.text(reason, "reason", minimum=3, maximum=500)
