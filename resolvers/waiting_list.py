"""The waiting line: who is first gets the seat that is freed (product.md, section 4)."""

from datetime import datetime

from db.work import Work
from db.writes import participations as writes
from db.writes.outbox import tell
from domain.events import Event
from domain.ids import CitizenId
from domain.notifications import NotificationKind
from domain.participations import line_moves
from resolvers.context import Context


async def promote(_: Context, work: Work, event: Event, *, now: datetime) -> list[CitizenId]:
    """Until the start, give the seats that are free to the first in line, and tell them.

    Args:
        _: The request.
        work: The unit of work that freed or added the seats; it holds the event's row, not shared.
        event: As it is now, its capacity and status included.
        now: The time of the call.

    Returns:
        Who moved up, in their order in line.
    """
    if not line_moves(event, now=now):
        return []
    capacity = event.details.capacity
    free = None if capacity is None else max(0, capacity - await writes.seats_taken(work, event.id))
    moved = await writes.move_up(work, event.id, free)
    await tell(work, moved, NotificationKind.SEAT_FREED, event_id=event.id, now=now)
    return moved
