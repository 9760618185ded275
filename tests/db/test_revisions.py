"""Revisions rise with what is shown, never fall, and are nobody's to set."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from db.engine import Database
from db.revisions import SHOWN
from db.tables import event, participation
from domain.events import EventStatus
from domain.participations import ParticipationStatus
from tests.rows import citizen_row, event_row, keep, participation_row

UNSEEN = {
    "id",
    "by_verified",
    "check_in_secret",
    "created_at",
    "external_id",
    "outcome_published_at",
    "published_at",
    "rejection_reason",
    "revision",
    "submitted_at",
    "updated_at",
    "words",
    "worth",
}


async def changed(database: Database, **values: object) -> int:
    async with database.unit_of_work() as work:
        await work.execute(sa.update(event).values(**values))
        return int(await work.scalar(sa.select(event.c.revision)) or 0)


async def test_a_revision_rises_with_each_change_that_shows_and_with_no_other(empty: Database) -> None:
    proposer = citizen_row()
    await keep(empty, proposer)
    await keep(empty, event_row(proposer.id))
    assert await changed(empty, title="Un titre") == 1
    assert await changed(empty, title="Un titre") == 1
    assert await changed(empty, ends_at=event.c.ends_at + timedelta(hours=1)) == 2
    assert await changed(empty, updated_at=sa.func.now(), by_verified=True, worth=10) == 2
    assert await changed(empty, status=EventStatus.CANCELLED, cancellation_reason="Il pleut") == 3
    assert await changed(empty, capacity=3, status=EventStatus.PUBLISHED) == 4
    assert await changed(empty, capacity=None) == 5


@pytest.mark.parametrize("written", [0, -1, 1_000])
async def test_nobody_writes_a_revision(empty: Database, written: int) -> None:
    proposer = citizen_row()
    await keep(empty, proposer)
    await keep(empty, event_row(proposer.id))
    assert await changed(empty, title="Un titre") == 1
    assert await changed(empty, revision=written) == 1
    assert await changed(empty, revision=written, title="Un autre") == 2


async def test_a_participations_revision_rises_with_its_status_alone(empty: Database) -> None:
    somebody, proposer = citizen_row(), citizen_row()
    await keep(empty, somebody, proposer)
    planned = event_row(proposer.id)
    await keep(empty, planned)
    await keep(empty, participation_row(somebody.id, planned.id))
    for values, revision in (
        ({"listed": False}, 0),
        ({"status": ParticipationStatus.CANCELLED}, 1),
        ({"status": ParticipationStatus.CANCELLED, "revision": 0}, 1),
        ({"status": ParticipationStatus.REGISTERED, "revision": 0}, 2),
    ):
        async with empty.unit_of_work() as work:
            await work.execute(sa.update(participation).values(**values))
            assert await work.scalar(sa.select(participation.c.revision)) == revision


def test_every_column_of_an_event_is_shown_or_is_not() -> None:
    assert set(SHOWN) | UNSEEN == set(event.c.keys())
    assert not set(SHOWN) & UNSEEN
