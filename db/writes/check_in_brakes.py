"""The brake on guessing check-in codes. Right under the lock of the citizen's totals."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from db.tables import check_in_brake
from db.work import Work
from domain.check_in_brake import Brake
from domain.ids import CitizenId, EventId


async def keep(work: Work, citizen_id: CitizenId, event_id: EventId, brake: Brake) -> None:
    values = {"wrong_codes": brake.wrong_codes, "closed_until": brake.closed_until}
    row = {"citizen_id": citizen_id, "event_id": event_id, **values}
    kept = insert(check_in_brake).values(row)
    await work.execute(kept.on_conflict_do_update(index_elements=["citizen_id", "event_id"], set_=values))


async def release(work: Work, citizen_id: CitizenId, event_id: EventId) -> None:
    """Forget the guesses: the right code was given."""
    held = check_in_brake.c
    await work.execute(sa.delete(check_in_brake).where(held.citizen_id == citizen_id, held.event_id == event_id))
