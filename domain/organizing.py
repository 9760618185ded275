"""When organising an event brings points (product.md, section 2)."""

from datetime import datetime, timedelta

from domain.policy import Policy

COMES_BACK_WITHIN = timedelta(days=30)
"""How long an award that was taken back can be given again."""


def deserved(
    *,
    took_place: bool,
    counted: int,
    erased: int,
    stands: bool,
    taken_back_at: datetime | None,
    policy: Policy,
    now: datetime,
) -> bool:
    """Whether the organiser of an event should have the award now.

    Args:
        took_place: The event is completed, and was not annulled.
        counted: Confirmed participants with a verified address who have attended another organiser's event.
        erased: Confirmed participants whose account is gone: they keep an award, and give none.
        stands: Whether the award stands as it is.
        taken_back_at: When it was last taken back; None where it never was.
        policy: The one in force when the event began.
        now: The time of the question.
    """
    needed = policy.organizing_minimum_participants
    if not took_place:
        return False
    if stands:
        return counted + erased >= needed
    in_time = taken_back_at is None or now - taken_back_at <= COMES_BACK_WITHIN
    return counted >= needed and in_time
